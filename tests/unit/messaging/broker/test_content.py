"""Whatever bytes a content header holds: either its properties, or a reason, and never an exception."""

import struct
from typing import Any

import msgspec
import pika
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.broker.frames.content import MOST_BYTES, MOST_DEPTH, MOST_VALUES, Content, read_content
from tests.helpers.hostile_headers import CASES, array, headers_only, nested_arrays, nested_tables, properties, table

USER = {"user_id": "alice", "message_id": "m-1", "correlation_id": "c-1", "timestamp": 2**64 - 1}


def is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and is_plain(one) for name, one in value.items())
    return all(map(is_plain, value)) if isinstance(value, list) else True


def check(content: Content) -> None:
    assert content.fault or not content.raw
    assert not (content.fault and content.headers)
    assert content.fault.isprintable()
    assert is_plain(dict(content.headers or {}))
    assert msgspec.json.decode(msgspec.json.encode(content.headers)) is not msgspec.UNSET


@given(st.binary(max_size=400))
@example(b"")
@example(b"\x20")
@example(b"\xff\xff")
def test_any_bytes(encoded: bytes) -> None:
    check(read_content(encoded))


@given(st.binary(max_size=400))
def test_any_table(fields: bytes) -> None:
    content = read_content(headers_only(fields))
    check(content)
    assert content.fault == "" or content.raw == headers_only(fields)


@given(st.sampled_from(b"tbBUuIiLlfdDsSxATFV"), st.binary(max_size=40))
def test_any_value_of_any_type(kind: int, value: bytes) -> None:
    check(read_content(headers_only(b"\x01k" + bytes((kind,)) + value)))


@pytest.mark.parametrize("name", CASES)
def test_each_hostile_case(name: str) -> None:
    check(read_content(CASES[name].encoded))


@pytest.mark.parametrize("depth", [MOST_DEPTH + 1, 100, 240, 320, 480, 490, 700, 950, 1000, 5000, 20_000])
def test_what_is_nested_too_deep_is_refused_at_every_depth(depth: int) -> None:
    for fields in (nested_tables(depth), nested_arrays(depth)):
        assert read_content(headers_only(fields)).fault.startswith("Its headers cannot be read: ")


def test_what_is_nested_as_it_may_be_is_read() -> None:
    content = read_content(headers_only(nested_tables(MOST_DEPTH - 1)))
    assert content.fault == ""
    assert content.headers


@pytest.mark.parametrize("fields", [table({b"t": b"T" + struct.pack(">Q", 2**64 - 1)}), nested_tables(900), b"\xff"])
def test_the_other_properties_are_read_all_the_same(fields: bytes) -> None:
    content = read_content(properties(fields, content_type="application/json", content_encoding="utf-8", **USER))
    assert content.fault
    assert {name: getattr(content, name) for name in USER} == USER
    assert content.content_type == "application/json"


def test_headers_that_fill_memory_are_not_read() -> None:
    many = table({f"{n}".encode(): b"V" for n in range(MOST_VALUES + 1)})
    assert "more than 500 values" in read_content(headers_only(many)).fault
    assert "more than 500 values" in read_content(headers_only(table({b"a": array([b"V"] * 501)}))).fault
    content = read_content(headers_only(table({b"a": b"S" + struct.pack(">I", 70_000) + b"x" * 70_000}), user_id="bob"))
    assert "more than 65,536" in content.fault
    assert len(content.raw) == MOST_BYTES
    assert content.user_id == "bob"


def test_a_name_that_is_not_utf_8_is_told_by_its_bytes() -> None:
    assert dict(read_content(headers_only(b"\x02\xff\xfeV")).headers or {}) == {"\\xff\\xfe": None}


def test_what_is_readable_is_read_as_pika_reads_it() -> None:
    encoded = b"".join(pika.BasicProperties(headers={"a": [1, {"b": "c"}], "d": None, "e": True}, type="t").encode())
    content = read_content(encoded)
    assert (content.headers, content.type, content.fault) == ({"a": [1, {"b": "c"}], "d": None, "e": True}, "t", "")
