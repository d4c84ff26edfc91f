from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from desktop.client.orders.filter_subject import ORDERS
from desktop.filtering import pieces
from desktop.filtering.completion import completions
from desktop.filtering.parsing import ParsedFilter, parse_filter
from desktop.filtering.rewriting import neutral
from desktop.filtering.times import moment_of
from desktop.notifications.filter_subject import NOTICES
from desktop.text import languages
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus, new_order, now
from messaging.domain.stock import DecidedLine
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.notice_search import NoticeQuery
from messaging.history.store.search.order_search import OrderQuery
from messaging.history.store.search.search_terms import Field, Word
from tests.helpers.stores import newest_notices, place_orders

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
NAMES = {"id-of-bob": "Bob", "id-of-alice": "alice"}
REFUSED = (OrderStatus.REJECTED,)


@pytest.mark.parametrize("name", ['Monitor 24"', "-5 C", "-5", 'O"Brien, "the" Bob'])
def test_a_name_that_is_put_into_the_field_is_one_value_whatever_stands_in_it(qapp: QApplication, name: str) -> None:
    text = f"{pieces.piece_text('product', name)} state:refused"
    product, state = parse_filter(text, NOTICES, NAMES).words
    assert (product.field, product.without, product.others) == (Field.PRODUCT, False, ())
    assert product.text.split() == name.replace('"', " ").split()
    assert state.field == Field.STATE
    assert parse_filter(neutral(text, NOTICES), NOTICES, NAMES).words[0] == product


def test_only_a_time_may_be_a_day_in_another_language(qapp: QApplication) -> None:
    try:
        languages.choose("de")
        assert neutral("produkt:heute seit:heute", NOTICES) == "product:heute since:today"
    finally:
        languages.choose("en")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[HistoryStore]:
    """Two orders and what became of them."""
    store = HistoryStore(tmp_path / "history.sqlite", "id-of-bob")
    orders = [new_order("id-of-bob", [(name, 1)]) for name in ("0abc's", "ß-tab")]
    place_orders(store, [("", order) for order in orders])
    told = [(OrderStatus.PROCESSED, "0abc's"), (OrderStatus.REJECTED, "ß-tab")]
    store.notices.apply(
        [
            Notice(order.order_id, order.user_id, (DecidedLine(name, 1, 1),), now(), status, event_id=name, seq=seq)
            for seq, (order, (status, name)) in enumerate(zip(orders, told, strict=True), start=1)
        ],
        missed=False,
    )
    yield store
    store.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lap", (Word("lap"),)),
        ("state:refu lap", (Word("refu", REFUSED, Field.STATE), Word("lap"))),
        ('product:"whole milk"', (Word("whole milk", field=Field.PRODUCT),)),
        ('product:"whole mi', (Word("whole mi", field=Field.PRODUCT),)),
        ("ORDER:0193a", (Word("0193a", field=Field.ORDER),)),
        ("user:bo", (Word("bo", field=Field.USER, users=("id-of-bob",)),)),
        ("bo", (Word("bo", users=("id-of-bob",)),)),
        ("product:", ()),  # to be typed on
        ("price:3", (Word("price:3"),)),  # no key: words as they are
        ("", ()),
        ("-milk", (Word("milk", without=True),)),
        ("usb-c", (Word("usb-c"),)),
        ("- --", (Word("-", without=True),)),
        ('-"whole milk"', (Word("whole milk", without=True),)),
        ("-state:refu", (Word("refu", REFUSED, Field.STATE, without=True),)),
        ("state:-refu", (Word("refu", REFUSED, Field.STATE, without=True),)),
        ("product:milk,bread", (Word("milk", field=Field.PRODUCT, others=(Word("bread", field=Field.PRODUCT),)),)),
        ('product:"a, b",c', (Word("a, b", field=Field.PRODUCT, others=(Word("c", field=Field.PRODUCT),)),)),
        ("-milk,bread", (Word("milk", without=True, others=(Word("bread"),)),)),
        ("state:refu,", (Word("refu", REFUSED, Field.STATE),)),  # to be typed on
        ("1,000", (Word("1,000"),)),
    ],
)
def test_words_may_name_what_they_mean(qapp: QApplication, text: str, words: tuple[Word, ...]) -> None:
    assert parse_filter(text, NOTICES, NAMES, NOW).words == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", "2026-11-25T16:30:00+00:00"),
        ("30min", "2026-11-25T18:00:00+00:00"),
        ("3d", "2026-11-22T18:30:00+00:00"),
        ("today", "2026-11-25T00:00:00+00:00"),
        ("Yesterday", "2026-11-24T00:00:00+00:00"),
        ("14:05", "2026-11-25T14:05:00+00:00"),
        ("2026-11-20t10:00z", "2026-11-20T10:00:00+00:00"),
    ],
)
def test_a_time_is_said_in_many_ways(qapp: QApplication, text: str, expected: str) -> None:
    moment = moment_of(text, NOW)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize("text", ["", "2", "25:99", "2026-13-01", "soon", "99999999h"])
def test_a_time_that_is_none_asks_for_nothing(qapp: QApplication, text: str) -> None:
    assert moment_of(text, NOW) is None
    assert parse_filter(f"since:{text}", NOTICES, NAMES, NOW).since == ""


def test_since_and_before_bound_the_time_of_receipt(qapp: QApplication) -> None:
    said = parse_filter("since:2h before:18:00 lap", NOTICES, NAMES, NOW)
    assert (said.since, said.until) == ("2026-11-25T16:30:00.000+00:00", "2026-11-25T18:00:00.000+00:00")
    assert said.words == (Word("lap"),)


def test_not_since_then_is_before_it(qapp: QApplication) -> None:
    said = parse_filter("-since:2h -before:today since:yesterday", NOTICES, NAMES, NOW)
    assert (said.since, said.until) == ("2026-11-25T00:00:00.000+00:00", "2026-11-25T16:30:00.000+00:00")


def test_a_row_is_asked_for_by_what_it_is(qapp: QApplication) -> None:
    assert parse_filter("is:unread -is:miss", NOTICES, NAMES, NOW).marks == {"unread": True, "missed": False}
    assert parse_filter("is:", NOTICES, NAMES, NOW) == ParsedFilter()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("since:soon", "soon is no time: try 30min, 2h, 14:05, today or 2026-11-20"),
        ("-state:lost", "No state is called lost: try Processed, Waiting for stock, Refused, Cancelled, Shipped, "),
        ("is:open", "No row is open: try unread, missed"),
        ("since:1h,2h", "since: takes one word"),
        ("state:" + "x" * 500, "No state is called xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\N{HORIZONTAL ELLIPSIS}: try "),
        (" ".join("abcdefg" * 20), "Only the first 40 words are looked for"),
    ],
)
def test_what_is_not_understood_is_said(qapp: QApplication, text: str, words: str) -> None:
    (unclear,) = parse_filter(text, NOTICES, NAMES, NOW).unclear
    assert unclear.startswith(words)


def test_a_table_says_what_it_cannot_be_asked_for(qapp: QApplication) -> None:
    assert parse_filter("user:bob is:open", ORDERS, NAMES, NOW) == ParsedFilter(
        marks={"open": True}, unclear=("user: cannot be asked for here",)
    )


ODD = st.text(st.sampled_from("abst-:,\"' \t\0*^%()\u00a6\u0130ß019/{}<&"), max_size=40)
STARTS = st.sampled_from(("", "-", "state:", "order:", "product:", "user:", "since:", "before:", "is:", "new", '"'))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(STARTS, ODD), max_size=6))
def test_whatever_is_typed_finds_something_or_nothing(
    qapp: QApplication, history: HistoryStore, parts: list[tuple[str, str]]
) -> None:
    text = " ".join(start + odd for start, odd in parts)
    said = parse_filter(text, NOTICES, NAMES)
    query = NoticeQuery(said.words, since=said.since, until=said.until, missed=said.marks.get("missed"))
    found = set(history.notices.find(query))
    taken = {kept.row for kept in newest_notices(history, 9) if query.takes(kept)}
    assert found == taken
    mine = parse_filter(text, ORDERS, {})
    assert set(history.orders.find(OrderQuery(mine.words, since=mine.since, until=mine.until))) <= {1, 2}
    assert parse_filter(neutral(text, NOTICES), NOTICES, NAMES).marks == said.marks
    completions(text, NOTICES, NAMES.values())


def test_dates_at_the_ends_of_the_calendar_are_no_times_or_times(qapp: QApplication) -> None:
    for text in ("0001-01-01", "9999-12-31", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "99999w"):
        parse_filter(f"since:{text} before:{text}", NOTICES, NAMES)


@pytest.mark.parametrize("text", ["&", "...", "milk !", "-product:%", "milk,&"])
def test_what_no_index_holds_is_said_not_to_be_looked_for(qapp: QApplication, text: str) -> None:
    (unclear,) = parse_filter(text, NOTICES, NAMES, NOW).unclear
    assert unclear.endswith("is not looked for: type letters or figures")


@pytest.mark.parametrize("text", ["C++", "\u2615", "#4711", "milk & bread", "\u8c46"])
def test_signs_and_letters_are_looked_for(qapp: QApplication, text: str) -> None:
    found = parse_filter(text, NOTICES, NAMES, NOW)
    assert found.words
    assert len(found.unclear) == text.count(" & ")
