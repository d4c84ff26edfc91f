"""Messages whose headers were made to stop whoever reads them: AMQP's bytes, written by hand.

The field table's types are those of RabbitMQ: https://www.rabbitmq.com/amqp-0-9-1-errata#section_3
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pika


def short(text: bytes) -> bytes:
    return bytes((len(text),)) + text


def long(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


def table(fields: Mapping[bytes, bytes]) -> bytes:
    """The fields of a table, without its length; each value begins with its type."""
    return b"".join(short(name) + value for name, value in fields.items())


def array(values: Iterable[bytes]) -> bytes:
    return b"A" + long(b"".join(values))


def text(value: bytes) -> bytes:
    return b"S" + long(value)


def nested_tables(depth: int) -> bytes:
    fields = b""
    for _ in range(depth):
        fields = b"\x01n" + b"F" + long(fields)
    return fields


def nested_arrays(depth: int) -> bytes:
    value = b"V"
    for _ in range(depth):
        value = array([value])
    return table({b"n": value})


def headers_only(fields: bytes, **others: Any) -> bytes:
    return properties(fields, **others)


def properties(fields: bytes | None, **others: Any) -> bytes:
    """Flags, properties and these header fields; a text as bytes goes in as it is."""
    flags, pieces = 0, list[bytes]()
    for name, flag in _FLAGS.items():
        if name == "headers" and fields is not None:
            flags |= flag
            pieces.append(long(fields))
        elif (value := others.get(name)) is not None:
            flags |= flag
            pieces.append(_property(name, value))
    return struct.pack(">H", flags) + b"".join(pieces)


def _property(name: str, value: Any) -> bytes:
    if name == "timestamp":
        return struct.pack(">Q", value)
    return bytes((value,)) if isinstance(value, int) else short(value if isinstance(value, bytes) else value.encode())


_NAMES = "content_type content_encoding headers delivery_mode priority correlation_id reply_to expiration message_id"
_FLAGS = {
    name: getattr(pika.BasicProperties, f"FLAG_{name.upper()}")
    for name in (*_NAMES.split(), "timestamp", "type", "user_id", "app_id", "cluster_id")
}


@dataclass(frozen=True, slots=True)
class Case:
    """What comes with a valid body. `is_refused`: RabbitMQ itself closes the sender's connection (541)."""

    encoded: bytes
    is_refused: bool = False


def _with(fields: bytes = b"", **others: Any) -> Case:
    return Case(properties(fields, **{"delivery_mode": 2, "reply_to": "amq.gen-nobody", **others}))


def _value(kind: str, layout: str, *values: Any) -> Case:
    return _with(table({b"v": kind.encode() + struct.pack(f">{layout}", *values)}))


def _numbers() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for kind, layout, bits in (("b", "b", 8), ("B", "B", 8), ("s", "h", 16), ("u", "H", 16), ("I", "i", 32)):
        low, high = (0, 2**bits - 1) if layout.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        found |= {f"{kind}_min": _value(kind, layout, low), f"{kind}_max": _value(kind, layout, high)}
    found |= {f"l_{n}": _value("l", "q", n) for n in (-(2**63), 2**63 - 1)}
    others = {"i_max": ("i", "I", 2**32 - 1), "d_max": ("d", "d", 1.7e308), "t_2": ("t", "B", 2)}
    return found | {name: _value(*given) for name, given in others.items()}


def _of_ours() -> dict[str, Case]:
    """The headers that Order Desk itself reads, as everything that they are not."""
    strange = {
        "list": array([b"V"]),
        "table": b"F" + long(table({b"a": text(b"b")})),
        "bytes": b"x" + long(b"\xff\x00"),
        "negative": b"l" + struct.pack(">q", -1),
        "huge": b"l" + struct.pack(">q", 2**63 - 1),
    }
    names = ("order-desk-version", "order-desk-replay", "order-desk-sender", "traceparent")
    return {f"{name}_{kind}": _with(table({name.encode(): value})) for name in names for kind, value in strange.items()}


def _properties() -> dict[str, Case]:
    names = ("message_id", "type", "correlation_id", "content_type", "app_id", "reply_to")
    not_utf_8 = {f"{name}_not_utf8": _with(**{name: b"\xff\xfe" * 127}) for name in names}
    return {
        **not_utf_8,
        "timestamp_property_max": _with(timestamp=2**64 - 1),
        "priority_255": _with(priority=255),
        "gzip": _with(content_encoding="gzip"),
    }


CASES: dict[str, Case] = {
    **{f"timestamp_{n}": _value("T", "Q", n) for n in (2**64 - 1, 2**63, 10**13)},
    **{f"tables_{n}": _with(nested_tables(n)) for n in (40, 470, 1000, 3000, 15_000)},
    **{f"arrays_{n}": _with(nested_arrays(n)) for n in (40, 700, 3000, 20_000)},
    "key_not_utf8": _with(table({b"\xff\xfe": b"V"})),
    "value_not_utf8": _with(table({b"v": text(b"\xff\xfe")})),
    "nested_key_not_utf8": _with(table({b"v": b"F" + long(table({b"\xff": b"V"}))})),
    "nul_and_escape": _with(table({b"\x00\x1b": text(b"\x00\x1b]0;title\x07\n")})),
    "decimal_255": _value("D", "Bi", 255, -(2**31)),
    "bytes": _with(table({b"v": b"x" + long(bytes(range(256)))})),
    "void": _with(table({b"v": b"V"})),
    "twice": _with(table({b"v": b"V"}) + table({b"v": text(b"again")})),
    # RabbitMQ 3.10's dead-lettering stumbles over some of these: then the queue is lost.
    "x_death_void": _with(table({b"x-death": array([b"V"])})),
    "x_death_number": _with(table({b"x-death": b"l" + struct.pack(">q", 1)})),
    "x_death_tables": _with(table({b"x-death": array([b"F" + long(b"")] * 3)})),
    "x_first_death": _with(table({b"x-first-death-queue": array([b"V"]), b"x-last-death-reason": b"V"})),
    "timestamp_18446744073709551615_x_death": _with(
        table({b"x-death": array([b"V"]), b"v": b"T" + struct.pack(">Q", 2**64 - 1)})
    ),
    "12000_keys": _with(table({b"%d" % n: b"V" for n in range(12_000)})),
    **_numbers(),
    **_of_ours(),
    **_properties(),
    "not_a_number": Case(_value("d", "d", float("nan")).encoded, is_refused=True),
    "infinite": Case(_value("d", "d", float("inf")).encoded, is_refused=True),
}


class AsWritten(pika.BasicProperties):
    """What pika sends as it is."""

    def __init__(self, encoded: bytes) -> None:
        super().__init__()
        self._encoded = encoded

    def encode(self) -> list[bytes]:
        return [self._encoded]


def send(url: str, exchange: str, key: str, bodies: Mapping[str, bytes]) -> None:
    """A message for each of these cases, by its name in CASES, confirmed by RabbitMQ."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    for name, body in bodies.items():
        channel.basic_publish(exchange, key, body, AsWritten(CASES[name].encoded), mandatory=True)
    connection.close()
