"""The doctor's look at the broker's record of whose books are served there, and at the books of this machine."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from messaging.broker.diagnostics.findings import CheckResult, State
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
TRIES = 5  # looks: a warehouse that writes the record has it for a moment
INSTEAD = phrase(
    "stop the other warehouse and start this one once with --take-over, "
    "or use those books with --database or --data-dir"
)


def served_books(url: str, settings: Settings) -> Iterator[CheckResult]:
    try:
        record, mine = _record(url), _mine(settings)
    except StepRefused as refused:
        yield CheckResult(NAME, State.UNKNOWN, phrase(f"Whose books are served cannot be seen: {refused}"))
    except OrderDeskError as error:
        yield CheckResult(NAME, State.UNKNOWN, error.words)
    else:
        yield _compared(record, mine)


def _compared(record: BooksRecord | None, mine: BooksIdentity | None) -> CheckResult:
    if record is None:
        return CheckResult(NAME, State.OK, phrase("No warehouse has served this RabbitMQ yet."))
    at, host = f"{record.at[:16].replace('T', ' ')} UTC", record.host
    if mine is None:
        made = record.made_at[:10]
        return CheckResult(
            NAME,
            State.OK,
            phrase(f"RabbitMQ is served with books made {made}, last used {at} by {host}; here are none."),
        )
    why = objection(record, mine)
    if why:
        return CheckResult(NAME, State.PROBLEM, why, INSTEAD)
    return CheckResult(NAME, State.OK, phrase(f"RabbitMQ is served with these books, last {at} by {host}."))


def _record(url: str) -> BooksRecord | None:
    with Probe(url, "order-desk-doctor") as session:
        for _ in range(TRIES):
            found: BooksRecord | None = session.do(_look)
            if found is not None:
                return found
    return None


def _look(channel: Any, answer: Callable[[Any], object]) -> None:
    """Take it, and put back what was there."""
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
