"""A window with client and listener hears each notice once, over one queue, whoever of both is there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from messaging.client import resender
from messaging.client.service import ClientService
from messaging.contract import codec, topology
from messaging.domain.orders import Order, new_order
from messaging.history import subscription
from messaging.history.history import History
from messaging.history.records import OrderState
from messaging.notifications.service import NotificationsService
from messaging.ports import Phase
from messaging.runtime.profiles import Profile
from messaging.telemetry.metrics import Count, Metrics
from tests.helpers.admin import Admin
from tests.helpers.amqp import publish
from tests.helpers.services import Shop, Told, in_thread
from tests.helpers.stores import newest_notices
from tests.helpers.waiting import eventually
from tests.integration.test_sent_again import accepted, is_each, purge

ROLES = ("client", "listener")


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


class Window:
    """Roles that share one history and one count."""

    def __init__(self, shop: Shop, alice: Profile, history: History) -> None:
        self.shop, self.alice, self.history = shop, alice, history
        self.metrics = Metrics()

    @contextmanager
    def role(self, name: str) -> Iterator[Told]:
        told = Told()
        kind = ClientService if name == "client" else NotificationsService
        service = kind(self.alice, self.history, self.shop.broker, self.shop.settings, told, metrics=self.metrics)
        with in_thread(service.run, service.stop):
            told.until(lambda t: t.is_ready)
            yield told

    def order(self) -> Order:
        """Sent by another program of the same user."""
        order = new_order(self.alice.user_id, [("mouse", 1)])
        publish(self.shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [codec.encode(order)])
        return order

    def kept(self) -> set[str]:
        """The orders of which there are notices in the history."""
        notices = self.history.ask(lambda store: newest_notices(store, 100)).result(10)
        assert len({one.notice.event_id for one in notices}) == len(notices)
        return {one.notice.identity for one in notices}

    @property
    def heard(self) -> int:
        """Live notices."""
        return self.metrics.snapshot().counts[Count.HEARD]


@pytest.fixture
def window(shop: Shop) -> Iterator[Window]:
    alice = shop.profile()
    with shop.history(alice) as history:
        yield Window(shop, alice, history)


@pytest.fixture
def bound(admin: Admin, vhost: str) -> Callable[[], list[str]]:
    """The queues that notices are routed to now."""
    return lambda: [row["destination"] for row in admin.bindings(vhost) if row["source"] == topology.NOTIFICATIONS.name]


@pytest.mark.parametrize("roles", [ROLES, ROLES[::-1]])
def test_each_notice_is_heard_once_over_one_queue_and_told_to_both(
    window: Window, bound: Callable[[], list[str]], roles: tuple[str, ...]
) -> None:
    with window.shop.warehouse(), ExitStack() as stack:
        told = {role: stack.enter_context(window.role(role)) for role in roles}
        orders = [window.order() for _ in range(5)]
        told["listener"].until(lambda t: len(t.notices) == len(orders))
        assert len(bound()) == 1
        assert window.kept() == identities(orders)
        eventually(lambda: window.heard == len(orders))


@pytest.mark.parametrize("first", ROLES)
def test_when_the_one_that_listens_stops_the_other_takes_over_and_misses_nothing(
    window: Window, bound: Callable[[], list[str]], first: str
) -> None:
    with window.shop.warehouse(), ExitStack() as stack:
        with window.role(first):
            stack.enter_context(window.role(other(first)))
            orders = [window.order()]
            eventually(lambda: window.kept() == identities(orders))
            orders += [window.order() for _ in range(20)]  # some of their notices come while it stops
        orders.append(window.order())
        eventually(lambda: window.kept() == identities(orders))
        eventually(lambda: len(bound()) == 1)


@pytest.mark.parametrize("first", ROLES)
def test_when_the_connection_that_listens_is_cut_the_other_takes_over(
    window: Window, admin: Admin, bound: Callable[[], list[str]], first: str
) -> None:
    with window.shop.warehouse(), window.role(first) as told, window.role(other(first)):
        (before,) = eventually(bound)
        name = "client-in" if first == "client" else "notifications-in"
        for connection in eventually(lambda: named(admin, f"{window.alice.name} {name}")):
            admin.close_connection(connection)
        told.until(lambda t: Phase.WAITING in {state.phase for state in t.states})
        orders = [window.order() for _ in range(3)]
        eventually(lambda: window.kept() == identities(orders))
        told.until(lambda t: t.is_ready)
        eventually(lambda: len(bound()) == 1 and bound() != [before])


def test_the_client_learns_from_the_answers_to_the_listener_that_its_orders_are_lost(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resender, "LONG", 0.2)
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.1)
    shop = window.shop
    orders = accepted(shop, window.alice)
    purge(shop.url, topology.NEW_ORDERS_QUEUE.name)
    with window.role("listener"), window.role("client") as told, shop.warehouse():
        told.until(is_each(orders, OrderState.PROCESSED))


def other(role: str) -> str:
    return ROLES[1 - ROLES.index(role)]


def identities(orders: list[Order]) -> set[str]:
    return {order.identity for order in orders}


def named(admin: Admin, name: str) -> list[str]:
    rows = admin.connections()
    return [row["name"] for row in rows if row.get("client_properties", {}).get("connection_name") == name]
