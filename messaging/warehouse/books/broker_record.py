"""The broker's own record of whose books are served there, and what it says against serving others."""

import socket
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from messaging.contract.codec import MAX_BYTES, ReplacedIds
from messaging.domain.orders import MAX_NUMBER, Number, now
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import NAME_PATTERN
from messaging.warehouse.store.books_identity import BooksIdentity

Host = Annotated[str, Meta(min_length=1, max_length=255, pattern=NAME_PATTERN)]
Moment = Annotated[str, Meta(min_length=1, max_length=64, pattern=NAME_PATTERN)]


class BooksRecord(Struct, frozen=True):
    """`seq`: of the books' last event when it was written; `writes` grows with every writing of it."""

    books: Annotated[str, Meta(min_length=1, max_length=64, pattern=NAME_PATTERN)]
    made_at: Moment
    seq: Number
    at: Moment
    host: Host
    replaces: ReplacedIds = ""
    writes: Number = 1


_decoder = msgspec.json.Decoder(BooksRecord)


def written(mine: BooksIdentity, writes: int) -> BooksRecord:
    """What takes the place of the record there was."""
    host = socket.gethostname()[:255] or "localhost"
    return BooksRecord(mine.id, mine.made_at, mine.seq, now(), host, mine.replaces, min(writes, MAX_NUMBER))


def newest(bodies: Sequence[bytes]) -> BooksRecord | None:
    """The one that counts: there are several after a kill, or where two began at once."""
    records = [record for body in bodies if (record := _readable(body)) is not None]
    replaced = {one for record in records for one in record.replaces.split()}
    standing = [record for record in records if record.books not in replaced] or records
    if not standing:
        return None
    books = max(standing, key=lambda record: (record.writes, record.books)).books
    return max((record for record in standing if record.books == books), key=lambda record: (record.seq, record.writes))


def objection(found: BooksRecord | None, mine: BooksIdentity) -> Words:
    """Why these books must not be served here before somebody says so; none where they may."""
    if found is None or found.books in mine.replaces.split():
        return NO_WORDS
    if found.books != mine.id:
        return phrase(
            "broker_record.this_rabbitmq_is_served_with_other",
            made_at=_moment(found.made_at),
            at=_moment(found.at),
            host=found.host,
        )
    if found.seq > mine.seq:
        return phrase(
            "broker_record.these_books_are_an_older_copy",
            seq=mine.seq,
            seq_=found.seq,
            at=_moment(found.at),
            host=found.host,
        )
    return NO_WORDS


def _readable(body: bytes) -> BooksRecord | None:
    """None for what is nobody's record: it goes with the next writing."""
    try:
        return _decoder.decode(body) if len(body) <= MAX_BYTES else None
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _moment(text: str) -> str:
    """To the minute, as it was written: in UTC."""
    return f"{text[:16].replace('T', ' ')} UTC"
