"""Reasons travel and are kept as English text, and as code and parameters beside it."""

import json
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest

from messaging.contract import codec
from messaging.contract.kept_words import kept_words, message_cell
from messaging.contract.pages import shortened
from messaging.domain.notices import Notice
from messaging.domain.orders import OnShortage, OrderStatus, now
from messaging.errors import UnreadableMessage
from messaging.history.store.history_store import HistoryStore
from messaging.messages import KEPT, Message
from messaging.phrases import Words, listed, phrase
from messaging.warehouse.records import Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import ALICE, an_order, cancelling, decide, incoming, make_old_books
from tests.helpers.postgresql import private_database

SHORT = phrase("stock.asked_free", name="laptop", asked=900, left=10)
BY_USER = phrase("decide_batch.cancelled_by_its_user_words", words="too late; sorry")


def message_in(words: str) -> Message | None:
    assert isinstance(words, Words)
    return words.message


def notice_with(found: object) -> bytes:
    notice = Notice(ALICE, ALICE, (), now(), OrderStatus.REJECTED, "sold out", event_id="e", occurred_at=now())
    return json.dumps(json.loads(codec.encode(notice)) | {"reason_message": found}).encode()


def test_a_refusal_reaches_the_wire_the_books_and_the_history_with_its_code(
    store: WarehouseStore, tmp_path: Path
) -> None:
    order = an_order(("laptop", 900_000))
    (event,) = decide(store, order)[0].events
    words = event.notice.words
    told = json.loads(codec.encode(event.notice))
    assert told["reason"] == words
    assert told["reason_message"]["code"] == "stock.asked_free"
    assert told["reason_message"]["parameters"]["name"] == "laptop"
    again = codec.read_notice(codec.encode(event.notice))
    assert again.words.message == words.message is not None
    history = store.orders.history(order.identity)
    assert history is not None
    assert message_in(history.order.reason) == history.events[0].notice.words.message == words.message
    (repeated,) = decide(store, order)
    assert (repeated.repeated, repeated.reason.message) == (True, words.message)
    with closing(HistoryStore(tmp_path / "history.sqlite", ALICE)) as mine:
        mine.outbox.place([("", order)], None, "window", 0, 60)
        (moved,) = mine.notices.apply([again], missed=False).orders
        assert message_in(moved.reason) == words.message
        (kept,) = mine.notices.of_order(order.identity)
        assert kept.notice.words.message == words.message


def test_why_an_order_waits_here_keeps_its_code(tmp_path: Path) -> None:
    order, problem = an_order(), phrase("outbox.rabbitmq_refused_the_order_for_now")
    with closing(HistoryStore(tmp_path / "history.sqlite", ALICE)) as mine:
        mine.outbox.place([("", order)], None, "window", 0, 60)
        mine.outbox.mark_returned([mine.outbox.owed(1)[0].row], problem)
        found = mine.orders.one(order.identity)
        assert found is not None
        assert (found.problem, message_in(found.problem)) == (problem, problem.message)


def test_what_changes_in_the_books_keeps_its_code(store: WarehouseStore) -> None:
    order = an_order(("laptop", 900_000), on_shortage=OnShortage.WAIT)
    decide(store, order)
    store.decide([cancelling(order, reason="too late; sorry")])
    (found,) = store.orders.called(order.identity)
    assert (found.reason, message_in(found.reason)) == (BY_USER, BY_USER.message)


def test_a_cancel_that_came_first_keeps_its_code(store: WarehouseStore) -> None:
    order = an_order()
    store.decide([cancelling(order, reason="too late; sorry")])
    (event,) = decide(store, order)[0].events
    assert (event.notice.words, event.notice.words.message) == (BY_USER, BY_USER.message)


def test_what_is_set_aside_keeps_its_code(store: WarehouseStore) -> None:
    order = an_order()
    told = store.decide([Incoming(b"{", "new_orders_queue"), incoming(order)])
    told += decide(store, an_order(("webcam", 2), order_id=str(order.order_id)))
    for bodies in (True, False):
        kept = {
            message.code: message for one in store.set_aside.page(bodies=bodies) if (message := message_in(one.reason))
        }
        assert kept.keys() == {"codec.this_is_not_json", "decide_batch.another_order_with_this_identity_and"}
    assert kept["codec.this_is_not_json"].parameters["kind"] == Message("codec.order")
    (event,) = told[2].events
    assert event.notice.words.message == Message("decide_batch.another_order_with_this_identity_and")


def test_a_posting_that_was_undone_keeps_its_code(store: WarehouseStore) -> None:
    store.stock.restock("laptop", 5, "found")
    (row, *_) = store.stock.ledger("laptop", 1)
    assert (row.reason, message_in(row.reason)) == ("found", None)
    store.stock.undo_posting(row.row)
    (undone, *_) = store.stock.ledger("laptop", 1)
    assert message_in(undone.reason) == Message("stock_postings.undo_of_number", {"row": row.row})


def test_books_of_yesterday_are_served_and_their_reasons_are_text(server: str, tmp_path: Path) -> None:
    order = an_order(("laptop", 900))
    row = (
        f"INSERT INTO orders VALUES (1, '{order.identity}', '{order.order_id}', '{ALICE}', 0, 0, '{order.created_at}',"
        f" '{order.digest}', 'rejected', 'reject', 'laptop: 900 asked, 10 free', '{now()}', '{now()}')"
    )
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
        if server:
            url = stack.enter_context(private_database(server, f"old-{uuid4().hex[:12]}"))
        make_old_books(url, "0004", row, "UPDATE counters SET orders = 1")
        books = stack.enter_context(closing(WarehouseStore(url).open()))
        (found,) = books.orders.page()
        assert (found.reason, message_in(found.reason)) == ("laptop: 900 asked, 10 free", None)
        decided = decide(books, an_order(("no such product", 1)))[0]
        assert decided.reason.message == Message("stock.not_in_the_catalogue", {"name": "no such product"})


VALUES: tuple[object, ...] = (None, True, "x" * 5000, 1e300, {"b": {}}, [[]])
HOSTILE: list[object] = [
    *(None, 5, "text", [], [1, [2]], {}, {"code": 5}, {"code": "c", "parameters": [1]}, {"code": "c" * 500}),
    *({"code": "c", "parameters": {"a": value}} for value in VALUES),
]


@pytest.mark.parametrize("found", HOSTILE)
def test_a_hostile_message_is_ignored_and_the_text_is_told(found: object, tmp_path: Path) -> None:
    notice = codec.read_notice(notice_with(found))
    assert (notice.words, notice.words.message) == ("sold out", None)
    with closing(HistoryStore(tmp_path / "history.sqlite", ALICE)) as mine:
        (kept,) = mine.notices.apply([notice], missed=False).new
        assert (kept.notice.words, kept.notice.words.message) == ("sold out", None)
        (kept,) = mine.notices.after(0, 1)
        assert (kept.notice.words, kept.notice.words.message) == ("sold out", None)


def test_a_message_nested_without_end_is_no_notice_or_ignored() -> None:
    for depth in (10, 300):
        assert codec.read_notice(_nested(depth)).words.message is None
    with pytest.raises(UnreadableMessage, match="not JSON"):
        codec.read_notice(_nested(3000))


def _nested(depth: int) -> bytes:
    return notice_with("X").replace(b'"X"', b'{"a":' * depth + b"1" + b"}" * depth)


def test_an_unseen_sign_in_a_parameter_is_shown_as_such() -> None:
    found = {"code": "stock.not_in_the_catalogue", "parameters": {"name": "a\u202eb\n"}}
    message = codec.read_notice(notice_with(found)).words.message
    assert message == Message("stock.not_in_the_catalogue", {"name": "a\ufffdb "})


@pytest.mark.parametrize("words", [SHORT, listed([SHORT, BY_USER]), listed([SHORT, Words("sold out")])])
def test_a_cell_gives_back_the_message(words: Words) -> None:
    found = kept_words(words, message_cell(words))
    assert (found, found.message) == (words, words.message)


@pytest.mark.parametrize("cell", [None, "", "{", "5", "[]", '{"code": 1}', "[" * 100_000, 5, b"x"])
def test_of_a_cell_that_holds_no_message_the_text_counts(cell: object) -> None:
    found = kept_words("sold out", cell)
    assert (found, found.message) == ("sold out", None)
    assert message_cell(Words("sold out")) is None


def test_what_is_too_large_is_told_as_text_alone() -> None:
    many = listed([phrase("stock.not_in_the_catalogue", name="n" * 128) for _ in range(90)])
    whole = Notice(ALICE, ALICE, (), now(), OrderStatus.REJECTED, str(many), reason_message=many.message)
    short = shortened(whole, 20_000)
    assert (short.reason, short.words.message) == (many, None)
    assert len(codec.encode(short)) <= 20_000
    assert shortened(whole) is whole


def test_text_of_before_in_a_new_sentence_stays_text() -> None:
    words = phrase("replays.it_would_be_refused_again", reason=Words("laptop: 3 asked, 1 free"))
    found = kept_words(words, message_cell(words))
    assert found.message is not None
    assert found.message.parameters == {"reason": Message(KEPT, {"text": "laptop: 3 asked, 1 free"})}
