import contextlib
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from messaging.contract import codec
from messaging.domain.notices import Notice
from messaging.domain.orders import MAX_LINES, OnShortage, Order, OrderLine, OrderStatus, new_order
from messaging.domain.stock import DecidedLine, StockLevel
from messaging.errors import UnreadableMessage, WrongOrder
from messaging.texts import MAX_NAME

USER = "4b0d4a7e-7d3c-4b44-9d1b-0f6c6a4d8a11"
AT = "2026-11-22T20:00:00+00:00"
READERS: list[Callable[[bytes], object]] = [
    codec.read_order,
    codec.read_notice,
    codec.read_command,
    codec.read_question,
    codec.read_inventory,
    codec.read_events,
]

ORDER = new_order(USER, [("whole milk", 2)], OnShortage.PARTIAL)
NOTICE = Notice(
    ORDER.order_id, USER, (DecidedLine("whole milk", 2, 1, 1),), AT, OrderStatus.BACKORDERED, "short", event_id="e",
    seq=3, occurred_at=AT,
)  # fmt: skip


def seed_order(**changed: Any) -> bytes:
    """As a program written to the seed sends it."""
    line = {"name": changed.pop("name", "laptop"), "quantity": changed.pop("quantity", 2)}
    fields: dict[str, Any] = {"order_id": 1, "user_id": 2, "order": [line], "created_at": AT, "status": "new_order"}
    return json.dumps(fields | changed).encode()


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (codec.read_order, ORDER),
        (codec.read_notice, NOTICE),
        (codec.read_command, codec.Cancel("c", ORDER.order_id, USER, AT, "why")),
        (codec.read_question, codec.AskCatalogue()),
        (codec.read_question, codec.AskEvents(5, USER, 100)),
        (codec.read_question, codec.AskOrder(ORDER.identity)),
        (codec.read_inventory, codec.Inventory((StockLevel("laptop", 99999, 25, 3, 1, 5),), full=True)),
        (codec.read_events, codec.Events((NOTICE,), 9, more=True)),
    ],
)
def test_what_is_written_is_read_as_it_was(read: Callable[[bytes], object], message: Struct) -> None:
    assert read(codec.encode(message)) == message


def test_an_order_travels_in_the_fields_of_the_seed() -> None:
    assert json.loads(codec.encode(ORDER)) == {
        "order_id": ORDER.order_id,
        "user_id": USER,
        "order": [{"name": "whole milk", "quantity": 2}],
        "created_at": ORDER.created_at,
        "status": "new_order",
        "on_shortage": "partial",
    }


def test_an_order_of_the_seeds_program_is_read() -> None:
    order = codec.read_order(seed_order())
    assert (order.order_id, order.user_id, order.needs(), order.identity) == (1, 2, {"laptop": 2}, f"2/1/{AT}")


def test_what_a_newer_program_adds_is_passed_over() -> None:
    assert codec.read_order(seed_order(gift_wrap={"colour": [1.5, None, "red"]})).needs() == {"laptop": 2}


def test_a_notice_of_the_seeds_program_gets_what_it_lacks() -> None:
    first, second = (codec.read_notice(seed_order(status="processed")) for _ in range(2))
    assert first.event_id == second.event_id != ""
    assert first.seq is None
    assert first.occurred_at
    assert first.event_id != codec.read_notice(seed_order(status="shipped")).event_id


def test_a_notice_that_says_nothing_new_is_unreadable() -> None:
    with pytest.raises(UnreadableMessage, match="nothing new"):
        codec.read_notice(seed_order())


def test_the_longest_order_there_can_be_fits() -> None:
    lines = tuple(OrderLine("\U0001f4a1" * MAX_NAME, 1_000_000) for _ in range(MAX_LINES))
    body = codec.encode(Order(ORDER.order_id, USER, lines, "x" * 64))
    assert len(body) <= codec.MAX_BYTES
    assert len(codec.read_order(body).lines) == MAX_LINES


@pytest.mark.parametrize("name", ["Cafe\u0301", " Caf\u00e9 ", "\u3000Caf\u00e9", "Cafe\ufe0f\u0301"])
def test_twins_of_a_name_are_one_product(name: str) -> None:
    order = codec.read_order(seed_order(name=name))
    assert order.needs() == {"Caf\u00e9": 2}
    assert order.digest == codec.read_order(seed_order(name="Caf\u00e9")).digest
    (level,) = codec.read_inventory(codec.encode(codec.Inventory((StockLevel(name, 1, 1),)))).levels
    assert level.name == "Caf\u00e9"


@pytest.mark.parametrize("name", ["mi\u200blk", " milk", "Cafe\u0301"])
def test_what_older_books_tell_of_is_read(name: str) -> None:
    """Products that were taken before the rule was as strict as it is."""
    notice = msgspec.structs.replace(NOTICE, lines=(DecidedLine(name, 1),))
    assert codec.read_events(codec.encode(codec.Events((notice,), 1))).notices == (notice,)
    assert codec.read_inventory(codec.encode(codec.Inventory((StockLevel(name, 1, 1),)))).levels


GOOD = seed_order().decode()
UNSEEN = "\u200b\u00ad\ufeff\u061c\U000e0041\u200d\u200c\u3164\u115f\u2060\u034f\u2800\u180e\ufff9\x9b\u2029\u2066"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(seed_order(note="x" * 65_536), id="too long"),
        pytest.param(b"[" * 5000, id="deep"),
        pytest.param(GOOD.replace('"laptop"', '"laptop", "z": ' + "[" * 5000 + "]" * 5000).encode(), id="deep inside"),
        pytest.param(GOOD.replace(": 2}]", ": NaN}]").encode(), id="NaN"),
        pytest.param(GOOD.replace(": 2}]", ': 2}], "z": Infinity').encode(), id="Infinity"),
        pytest.param(GOOD.replace(": 2}]", ": 1e400}]").encode(), id="1e400"),
        pytest.param(GOOD.replace(": 2}]", ': 2, "quantity": 5}]').encode(), id="a field twice"),
        pytest.param(GOOD.replace('"user_id": 2', '"user_id": 2, "user_id": 3').encode(), id="a user twice"),
        pytest.param(seed_order(quantity=True), id="true as quantity"),
        pytest.param(seed_order(quantity=2.0), id="float as quantity"),
        pytest.param(seed_order(quantity="2"), id="text as quantity"),
        pytest.param(seed_order(quantity=0), id="zero"),
        pytest.param(seed_order(quantity=-5), id="negative"),
        pytest.param(seed_order(quantity=1_000_001), id="too many"),
        pytest.param(seed_order(order=[]), id="no lines"),
        pytest.param(seed_order(order=[{"name": "a", "quantity": 1}] * 101), id="too many lines"),
        pytest.param(GOOD.replace('"order_id": 1', '"order_id": 1' + "0" * 5000).encode(), id="5,000 digits"),
        pytest.param(seed_order(order_id=2**70), id="2**70"),
        pytest.param(seed_order(order_id=-1), id="negative id"),
        pytest.param(seed_order(order_id=True), id="true as id"),
        pytest.param(seed_order(order_id="x" * 256), id="an id that no AMQP property holds"),
        pytest.param(seed_order(order_id="00000000-0000-0000-0000-000000000000\n"), id="line feed after id"),
        pytest.param(seed_order(user_id="alice\n"), id="line feed after user"),
        pytest.param(seed_order(user_id=".*"), id="a pattern as user"),
        pytest.param(seed_order(user_id="a.b"), id="a key as user"),
        pytest.param(seed_order(user_id="#"), id="a wildcard as user"),
        pytest.param(seed_order(name="laptop\n"), id="line feed after name"),
        pytest.param(seed_order(name="a\x00"), id="NUL"),
        pytest.param(seed_order(name="a\ud800"), id="lone surrogate"),
        pytest.param(seed_order(name="a\x1b[31m"), id="escape"),
        pytest.param(seed_order(name="a\u202eb"), id="bidi override"),
        *(pytest.param(seed_order(name=f"mi{sign}lk"), id=f"unseen {ord(sign):04X}") for sign in UNSEEN),
        pytest.param(seed_order(name="\u3000"), id="nothing but blanks"),
        pytest.param(seed_order(name="\ufe0f"), id="nothing but a variation selector"),
        pytest.param(seed_order(name="\ufb2c" * MAX_NAME), id="longer in its normal form"),
        pytest.param(seed_order(created_at=""), id="no time"),
        pytest.param(seed_order(status="x" * 65), id="long status"),
        pytest.param(GOOD.encode("utf-16"), id="UTF-16"),
        pytest.param(GOOD.encode("utf-8-sig"), id="BOM"),
        pytest.param(GOOD.replace("laptop", "caf\u00e9").encode("latin-1"), id="Latin-1"),
        pytest.param(GOOD.replace("}]", '}], "z": "\u00e9"').encode("latin-1"), id="Latin-1 in what is passed over"),
        pytest.param(GOOD.replace("}]", '}], "z": 1' + "0" * 5000).encode()[:-1], id="cut"),
        pytest.param(b"", id="empty"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="nothing in it"),
        pytest.param(GOOD.encode() + b" {}", id="two at once"),
    ],
)
def test_an_order_that_breaks_the_contract_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        codec.read_order(body)


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (codec.read_notice, seed_order(status="processed", seq=2**70)),
        (codec.read_notice, seed_order(status="processed", event_id="\n")),
        (codec.read_notice, seed_order(status="processed", quantity=2**70)),
        (codec.read_question, b'{"question": "events", "after": 1180591620717411303424}'),
        (codec.read_question, b'{"question": "order", "identity": "\\u0000"}'),
        (codec.read_question, b'{"question": "everything"}'),
        (codec.read_inventory, b'{"levels": [{"name": "a", "price": 1, "on_hand": 1180591620717411303424}]}'),
        (codec.read_command, b'{"command": "cancel", "command_id": "c", "order_id": 1, "user_id": 1, "created_at": "t",'
                            b' "reason": "\\u0000"}'),
    ],
)  # fmt: skip
def test_what_no_database_or_window_can_hold_is_unreadable(read: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        read(body)


def test_the_reason_is_one_line_without_the_senders_control_characters() -> None:
    with pytest.raises(UnreadableMessage) as caught:
        codec.read_order(seed_order(on_shortage="a\r\n\x1b[31m\u202e"))
    assert str(caught.value).isprintable()
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("headers", [{}, {codec.VERSION_HEADER: 1}])
def test_our_version_is_read(headers: dict[str, object]) -> None:
    codec.check_version(headers)


@pytest.mark.parametrize("version", [2, "1", None, b"\x1b", [1]])
def test_another_version_is_unreadable_and_says_to_update(version: object) -> None:
    with pytest.raises(UnreadableMessage, match="update Order Desk"):
        codec.check_version({codec.VERSION_HEADER: version})


# --- no bytes do harm

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OTHER_FIELDS = "name quantity command command_id question after limit identity levels price on_hand full notices upto"
FIELDS = st.sampled_from(
    sorted({*json.loads(codec.encode(ORDER)), *json.loads(codec.encode(NOTICE))})
) | st.sampled_from(OTHER_FIELDS.split(" "))


def reads_or_refuses(body: bytes) -> None:
    for read in READERS:
        with contextlib.suppress(UnreadableMessage):
            read(body)


@given(st.binary(max_size=300))
@settings(max_examples=500)
def test_no_byte_string_raises_anything_but_unreadable(body: bytes) -> None:
    reads_or_refuses(body)


@given(st.dictionaries(FIELDS, JSON_VALUES, max_size=8))
@settings(max_examples=200)
def test_no_json_raises_anything_but_unreadable(fields: dict[str, Any]) -> None:
    reads_or_refuses(json.dumps(fields).encode())


@given(st.integers(0, 300), st.integers(0, 300), st.binary(max_size=6))
@settings(max_examples=500)
def test_no_damage_to_a_good_message_raises_anything_but_unreadable(start: int, length: int, new: bytes) -> None:
    for good in (codec.encode(ORDER), codec.encode(NOTICE), codec.encode(codec.Events((NOTICE,), 1))):
        reads_or_refuses(good[:start] + new + good[start + length :])


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=MAX_NAME), st.integers(1, 1_000_000)), min_size=1, max_size=5),
    st.sampled_from(OnShortage),
)
def test_whatever_can_be_placed_can_be_read(lines: list[tuple[str, int]], on_shortage: OnShortage) -> None:
    try:
        order = new_order(USER, lines, on_shortage)
    except WrongOrder:
        return
    assert codec.read_order(codec.encode(order)) == order
