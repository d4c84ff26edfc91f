"""Decoding a message's properties and headers, or saying why they cannot be read. `read_content` never raises.

A sender chooses what stands in a header, and RabbitMQ passes on times, nesting and sizes on which pika's decoder, or
the code that uses the headers, would fail.
"""

import struct
from typing import Any

import pika

from messaging.phrases import NO_WORDS, Words, phrase

MOST_BYTES = 65_536  # of properties and headers together
MOST_VALUES = 500  # in the header table: each costs far more in memory than on the wire
MOST_DEPTH = 32  # tables and arrays within each other
FLAGS = 2  # bytes before the properties

_BEFORE_HEADERS = (pika.BasicProperties.FLAG_CONTENT_TYPE, pika.BasicProperties.FLAG_CONTENT_ENCODING)


class Content(pika.BasicProperties):
    """A message's properties as they came; the headers hold str, numbers, bytes, times, lists and tables by str.

    Where they cannot be read, `fault` says why, `raw` has their bytes (the first MOST_BYTES), there are no headers,
    and of the properties as many as could be read.
    """

    fault: Words = NO_WORDS
    raw: bytes = b""
    length: int = 0  # bytes of the whole body, and its SHA-256, where not all of it was kept
    digest: str = ""


class _Refused(Exception):
    """The headers were decoded, but exceed a limit of this module."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


def fault_of(properties: pika.BasicProperties) -> Words:
    """Why a message that came with these cannot be read."""
    if not isinstance(properties, Content):
        return NO_WORDS
    return properties.fault or (
        phrase("content.it_has_bytes", length=properties.length) if properties.length else NO_WORDS
    )


def read_content(encoded: bytes) -> Content:
    """The property flags, properties and headers of a content header frame."""
    try:
        if len(encoded) > MOST_BYTES:
            raise _Refused(phrase("content.they_have_bytes_more_than", encoded=len(encoded), most_bytes=MOST_BYTES))
        content = Content()
        content.decode(encoded)
        if content.headers:
            content.headers = _Plain().table(dict(content.headers), 1)
    except Exception as error:  # noqa: BLE001  # pika's decoder raises errors of any kind
        return _unreadable(encoded, error)
    return content


def _unreadable(encoded: bytes, error: Exception) -> Content:
    content = Content()
    try:
        content.decode(_without_headers(encoded))
    except Exception:  # noqa: BLE001  # the fault below has the first error
        content = Content()
    content.headers = None
    content.fault = phrase("content.its_headers_cannot_be_read", error=_why(error))
    content.raw = encoded[:MOST_BYTES]
    return content


def _why(error: Exception) -> Words:
    match error:
        case _Refused():
            return error.words
        case RecursionError():
            return phrase("content.tables_within_tables_without_end")
        case OverflowError() | ValueError():
            return phrase("content.a_time_or_a_number_in")
    return phrase("content.they_break_amqps_rules")


def _without_headers(encoded: bytes) -> bytes:
    """Skip the header table by its length, which precedes it."""
    (flags,) = struct.unpack_from(">H", encoded)
    at = FLAGS
    for flag in _BEFORE_HEADERS:
        at += 1 + encoded[at] if flags & flag else 0
    if not flags & pika.BasicProperties.FLAG_HEADERS:
        return encoded
    (size,) = struct.unpack_from(">I", encoded, at)
    others = struct.pack(">H", flags & ~pika.BasicProperties.FLAG_HEADERS)
    return others + encoded[FLAGS:at] + encoded[at + 4 + size :]


class _Plain:
    """Turns a header table into plain values: pika decodes whole numbers to an int type of its own that cannot be
    encoded, and leaves names that are not UTF-8 as bytes. Raises _Refused beyond MOST_VALUES and MOST_DEPTH."""

    def __init__(self) -> None:
        self._values = 0

    def table(self, table: dict[Any, Any], depth: int) -> dict[str, Any]:
        return {
            name if isinstance(name, str) else name.decode("utf-8", "backslashreplace"): self._value(value, depth)
            for name, value in table.items()
        }

    def _value(self, value: Any, depth: int) -> Any:
        self._values += 1
        if self._values > MOST_VALUES:
            raise _Refused(phrase("content.they_hold_more_than_values", most_values=MOST_VALUES))
        if depth > MOST_DEPTH:
            raise _Refused(phrase("content.they_are_nested_more_than_deep", most_depth=MOST_DEPTH))
        if isinstance(value, dict):
            return self.table(value, depth + 1)
        if isinstance(value, list):
            return [self._value(one, depth + 1) for one in value]
        return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
