"""Two warehouses with different books on one RabbitMQ, and an older copy of the same books."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pika
import pytest

from messaging.commands import main
from messaging.contract import topology
from messaging.contract.codec import all_at
from messaging.contract.topology import BOOKS_RECORD_QUEUE, NEW_ORDERS_QUEUE
from messaging.domain.notices import Notice
from messaging.domain.orders import Order, OrderStatus, new_order, new_order_id, now
from messaging.history.records import OrderState
from messaging.ports import Phase
from messaging.runtime.profiles import Profile
from messaging.warehouse.books import claim
from messaging.warehouse.books.broker_record import BooksRecord, newest
from messaging.warehouse.records import Event
from messaging.warehouse.relay import event_message, stock_messages
from tests.helpers.accounts import warehouse_account
from tests.helpers.admin import Admin
from tests.helpers.amqp import depth, publish
from tests.helpers.services import Shop, Told
from tests.helpers.waiting import eventually


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path / "one", broker_url)


@pytest.fixture
def other(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path / "other", broker_url)


@pytest.fixture
def alice(shop: Shop) -> Profile:
    return shop.profile()


def is_refused(told: Told, words: str) -> bool:
    last = told.states[-1] if told.states else None
    return last is not None and last.phase is Phase.OTHER_BOOKS and words in last.reason


def is_in(order: Order, state: OrderState) -> Callable[[Told], bool]:
    return lambda told: order.identity in told.orders and told.orders[order.identity].state is state


def decided(shop: Shop, alice: Profile, count: int = 1) -> list[Order]:
    """Orders that a warehouse which runs now has settled."""
    orders = [new_order(alice.user_id, [("laptop", 1)]) for _ in range(count)]
    with shop.client(alice) as (client, told):
        client.place_many([("", order) for order in orders]).result(10)
        for order in orders:
            told.until(is_in(order, OrderState.PROCESSED))
    return orders


def record(url: str) -> BooksRecord:
    """The one that counts."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    bodies = []
    channel = connection.channel()
    while (got := channel.basic_get(BOOKS_RECORD_QUEUE.name))[0] is not None:
        bodies.append(got[2])
    connection.close()
    found = newest(bodies)
    assert found is not None
    return found


def books_of(shop: Shop) -> list[str]:
    return [order.identity for order in shop.look(lambda store: store.orders.page())]


def test_a_second_warehouse_with_other_books_takes_nothing_and_says_so(shop: Shop, other: Shop, alice: Profile) -> None:
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        with other.warehouse() as (_, refused):
            refused.until(lambda t: is_refused(t, "is served with other books (made "))
            refused.until(lambda t: any("--take-over" in str(error) for error in t.errors))
            orders = decided(shop, alice, 20)
    assert len(books_of(shop)) == len(orders)
    assert books_of(other) == []


def test_it_takes_nothing_either_while_no_other_warehouse_runs(shop: Shop, other: Shop, alice: Profile) -> None:
    with shop.warehouse():
        decided(shop, alice)
    with other.warehouse() as (_, refused), shop.client(alice) as (client, told):
        refused.until(lambda t: is_refused(t, "other books"))
        order = new_order(alice.user_id, [("laptop", 1)])
        client.place(order).result(10)
        told.until(is_in(order, OrderState.ACCEPTED))
        assert depth(shop.url, NEW_ORDERS_QUEUE.name) == 1
    with shop.warehouse() as (_, done):
        done.until(lambda t: len(t.done) == 1)
    assert books_of(other) == []


def test_told_to_take_over_it_serves_and_the_first_one_stops(
    shop: Shop, other: Shop, alice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "POLL", 0.1)
    monkeypatch.setattr(claim, "SELDOM", 0.2)
    before = other.look(lambda store: store.identity())
    with shop.warehouse() as (_, first):
        first.until(lambda t: t.is_ready)
        with other.warehouse() as (desk, second):
            second.until(lambda t: is_refused(t, "other books"))
            assert desk.take_over().result(10) is True
            second.until(lambda t: t.is_ready)
            first.until(lambda t: is_refused(t, "other books"))
            assert desk.take_over().result(10) is False
            decided(other, other.profile("bob"))
    after = other.look(lambda store: store.identity())
    assert after.id != before.id
    assert after.replaces.split()[1:] == [shop.look(lambda store: store.identity()).id, before.id]
    assert record(shop.url).books == after.id


def test_take_over_as_an_argument_is_meant_once(shop: Shop, other: Shop) -> None:
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
    with other.warehouse(take_over=True) as (_, told):
        told.until(lambda t: t.is_ready)
    with shop.warehouse() as (_, told):
        told.until(lambda t: is_refused(t, "other books"))
    with other.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)


def test_a_record_that_another_holds_just_then_is_waited_for(shop: Shop, other: Shop) -> None:
    """As RabbitMQ holds it for a connection that ends."""
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
    holder = pika.BlockingConnection(pika.URLParameters(shop.url))
    assert holder.channel().basic_get(BOOKS_RECORD_QUEUE.name)[0] is not None
    with other.warehouse(take_over=True) as (_, told):
        told.until(lambda t: any(state.phase is Phase.CONNECTING for state in t.states))
        holder.close()
        told.until(lambda t: t.is_ready)
        eventually(lambda: other.look(lambda store: store.identity()).replaces)
    assert shop.look(lambda store: store.identity()).id in other.look(lambda store: store.identity()).replaces


def test_an_older_copy_of_the_books_is_noticed_before_any_order_is_taken(shop: Shop, alice: Profile) -> None:
    file = shop.settings.folder.warehouse
    with shop.warehouse():
        decided(shop, alice)
    shutil.copy(file, file.with_name("backup"))
    with shop.warehouse():
        decided(shop, alice, 3)
    shutil.copy(file.with_name("backup"), file)
    with shop.client(alice) as (client, told):
        order = new_order(alice.user_id, [("laptop", 1)])
        client.place(order).result(10)
        told.until(is_in(order, OrderState.ACCEPTED))
        with shop.warehouse() as (desk, refused):
            refused.until(lambda t: is_refused(t, "older copy: they end with event 1, and event 4 was told"))
            assert depth(shop.url, NEW_ORDERS_QUEUE.name) == 1
            assert desk.take_over().result(10) is True
            told.until(is_in(order, OrderState.PROCESSED))
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)


def test_the_same_books_are_served_by_several_and_again_after_a_restart(shop: Shop, alice: Profile) -> None:
    for _ in range(2):
        with shop.warehouse() as (_, first), shop.warehouse() as (_, second):
            first.until(lambda t: t.is_ready)
            second.until(lambda t: t.is_ready)
            decided(shop, alice, 5)
    found = record(shop.url)
    assert (found.books, found.seq) == (shop.look(lambda store: store.identity()).id, 10)


def test_who_takes_the_record_for_lost_gives_way_to_who_served_before(
    shop: Shop, other: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where two begin at once, or one holds the record for too long."""
    monkeypatch.setattr(claim, "POLL", 0.1)
    monkeypatch.setattr(claim, "SELDOM", 0.2)
    with shop.warehouse() as (_, first):
        first.until(lambda t: t.is_ready)
        eventually(lambda: _writes(shop) > 2)
        theirs = other.look(lambda store: store.identity())
        young = BooksRecord(theirs.id, theirs.made_at, 0, theirs.made_at, "till-2")
        publish(shop.url, "", BOOKS_RECORD_QUEUE.name, [msgspec.json.encode(young)])
        with other.warehouse() as (_, second):
            second.until(lambda t: is_refused(t, "other books"))
            assert first.is_ready


def _writes(shop: Shop) -> int:
    connection = pika.BlockingConnection(pika.URLParameters(shop.url))
    method, _properties, body = connection.channel().basic_get(BOOKS_RECORD_QUEUE.name)
    connection.close()
    return msgspec.json.decode(body, type=BooksRecord).writes if method and body else 0


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b'{"books": "x"}', b"[" * 5000])
def test_what_is_no_record_is_nobodys(shop: Shop, body: bytes) -> None:
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
    record_of_before = record(shop.url)
    with shop.client(shop.profile()) as (_, told):
        told.until(lambda t: t.is_ready)
    publish(shop.url, "", BOOKS_RECORD_QUEUE.name, [body])
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        assert not told.errors
    assert record(shop.url).books == record_of_before.books


def forged(**others: object) -> bytes:
    """A record as somebody who may write it, but is no warehouse, would leave it."""
    found = BooksRecord("other-books", now(), 1, now(), "elsewhere")
    return msgspec.json.encode(msgspec.structs.replace(found, **others))


@pytest.mark.parametrize(
    "others",
    [{"replaces": "x" * 2000}, {"replaces": " ".join(["y" * 60] * 33)}, {"writes": 2**63 - 1}, {"seq": 2**63 - 1}],
    ids=["one id without end", "many ids", "written most often", "the highest event"],
)
def test_taking_over_from_a_forged_record_leaves_one_that_can_be_read(
    shop: Shop, alice: Profile, others: dict[str, object]
) -> None:
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
    publish(shop.url, "", BOOKS_RECORD_QUEUE.name, [forged(**{"writes": 1000, **others})])
    with shop.warehouse() as (_, told):
        told.until(lambda t: is_refused(t, "other books"))
    with shop.warehouse(take_over=True) as (_, told):
        told.until(lambda t: t.is_ready)
        decided(shop, alice)  # it takes stock and notices from them
    mine = shop.look(lambda store: store.identity())
    assert record(shop.url).books == mine.id


def test_a_listener_that_has_heard_more_than_the_books_hold_is_a_sign_too(shop: Shop, alice: Profile) -> None:
    with shop.history(alice) as history:
        history.ask(lambda store: store.books.set_caught_up_to(7)).result(10)
    with shop.warehouse() as (_, told), shop.listener(alice):
        told.until(lambda t: any("heard of event 7, and these books end with event 0" in str(e) for e in t.errors))


def stock_of(told: Told) -> int:
    return told.levels["laptop"].on_hand if "laptop" in told.levels else -1


def test_clients_take_stock_and_notices_from_the_books_they_follow_until_others_take_their_place(
    shop: Shop, other: Shop, alice: Profile
) -> None:
    other.look(lambda store: store.stock.adjust("laptop", 70, "counted"))
    theirs = other.look(lambda store: store.stock.levels(["laptop"]))
    stranger = other.look(lambda store: store.identity())
    with shop.client(alice) as (client, told), shop.listener(alice) as (_, heard):
        with shop.warehouse() as (desk, _):
            mine = new_order(alice.user_id, [("laptop", 1)])
            client.place(mine).result(10)
            told.until(is_in(mine, OrderState.PROCESSED))
            told.until(lambda t: stock_of(t) == 25)
            forged = stock_messages(theirs, full=False, books=stranger)[0]
            notice = Event(1, Notice(new_order_id(), alice.user_id, (), now(), OrderStatus.SHIPPED, event_id="forged"))
            publish(shop.url, topology.INVENTORY.name, forged.key, [forged.body])
            strange = event_message(notice, stranger)
            publish(shop.url, strange.exchange, strange.key, [strange.body])
            told.until(lambda t: any(f"other books ({stranger.id[:8]})" in str(e) for e in t.errors))
            desk.publish_events()
            assert stock_of(told) == 25
        with other.warehouse(take_over=True):
            told.until(lambda t: stock_of(t) == 95)
            yours = new_order(alice.user_id, [("laptop", 1)])
            client.place(yours).result(10)
            told.until(is_in(yours, OrderState.PROCESSED))
            told.until(lambda t: stock_of(t) == 95)
            heard.until(lambda t: yours.identity in {kept.notice.identity for kept in t.notices})
        assert {kept.notice.event_id for kept in heard.notices}.isdisjoint({"forged"})
        assert len(heard.notices) == 2


def purge_record(url: str) -> None:
    """As where the node's data were emptied, but its name stayed."""
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        connection.channel().queue_purge(BOOKS_RECORD_QUEUE.name)


def says(words: str) -> Callable[[Told], bool]:
    return lambda told: any(words in str(error) for error in told.errors)


def test_new_books_without_a_record_of_the_old_ones_are_followed_once_told_to_take_over(
    shop: Shop, other: Shop, alice: Profile
) -> None:
    with shop.warehouse():
        decided(shop, alice, 2)
    purge_record(shop.url)
    with shop.client(alice) as (client, told), shop.listener(alice) as (_, heard):
        order = new_order(alice.user_id, [("laptop", 1)])
        with other.warehouse() as (_, served):
            client.place(order).result(10)
            served.until(lambda t: len(t.done) == 1)
            told.until(says("Another warehouse with other books"))
            heard.until(says("warehouse --take-over"))
            assert told.orders[order.identity].state is OrderState.ACCEPTED
        with other.warehouse(take_over=True):
            told.until(is_in(order, OrderState.PROCESSED))
            told.until(says("has taken over"))
            heard.until(lambda t: order.identity in {kept.notice.identity for kept in t.notices})
    renewed = other.look(lambda store: store.identity())
    with other.warehouse(take_over=True):
        decided(shop, alice)
    assert other.look(lambda store: store.identity()).id == renewed.id


def test_who_serves_new_books_unopposed_can_take_over_too_while_it_runs(
    shop: Shop, other: Shop, alice: Profile
) -> None:
    with shop.warehouse():
        decided(shop, alice)
    purge_record(shop.url)
    with shop.client(alice) as (client, told), other.warehouse() as (desk, served):
        served.until(lambda t: t.is_ready)
        told.until(says("Another warehouse with other books"))
        assert desk.take_over().result(10) is True
        told.until(says("has taken over"))
        order = new_order(alice.user_id, [("laptop", 1)])
        client.place(order).result(10)
        told.until(is_in(order, OrderState.PROCESSED))
        assert served.is_ready
        assert desk.take_over().result(10) is False
    mine = other.look(lambda store: store.identity())
    assert record(shop.url).books == mine.id


def test_a_warehouse_of_the_same_books_tells_of_them_too_after_another_has_taken_over(
    shop: Shop, other: Shop, alice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "POLL", 0.1)
    with shop.warehouse():
        decided(shop, alice)
    purge_record(shop.url)
    with other.warehouse() as (_, first), shop.client(alice) as (_, told):
        first.until(lambda t: t.is_ready)
        told.until(says("Another warehouse with other books"))
        with other.warehouse(take_over=True) as (_, second):
            second.until(lambda t: t.is_ready)
            told.until(says("has taken over"))
        seen = len(told.errors)
        other.look(lambda store: store.stock.adjust("laptop", 70, "counted"))
        told.until(lambda t: stock_of(t) == 95)
        assert told.errors[seen:] == []


def test_nothing_leads_back_to_books_that_were_left(shop: Shop, other: Shop, tmp_path: Path, alice: Profile) -> None:
    third = Shop(tmp_path / "third", shop.url)
    third.look(lambda store: store.stock.adjust("laptop", 70, "counted"))
    with shop.warehouse():
        decided(shop, alice)
    purge_record(shop.url)
    with shop.client(alice) as (_, told):
        with other.warehouse(take_over=True):
            told.until(says("has taken over"))
        left, theirs = other.look(lambda store: (store.identity(), store.stock.levels(["laptop"])))
        with third.warehouse(take_over=True):
            told.until(lambda t: stock_of(t) == 95)
            for books in (left, msgspec.structs.replace(left, id="nobody", replaces=all_at("elsewhere//"))):
                message = stock_messages(theirs, full=False, books=books)[0]
                publish(shop.url, topology.INVENTORY.name, message.key, [message.body])
                told.until(says(f"other books ({books.id[:8]}) answers"))
            assert stock_of(told) == 95
            third.look(lambda store: store.stock.adjust("laptop", 1, "counted"))
            told.until(lambda t: stock_of(t) == 96)


def test_who_was_away_while_the_books_changed_twice_comes_along(
    shop: Shop, other: Shop, tmp_path: Path, alice: Profile
) -> None:
    third = Shop(tmp_path / "third", shop.url)
    with shop.warehouse():
        decided(shop, alice, 2)
    for warehouse in (other, third):
        with warehouse.warehouse(take_over=True) as (_, told):
            told.until(lambda t: t.is_ready)
    with third.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        assert len(decided(shop, alice)) == 1


def test_a_listener_follows_other_books_at_another_broker(shop: Shop, alice: Profile) -> None:
    with shop.history(alice) as history:
        ask = history.ask
        assert ask(lambda store: store.books.followed("rabbit@a//")).result(10) == ""
        ask(lambda store: store.books.set_caught_up_to(7)).result(10)
        ask(lambda store: store.books.follow("rabbit@a//", "one")).result(10)
        assert ask(lambda store: store.books.caught_up_to()).result(10) == 7, "a history of before has counted the same"
        ask(lambda store: store.books.follow("rabbit@b//", "two")).result(10)
        assert ask(lambda store: store.books.caught_up_to()).result(10) == 0
        ask(lambda store: store.books.set_caught_up_to(9, "one")).result(10)
        assert ask(lambda store: store.books.caught_up_to()).result(10) == 0, "they are not followed now"
        ask(lambda store: store.books.set_caught_up_to(9, "two")).result(10)
        assert ask(lambda store: store.books.followed("rabbit@b//")).result(10) == "two"
        assert ask(lambda store: store.books.caught_up_to()).result(10) == 9
        assert ask(lambda store: store.books.followed("rabbit@a//")).result(10) == "one"
        assert ask(lambda store: store.books.caught_up_to()).result(10) == 0


def doctor(shop: Shop, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """What it says of the books."""
    code = main(["doctor", "--broker", shop.url, "--data-dir", str(shop.folder)])
    lines = capsys.readouterr().out.splitlines()
    return code, "\n".join(line for n, line in enumerate(lines) if "books:" in f"{lines[n - 1]}{line}")


def test_the_doctor_says_whose_books_are_served(
    shop: Shop, other: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = Shop(tmp_path / "nowhere", shop.url)
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        other.look(lambda store: store.identity())
        for _ in range(3):
            code, words = doctor(shop, capsys)
            assert "ok       books: RabbitMQ is served with these books" in words
            code, words = doctor(other, capsys)
            assert code == 1
            assert "problem  books: This RabbitMQ is served with other books (made " in words
            assert "--take-over" in words
            code, words = doctor(nowhere, capsys)
            assert "ok       books: RabbitMQ is served with books made " in words
    assert not nowhere.settings.folder.warehouse.exists()
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)


def test_the_doctor_finds_nothing_wrong_with_a_broker_that_nobody_has_served(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    with shop.client(shop.profile()) as (_, told):
        told.until(lambda t: t.is_ready)
    _code, words = doctor(shop, capsys)
    assert "ok       books: No warehouse has served this RabbitMQ yet" in words


def test_an_account_of_before_that_may_not_see_the_record_serves_and_says_so(
    shop: Shop, alice: Profile, admin: Admin, vhost: str, tmp_path: Path
) -> None:
    with shop.client(alice) as (_, told):
        told.until(lambda t: t.is_ready)  # the operator has made the queues
    name = f"store-{vhost[-6:]}"
    with warehouse_account(admin, shop.url, name) as url:
        exchanges = "notification_exchange|inventory_exchange|new_orders_exchange|amq.default"
        admin.permit(vhost, name, "^$", f"^({exchanges})$", f"^({'|'.join(q.name for q in topology.QUEUES)})$")
        store = Shop(tmp_path / "store", url)
        with store.warehouse() as (_, told):
            told.until(lambda t: t.is_ready)
            told.until(lambda t: ["cannot be checked" in str(error) for error in t.errors] == [True])
            decided(shop, alice)


@pytest.mark.parametrize("while_it_runs", [False, True])
def test_such_an_account_is_followed_too_once_told_to_take_over(
    while_it_runs: bool, shop: Shop, alice: Profile, admin: Admin, vhost: str
) -> None:
    with shop.warehouse():
        decided(shop, alice)
    name = f"store-{vhost[-6:]}"
    with warehouse_account(admin, shop.url, name) as url:
        exchanges = "notification_exchange|inventory_exchange|new_orders_exchange|amq.default"
        admin.permit(vhost, name, "^$", f"^({exchanges})$", f"^({'|'.join(q.name for q in topology.QUEUES)})$")
        store = Shop(shop.folder.parent / "store", url)
        with shop.client(alice) as (_, told):
            with store.warehouse() as (desk, _):
                told.until(says("Another warehouse with other books"))
                if while_it_runs:
                    assert desk.take_over().result(10) is True
                    told.until(says("has taken over"))
            with store.warehouse(take_over=not while_it_runs):
                told.until(says("has taken over"))
                decided(shop, alice)
