"""JSON bytes <-> domain types: the only place where a message is bytes or a dict.

Reading raises no other error than UnreadableMessage, whatever the bytes are.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from messaging.domain.notices import MAYBE_NAME, Notice, derived_event_id
from messaging.domain.orders import (
    TOLD_NAME_PATTERN,
    Number,
    Order,
    OrderId,
    OrderLine,
    OrderStatus,
    Timestamp,
    UserId,
    now,
)
from messaging.domain.stock import StockLevel
from messaging.errors import UnreadableMessage
from messaging.messages import Message
from messaging.phrases import Words, phrase
from messaging.texts import MAX_NAME, is_name, normal_name, printable

CONTENT_TYPE = "application/json"
VERSION = 1
VERSION_HEADER = "order-desk-version"
DEATH_HEADERS = (
    "x-death",
    "x-first-death-",
    "x-last-death-",
)  # prefixes of the headers that RabbitMQ sets when it dead-letters
MAX_BYTES = 65_536  # an order of 100 lines with the longest names has 20 kB
MAX_ANSWER_BYTES = 16_777_216  # RabbitMQ's own limit from 4.0

Limit = Annotated[int, Meta(ge=1, le=1000)]
Identity = Annotated[str, Meta(min_length=1, max_length=128, pattern=TOLD_NAME_PATTERN)]
Reason = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00]*$")]  # PostgreSQL keeps no NUL
BooksId = Annotated[str, Meta(max_length=64, pattern=MAYBE_NAME)]
ReplacedIds = Annotated[str, Meta(max_length=2048, pattern=MAYBE_NAME)]  # separated by blanks
T = TypeVar("T")
_PATTERN = re.compile(r"matching regex '.*?'(?= - at |$)")
WRITTEN = "written as it must be"  # of a text that does not have its pattern
N = TypeVar("N", OrderLine, StockLevel)


class MessageType(StrEnum):
    """The AMQP `type` property of what we send."""

    ORDER = "new_order"
    NOTICE = "order_notice"
    COMMAND = "order_command"
    QUESTION = "warehouse_question"
    ANSWER = "warehouse_answer"
    INVENTORY = "inventory"


class Cancel(Struct, frozen=True, tag="cancel", tag_field="command"):
    """A client's wish to cancel its order; `created_at` is needed for a numbered order only."""

    command_id: Identity
    order_id: OrderId
    user_id: UserId
    created_at: Timestamp
    reason: Reason = ""


Command = Cancel


class AskCatalogue(Struct, frozen=True, tag="catalogue", tag_field="question"):
    """Which products are there, at what price, how many are free?

    `after`: those that come after this product, "" for the first ones. None: all of them at once, as far as a message
    holds them; so older clients ask.
    """

    after: Annotated[str, Meta(max_length=MAX_NAME)] | None = None


class AskEvents(Struct, frozen=True, tag="events", tag_field="question"):
    """What became of this user's orders after event number `after`? None as user: everybody's."""

    after: Number
    user_id: UserId | None = None
    limit: Limit = 500


class AskOrder(Struct, frozen=True, tag="order", tag_field="question"):
    """The whole history of one order, by its identity; an older client gives its UUID alone."""

    identity: Identity


Question = AskCatalogue | AskEvents | AskOrder


class Inventory(Struct, frozen=True):
    """Stock levels; `full` when it is the whole catalogue and not only what changed.

    `books`: the id of those they are from; `replaces`: ids of the books whose place these have taken.
    A catalogue that is too large for one message comes in pages: the first is `full`, `more` says that another follows.
    """

    levels: tuple[StockLevel, ...]
    full: bool = False
    more: bool = False
    books: BooksId = ""
    replaces: ReplacedIds = ""


def all_at(broker: str) -> str:
    """An id for `replaces` that stands for any books followed at the broker of this name."""
    return f"at:{hashlib.sha256(broker.encode(errors='replace')).hexdigest()[:16]}"


class Events(Struct, frozen=True):
    """Notices in the order of `seq`; `upto` is the highest number the warehouse had looked at,
    `more` says that there are further ones to ask for. `queued`: orders that were not decided yet before it looked;
    None where it does not know. `books` and `replaces` as in an inventory."""

    notices: tuple[Notice, ...]
    upto: Number
    more: bool = False
    queued: Number | None = None
    books: BooksId = ""
    replaces: ReplacedIds = ""


def _as_text(words: object) -> str:
    """msgspec writes texts of no class but `str` by itself."""
    if isinstance(words, Words):
        return str(words)
    raise NotImplementedError(type(words))


_encoder = msgspec.json.Encoder(enc_hook=_as_text)
_order = msgspec.json.Decoder(Order)
_notice = msgspec.json.Decoder(Notice)
_command = msgspec.json.Decoder(Command)
_question: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
_inventory = msgspec.json.Decoder(Inventory)
_events = msgspec.json.Decoder(Events)


def encode(message: Struct) -> bytes:
    return _encoder.encode(message)


def encode_text(text: str) -> bytes:
    return _encoder.encode(text)


def encode_message(message: Message) -> str:
    return _encoder.encode(message).decode()


def encode_many(messages: Iterable[Struct]) -> bytes:
    return _encoder.encode(list(messages))


def read_order(body: bytes) -> Order:
    """An order with the normal names of its products: composed and decomposed letters are one product."""
    order = _read(_order.decode, body, phrase("codec.order"))
    lines = tuple(_normal(line) for line in order.lines)
    if not all(is_name(line.name) for line in lines):
        raise UnreadableMessage(phrase("codec.this_order_breaks_the_contract_a"))
    return order if lines == order.lines else msgspec.structs.replace(order, lines=lines)


def read_command(body: bytes) -> Command:
    return _read(_command.decode, body, phrase("codec.command"))


def read_question(body: bytes) -> Question:
    return _read(_question.decode, body, phrase("codec.question"))


def read_inventory(body: bytes) -> Inventory:
    """Stock levels by the normal names of the products, as orders are placed."""
    inventory = _read(_inventory.decode, body, phrase("codec.stock_levels"), MAX_ANSWER_BYTES)
    return msgspec.structs.replace(inventory, levels=tuple(_normal(level) for level in inventory.levels))


def read_events(body: bytes) -> Events:
    return _read(_events.decode, body, phrase("codec.answer"), MAX_ANSWER_BYTES)


def read_notice(body: bytes) -> Notice:
    """Read a notice; fields that a program written to the original contract does not send are filled in."""
    notice = _read(_notice.decode, body, phrase("codec.notice"))
    if notice.status is OrderStatus.NEW:
        raise UnreadableMessage(phrase("codec.this_notice_says_nothing_new_its"))
    if notice.event_id and notice.occurred_at:
        return notice
    event_id = notice.event_id or derived_event_id(notice.identity, notice.status)
    return msgspec.structs.replace(notice, event_id=event_id, occurred_at=notice.occurred_at or now())


def is_of_death(header: str) -> bool:
    """Whether a header is one of dead-lettering, which any sender may forge."""
    return header.lower().startswith(DEATH_HEADERS)


def check_version(headers: dict[str, object]) -> None:
    """Raise UnreadableMessage where the sender's version of the contract is newer than ours."""
    version = headers.get(VERSION_HEADER, VERSION)
    if version != VERSION:
        raise UnreadableMessage(phrase("codec.version_of_the_message_is_not", version=version))


def too_large(size: int, limit: int = MAX_BYTES) -> UnreadableMessage:
    return UnreadableMessage(phrase("codec.this_message_has_bytes_more_than", size=size, limit=limit))


def _read(decode: Callable[[bytes], T], body: bytes, kind: str, limit: int = MAX_BYTES) -> T:
    if len(body) > limit:
        raise UnreadableMessage(phrase("codec.this_has_bytes_more_than", kind=kind, body=len(body), limit=limit))
    try:
        message = decode(body)
        # Long answers come from the warehouse alone. A message equal to our own encoding is not ambiguous.

        if limit == MAX_BYTES and _encoder.encode(message) != body:
            _refuse_ambiguous(body)
    except _Ambiguous as error:
        raise UnreadableMessage(phrase("codec.this_is_ambiguous", kind=kind, error=_plain(error))) from error
    except msgspec.ValidationError as error:
        raise UnreadableMessage(phrase("codec.this_breaks_the_contract", kind=kind, error=_plain(error))) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnreadableMessage(phrase("codec.this_is_not_json", kind=kind, error=_plain(error))) from error
    return message


def _normal(named: N) -> N:
    name = normal_name(named.name)
    return named if name == named.name else msgspec.structs.replace(named, name=name)


class _Ambiguous(Exception):
    """The message has two readings, as with a field given twice."""


def _refuse_ambiguous(body: bytes) -> None:
    """Raise _Ambiguous for a field given twice, of whose values parsers choose different ones.

    Unknown fields, which msgspec skips, must be JSON in UTF-8 too.
    """
    json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=_no_number)


def _once(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _Ambiguous(phrase("codec.a_field_is_given_twice"))


def _no_number(text: str) -> None:
    raise _Ambiguous(phrase("codec.is_no_number", text=text))


def _plain(error: Exception) -> str:
    """The error in one line of 200 characters, without control characters and without the patterns of the contract."""
    text = _PATTERN.sub(WRITTEN, " ".join(str(error).split()))
    return printable(text[:200].rstrip("."))
