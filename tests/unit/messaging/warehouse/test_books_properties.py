"""Whatever is done in whatever order: the books balance, and every order has one outcome."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection

from messaging.domain.orders import OnShortage, Order, OrderLine, OrderStatus
from messaging.domain.stock import reserve
from messaging.errors import WrongMove
from messaging.warehouse.inbound import reading
from messaging.warehouse.records import CatalogueRow, Incoming, Verdict
from messaging.warehouse.store.changes.decide_batch import BatchDecision
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import ALICE, TEMPLATE, an_order, cancelling, incoming
from tests.helpers.postgresql import private_database

PRODUCTS = ("lamp", "desk", "chair")
LINES = st.lists(st.tuples(st.sampled_from((*PRODUCTS, "unicorn")), st.integers(1, 9)), min_size=1, max_size=4)
ENDED = (OrderStatus.REJECTED, OrderStatus.CANCELLED)
PRODUCT = st.sampled_from(PRODUCTS)


@given(
    LINES,
    st.dictionaries(PRODUCT, st.integers(0, 20)),
    st.sampled_from(OnShortage),
)
def test_an_order_never_gets_more_than_is_free(
    lines: list[tuple[str, int]], free: dict[str, int], how: OnShortage
) -> None:
    order = an_order(*lines, on_shortage=how)
    before = dict(free)
    outcome = reserve(order, free)
    assert free == before
    assert all(units <= free[name] for name, units in outcome.taken().items())
    asked = order.needs()
    assert all(units <= asked[name] for name, units in outcome.taken().items())
    if outcome.status is OrderStatus.PROCESSED:
        assert outcome.taken() == asked
    if outcome.status is OrderStatus.REJECTED or (how is OnShortage.WAIT and outcome.status is OrderStatus.BACKORDERED):
        assert outcome.taken() == {}
    assert (outcome.status is OrderStatus.PROCESSED) == all(free.get(name, 0) >= n for name, n in asked.items())


@given(st.lists(st.binary(max_size=200), max_size=5))
@settings(max_examples=300)
def test_no_bytes_make_the_reader_fail(bodies: list[bytes]) -> None:
    for body in bodies:
        for queue in ("new_orders_queue", "order_commands_queue"):
            message = reading.read(Incoming(body, queue))
            assert (message.content is None) == bool(message.reason)


class Killed(Exception):
    """The process ends before the commit."""


class Books(RuleBasedStateMachine):
    """Orders that come once, twice, late or after their cancel; a warehouse that is killed between."""

    server = ""

    def __init__(self) -> None:
        super().__init__()
        self._things = ExitStack()
        self._url = self._things.enter_context(_new_books(self.server))
        self._store = WarehouseStore(self._url)
        self._store.stock.import_catalogue(CatalogueRow(name, 100, 10) for name in PRODUCTS)
        self._by_hand = dict.fromkeys(PRODUCTS, 10)
        self._withdrawn: set[str] = set()
        self._sent: list[Order] = []
        self._outcomes: dict[str, Verdict] = {}
        self._published: set[int] = set()

    def teardown(self) -> None:
        self._store.close()
        self._things.close()

    @rule(orders=st.lists(st.tuples(LINES, st.sampled_from(OnShortage)), min_size=1, max_size=4))
    def place(self, orders: list[tuple[list[tuple[str, int]], OnShortage]]) -> None:
        self._sent += [an_order(*lines, on_shortage=how) for lines, how in orders]

    @rule(data=st.data())
    def batch(self, data: st.DataObject) -> None:
        """Any orders that were sent, in any order, some of them again, and wishes to cancel between them."""
        for message, decided in zip(chosen := self._choose(data), self._store.decide(chosen), strict=True):
            if decided.order is not None and message.queue == "new_orders_queue":
                identity = decided.order.identity
                assert decided.repeated == (identity in self._outcomes)
                self._outcomes.setdefault(identity, decided.verdict)
                names = {line.name for line in decided.order.lines}
                assert decided.repeated or not names & self._withdrawn or decided.status in ENDED

    @rule(data=st.data())
    def killed_in_a_batch(self, data: st.DataObject) -> None:
        messages = [reading.read(one) for one in self._choose(data)]
        before = self._store.audit()

        def work(connection: Connection) -> None:
            BatchDecision(connection, messages).run()
            raise Killed

        with pytest.raises(Killed):
            self._store._transactions.write(work)
        self.restart()
        assert self._store.audit() == before

    @rule()
    def restart(self) -> None:
        self._store.close()
        self._store = WarehouseStore(self._url)

    @rule(name=PRODUCT, units=st.integers(1, 15))
    def restock(self, name: str, units: int) -> None:
        preview = self._store.stock.preview_restock(name, units)
        told = self._store.stock.restock(name, units, "delivery")
        self._by_hand[name] += units
        assert [one.order.identity for one in preview] == [event.notice.identity for event in told]

    @rule(name=PRODUCT, delta=st.integers(-6, 6).filter(bool))
    def adjust(self, name: str, delta: int) -> None:
        (level,) = self._store.stock.levels([name])
        if level.free + delta < 0:
            with pytest.raises(WrongMove):
                self._store.stock.adjust(name, delta, "")
            return
        self._store.stock.adjust(name, delta, "counted")
        self._by_hand[name] += delta

    @rule(name=PRODUCT)
    def withdraw(self, name: str) -> None:
        self._store.stock.withdraw([name])
        self._withdrawn.add(name)

    @rule(name=PRODUCT)
    def offer_again(self, name: str) -> None:
        self._store.stock.offer_again([name])
        self._withdrawn.discard(name)

    @rule(data=st.data(), to=st.sampled_from(["cancel", "ship", "take_back"]))
    def move(self, data: st.DataObject, to: str) -> None:
        if not self._outcomes:
            return
        identity = data.draw(st.sampled_from(sorted(self._outcomes)))
        try:
            self._store.orders.ship([identity]) if to == "ship" else getattr(self._store.orders, to)(identity)
        except WrongMove:
            self.restart()

    @rule(count=st.integers(1, 5))
    def publish(self, count: int) -> None:
        owed = [event.seq for event in self._store.events.unpublished(count)]
        assert not self._published & set(owed)
        self._store.events.mark_published(owed)
        self._published |= set(owed)

    @invariant()
    def the_books_balance(self) -> None:
        assert self._store.audit().gaps == ()

    @invariant()
    def no_unit_came_or_went_without_a_posting(self) -> None:
        orders = self._store.orders.page()
        for level in self._store.stock.levels(PRODUCTS):
            gone = sum(
                line.reserved
                for order in orders
                if order.status is OrderStatus.SHIPPED
                for line in order.lines
                if line.name == level.name
            )
            assert level.on_hand + gone == self._by_hand[level.name]
            assert 0 <= level.reserved <= level.on_hand

    @invariant()
    def every_outcome_is_in_the_books_and_nothing_else(self) -> None:
        assert {order.identity for order in self._store.orders.page()} == set(self._outcomes)

    @invariant()
    def what_is_not_published_is_owed(self) -> None:
        told = self._store.events.after(0, limit=1000).notices
        owed = {event.seq for event in self._store.events.unpublished(1000)}
        assert {notice.seq for notice in told} == owed | self._published
        assert not owed & self._published

    def _choose(self, data: st.DataObject) -> list[Incoming]:
        if not self._sent:
            return []
        orders = data.draw(st.lists(st.sampled_from(self._sent), max_size=6))
        cancels = data.draw(st.lists(st.booleans(), min_size=len(orders), max_size=len(orders)))
        return [
            cancelling(o) if cancel and o.user_id == ALICE else incoming(o)
            for o, cancel in zip(orders, cancels, strict=True)
        ]


@contextmanager
def _new_books(server: str) -> Iterator[str]:
    if server:
        with private_database(server, f"state-{uuid4().hex[:12]}", TEMPLATE) as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.sqlite"
        path.write_bytes(_opened_file())
        yield f"sqlite:///{path}"


@cache
def _opened_file() -> bytes:
    """A SQLite file with the newest schema: making it anew for each example would cost most of the time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.sqlite"
        WarehouseStore(f"sqlite:///{path}").open().close()
        return path.read_bytes()


def test_the_books_balance_whatever_happens(server: str) -> None:
    # A step on PostgreSQL costs ten times one on SQLite.
    examples, steps = (5, 15) if server else (15, 25)

    class Here(Books):
        pass

    Here.server = server
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_orders_that_do_not_compete_get_the_same_whatever_the_batch(server: str) -> None:
    orders = [Order(n, 7, (OrderLine("lamp", 1), OrderLine("desk", 2)), "2026") for n in range(20)]
    outcomes = []
    for size in (1, 7, 40):
        with _new_books(server) as url:
            store = WarehouseStore(url)
            store.stock.import_catalogue([CatalogueRow("lamp", 1, 20), CatalogueRow("desk", 1, 40)])
            messages = [incoming(order) for order in orders for _ in range(2)]
            for start in range(0, len(messages), size):
                store.decide(messages[start : start + size])
            outcomes.append([(order.identity, order.status) for order in store.orders.page()])
            assert store.audit().balanced
            store.close()
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert len(outcomes[0]) == 20
