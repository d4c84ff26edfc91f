import sqlite3
from pathlib import Path

import pytest

from messaging.domain.orders import OrderStatus
from messaging.history.history import History
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.notice_index import NoticeIndex
from messaging.history.store.search.notice_search import NoticeOrder, NoticeQuery
from messaging.history.store.search.search_terms import Field, Word
from tests.helpers.stores import newest_notices
from tests.unit.messaging.history.conftest import USER, OpenStore, a_notice, an_order

PROCESSED, REJECTED, CANCELLED = OrderStatus.PROCESSED, OrderStatus.REJECTED, OrderStatus.CANCELLED
NAMES = ("laptop", "usb_c_charger", "Jalape\N{LATIN SMALL LETTER N WITH TILDE}o", "27 inch monitor")


def typed(text: str, **more: object) -> NoticeQuery:
    return NoticeQuery(tuple(Word(word) for word in text.split()), **more)  # type: ignore[arg-type]


def filled(store: HistoryStore) -> HistoryStore:
    for number, name in enumerate(NAMES):
        status = REJECTED if number == 1 else PROCESSED
        store.notices.apply([a_notice(an_order(name), status, number)], missed=number == 3)
    return store


@pytest.fixture(params=["indexed", "behind", "without FTS5"])
def known(request: pytest.FixtureRequest, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> HistoryStore:
    """The same answers, however far the index has come."""
    if request.param == "without FTS5":
        monkeypatch.setattr(NoticeIndex, "_make", lambda _self: False)
    store = filled(open_store())
    if request.param == "behind":
        with store._file.writing():
            store._file.execute("DROP TABLE notices_index")
            store._file.execute("UPDATE marks SET value = 0 WHERE key = 'indexed_to'")
        store = open_store()
    return store


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (NoticeQuery(), [4, 3, 2, 1]),
        (NoticeQuery(order=NoticeOrder.OLDEST), [1, 2, 3, 4]),
        (NoticeQuery(order=NoticeOrder.STATE_DOWN), [2, 4, 3, 1]),
        (typed("lapt"), [1]),
        (typed("LAPTOP processed"), [1]),
        (typed("usb_c_ch"), [2]),
        (typed("inch 27"), [4]),
        (typed("nothing"), []),
        (typed("new"), []),  # the seed's first state, which no notice tells
        (NoticeQuery(states=(REJECTED, CANCELLED)), [2]),
        (NoticeQuery((Word("refused", (REJECTED,)),)), [2]),
        (NoticeQuery(missed=True), [4]),
        (typed("mon", missed=True, states=(PROCESSED,)), [4]),
        (NoticeQuery(since="2000-01-01T00:00:00+00:00"), [4, 3, 2, 1]),
        (NoticeQuery(since="9999-01-01T00:00:00+00:00"), []),
        (typed('"'), [4, 3, 2, 1]),
        (NoticeQuery(until="2000-01-01T00:00:00+00:00"), []),
        (NoticeQuery(until="9999-01-01T00:00:00+00:00"), [4, 3, 2, 1]),
        (typed("lapt", until="9999-01-01T00:00:00+00:00"), [1]),
        (NoticeQuery((Word("lapt", field=Field.PRODUCT),)), [1]),
        (NoticeQuery((Word("inch 27", field=Field.PRODUCT),)), [4]),
        (NoticeQuery((Word("proc", field=Field.PRODUCT),)), []),
        (NoticeQuery((Word("reje", field=Field.STATE),)), [2]),
        (NoticeQuery((Word("refu", (REJECTED,), Field.STATE),)), [2]),
        (NoticeQuery((Word("lap", field=Field.STATE),)), []),
        (NoticeQuery((Word("lap", field=Field.ORDER),)), []),
        (NoticeQuery((Word(USER, field=Field.USER),)), [4, 3, 2, 1]),
        (NoticeQuery((Word("ali", field=Field.USER, users=(USER,)),)), [4, 3, 2, 1]),
        (NoticeQuery((Word("ali", users=(USER,)), Word("lapt"))), [1]),
        (NoticeQuery((Word("bob", field=Field.USER),)), []),
        (NoticeQuery((Word("lapt", without=True),)), [4, 3, 2]),
        (NoticeQuery((Word("inch"), Word("27", without=True))), []),
        (NoticeQuery((Word("refused", (REJECTED,), Field.STATE, without=True),)), [4, 3, 1]),
        (NoticeQuery((Word("lapt", without=True),), (REJECTED,)), [2]),
        (NoticeQuery((Word("lapt", others=(Word("inch"),)),)), [4, 1]),
        (NoticeQuery((Word("lapt", others=(Word("inch"), Word("usb")), without=True),)), [3]),
        (NoticeQuery((Word("reje", field=Field.STATE, others=(Word("proc", field=Field.STATE),)),)), [4, 3, 2, 1]),
        (NoticeQuery((Word("lap", field=Field.ORDER, without=True),)), [4, 3, 2, 1]),
        (NoticeQuery((Word("", without=True, others=(Word("-"),)),)), [4, 3, 2, 1]),
        (NoticeQuery((Word("nothing", field=Field.STATE, without=True),)), [4, 3, 2, 1]),
        (NoticeQuery(missed=False), [3, 2, 1]),
        (NoticeQuery(unread=False), []),
        (typed("lapt", unread=True), [1]),
    ],
)
def test_notices_are_found_by_what_begins_their_words(known: HistoryStore, query: NoticeQuery, rows: list[int]) -> None:
    assert list(known.notices.find(query)) == rows
    assert [kept.row for kept in newest_notices(known, 9) if query.takes(kept)] == sorted(rows, reverse=True)


def test_an_id_is_found_whole_by_its_beginning_and_by_the_end_that_windows_show(store: HistoryStore) -> None:
    order = an_order()
    store.notices.apply([a_notice(an_order(), PROCESSED, 1), a_notice(order, PROCESSED, 2)], missed=False)
    text = str(order.order_id)
    for part in (text, text.upper(), text[:-3], text[-8:], text[-8:-4]):
        assert list(store.notices.find(typed(part))) == [2], part


def test_an_order_is_found_by_its_id_and_a_user_by_that_of_the_user(store: HistoryStore) -> None:
    order = an_order()
    store.notices.apply([a_notice(an_order(), PROCESSED, 1), a_notice(order, PROCESSED, 2)], missed=False)
    text = str(order.order_id)

    def found(typed_id: str, field: Field) -> list[int]:
        return list(store.notices.find(NoticeQuery((Word(typed_id, field=field),))))

    for part in (text, text[:-3], text[-8:], text[-8:-4]):
        assert found(part, Field.ORDER) == [2], part
        assert found(part, Field.USER) == []
        others = NoticeQuery((Word(part, field=Field.ORDER, without=True),))
        assert list(store.notices.find(others)) == [1], part
        assert [kept.row for kept in newest_notices(store, 9) if others.takes(kept)] == [1], part
    assert found(USER, Field.ORDER) == []


def test_how_a_notice_travelled_is_kept_with_it(store: HistoryStore) -> None:
    notices = [a_notice(an_order(), PROCESSED, number) for number in (1, 2)]
    store.notices.apply(notices[:1], missed=False, headers=['{"routing_key":"client.a.order.b"}'])
    store.notices.apply(notices, missed=True)
    assert [store.notices.headers(row) for row in (1, 2)] == ['{"routing_key":"client.a.order.b"}', ""]


def test_accents_are_optional(store: HistoryStore) -> None:
    filled(store)
    for text in ("jalapeno", "JALAPE\N{LATIN CAPITAL LETTER N WITH TILDE}O", "jalapen\N{COMBINING TILDE}"):
        assert list(store.notices.find(typed(text))) == [3]


def test_unread_ones_are_found_until_they_are_read(store: HistoryStore) -> None:
    filled(store).notices.mark_read([2, 3])
    assert list(store.notices.find(NoticeQuery(unread=True))) == [4, 1]
    assert list(store.notices.find(typed("lap", unread=True))) == [1]
    assert list(store.notices.find(NoticeQuery(unread=False))) == [3, 2]
    assert list(store.notices.find(typed("lap", unread=False))) == []
    assert list(store.notices.find(NoticeQuery((Word("usb", without=True),), unread=False))) == [3]


def test_a_repeated_notice_leaves_no_gap_so_a_million_rows_are_a_range(store: HistoryStore) -> None:
    order = an_order()
    for notice in (a_notice(order, PROCESSED, 1), a_notice(order, PROCESSED, 1), a_notice(order, CANCELLED, 2)):
        store.notices.apply([notice], missed=False)
    assert store.notices.find(NoticeQuery()) == range(2, 0, -1)


def test_rows_with_gaps_are_found_one_by_one(store: HistoryStore) -> None:
    filled(store)
    with store._file.writing():
        store._file.execute("DELETE FROM notices WHERE row = 2")
    assert list(store.notices.find(NoticeQuery())) == [4, 3, 1]
    assert {kept.row for kept in store.notices.at([4, 2, 1])} == {4, 1}


def test_an_old_file_is_indexed_in_portions_and_can_be_searched_meanwhile(path: Path, open_store: OpenStore) -> None:
    filled(open_store())
    with sqlite3.connect(path) as connection:  # as a program without the index left it
        connection.execute("DROP TABLE notices_index")
        connection.execute("DELETE FROM marks WHERE key = 'indexed_to'")
        connection.execute("DROP TABLE notice_headers")
        for column in ("set_aside", "reason_message", "problem_message"):
            connection.execute(f"ALTER TABLE orders DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    store = open_store()
    assert store.index.catch_up(limit=3) == 1
    assert list(store.notices.find(typed("p"))) == [4, 3, 1]
    assert store.index.catch_up() == 0
    assert list(store.notices.find(typed("p"))) == [4, 3, 1]


def test_the_time_of_receipt_is_found_by_halving(store: HistoryStore) -> None:
    filled(store)
    with store._file.writing():
        for row in range(1, 5):
            store._file.execute("UPDATE notices SET received_at = ? WHERE row = ?", (f"2026-11-{row:02}", row))
    assert [len(store.notices.find(NoticeQuery(since=f"2026-11-{day:02}"))) for day in range(1, 7)] == [
        4,
        3,
        2,
        1,
        0,
        0,
    ]


def test_what_one_window_read_is_told_to_the_other(path: Path) -> None:
    class Told:
        def __init__(self) -> None:
            self.marks: list[tuple[list[int], int]] = []

        def marked_read(self, rows: list[int], all_to: int) -> None:
            self.marks.append((rows, all_to))

    told = Told()
    with History(path, USER) as here, History(path, USER) as there:
        there.ask(lambda store: store.version()).result()
        here.apply([a_notice(an_order(), PROCESSED, n) for n in range(3)], missed=False).result()
        there.watch_reading(told)
        here.mark_read([2]).result()
        there.ask(there.emit_changes).result()
        here.mark_read().result()
        there.ask(there.emit_changes).result()
        assert there.ask(lambda store: store.notices.unread()).result() == 0
    assert told.marks == [([2], 0), ([], 3)]


UNSPACED = (
    "\u5496\u5561\u8c46",
    "\u5927\u5496\u5561\u676f",
    "\u30b3\u30fc\u30d2\u30fc\u8c46xyz",
    "\u0e01\u0e32\u0e41\u0e1f\u0e40\u0e22\u0e47\u0e19",
)
SIGNS = ("\u2615 mug", "C++ book", "C book", "\u2615\ufe0f pot")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("\u8c46", [3, 1]),
        ("\u5561", [2, 1]),
        ("\u676f", [2]),
        ("\u5561\u8c46", [1]),
        ("\u8c46\u5561", []),
        ("\u30d2\u30fc", [3]),
        ("xyz", [3]),
        ("\u8c46xy", [3]),
        ("\u0e41\u0e1f", [4]),
        ("\u0e40\u0e22\u0e47\u0e19", [4]),
        ("-", [4, 3, 2, 1]),
    ],
)
def test_a_word_inside_writing_without_blanks_is_found(open_store: OpenStore, text: str, rows: list[int]) -> None:
    store = open_store()
    for number, name in enumerate(UNSPACED):
        kept = store.notices.apply([a_notice(an_order(name), PROCESSED, number)], missed=False)
        assert typed(text).takes(kept.new[0]) is (number + 1 in rows)
    assert list(store.notices.find(typed(text))) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("\u2615", [4, 1]),
        ("C++", [2]),
        ("c+", [2]),
        ("\u2615\ufe0f", [4, 1]),
        ("mug \u2615", [1]),
    ],
)
def test_signs_are_searched(open_store: OpenStore, text: str, rows: list[int]) -> None:
    store = open_store()
    for number, name in enumerate(SIGNS):
        store.notices.apply([a_notice(an_order(name), PROCESSED, number)], missed=False)
    assert list(store.notices.find(typed(text))) == rows


def test_an_index_of_an_older_program_is_made_anew(open_store: OpenStore) -> None:
    store = open_store()
    store.notices.apply(
        [a_notice(an_order(name), PROCESSED, number) for number, name in enumerate(UNSPACED)], missed=False
    )
    with store._file.writing():
        store._file.execute("DELETE FROM marks WHERE key = 'terms'")
        store._file.execute("DROP TABLE notices_index")
        store._file.execute("CREATE VIRTUAL TABLE notices_index USING fts5(terms, content='', tokenize='ascii')")
    store = open_store()
    while store.index.catch_up():
        pass
    assert list(store.notices.find(typed("\u8c46"))) == [3, 1]


def test_an_id_is_found_as_it_is_copied(open_store: OpenStore) -> None:
    store, order = open_store(), an_order("laptop")
    store.notices.apply([a_notice(order, PROCESSED, 1)], missed=False)
    for copied in (
        str(order.order_id).upper(),
        f"{{{order.order_id}}}",
        f"urn:uuid:{order.order_id}",
        f"{order.order_id}.",
    ):
        assert list(store.notices.find(typed(copied))) == [1]
