"""The doctor's check of whose books are served at the broker, against the books of this machine."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from messaging.broker.diagnostics.check_results import CheckResult, State
from messaging.broker.diagnostics.probe import Probe, StepRefused
from messaging.broker.retained_message import RetainedMessage
from messaging.commands.support.books import opened
from messaging.contract.topology import BOOKS_RECORD_QUEUE
from messaging.errors import OrderDeskError
from messaging.phrases import phrase
from messaging.runtime.settings import Settings
from messaging.warehouse.books.broker_record import BooksRecord, newest, objection
from messaging.warehouse.store.books_identity import BooksIdentity

NAME = "books"
TRIES = 5  # a warehouse that writes the record holds it for a moment
INSTEAD = phrase("served_books.stop_the_other_warehouse_and_start")


def served_books(url: str, settings: Settings) -> Iterator[CheckResult]:
    try:
        record, mine = _record(url), _mine(settings)
    except StepRefused as refused:
        yield CheckResult(NAME, State.UNKNOWN, phrase("served_books.whose_books_are_served_cannot_be", refused=refused))
    except OrderDeskError as error:
        yield CheckResult(NAME, State.UNKNOWN, error.words)
    else:
        yield _compared(record, mine)


def _compared(record: BooksRecord | None, mine: BooksIdentity | None) -> CheckResult:
    if record is None:
        return CheckResult(NAME, State.OK, phrase("served_books.no_warehouse_has_served_this_rabbitmq"))
    at, host = f"{record.at[:16].replace('T', ' ')} UTC", record.host
    if mine is None:
        made = record.made_at[:10]
        return CheckResult(
            NAME,
            State.OK,
            phrase("served_books.rabbitmq_is_served_with_books_made", made=made, at=at, host=host),
        )
    why = objection(record, mine)
    if why:
        return CheckResult(NAME, State.PROBLEM, why, INSTEAD)
    return CheckResult(NAME, State.OK, phrase("served_books.rabbitmq_is_served_with_these_books", at=at, host=host))


def _record(url: str) -> BooksRecord | None:
    with Probe(url, "order-desk-doctor") as session:
        for _ in range(TRIES):
            found: BooksRecord | None = session.do(_read_record)
            if found is not None:
                return found
    return None


def _read_record(channel: Any, answer: Callable[[Any], object]) -> None:
    """Take the record, and put it back."""
    record = RetainedMessage(channel, BOOKS_RECORD_QUEUE.name)

    def taken(bodies: list[bytes]) -> None:
        found = newest(bodies)
        if found is None:
            answer(None)
        else:
            record.put(msgspec.json.encode(found), lambda: answer(found))

    record.take(taken)


def _mine(settings: Settings) -> BooksIdentity | None:
    """None where there are no books on this machine; none are made for this."""
    file = settings.folder.warehouse
    if not settings.database and not (file.exists() and file.stat().st_size):
        return None
    with opened(settings) as store:
        return store.identity()
