"""Rows of the history's tables as records."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from messaging.contract.kept_words import kept_words
from messaging.domain.notices import Notice
from messaging.domain.orders import Order
from messaging.domain.stock import DecidedLine
from messaging.history.records import OrderState, Owed, PlacedOrder, StoredNotice
from messaging.history.store.database.schema import NOT_OURS, HistoryDamaged

# What is on disk was checked when it came in.
_orders = msgspec.json.Decoder(Order)
_notices = msgspec.json.Decoder(Notice)
_lines = msgspec.json.Decoder(tuple[DecidedLine, ...])


@contextmanager
def of_this_program() -> Iterator[None]:
    """Raises HistoryDamaged for a row that no Order Desk has written."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, msgspec.MsgspecError) as error:
        raise HistoryDamaged(NOT_OURS) from error


@of_this_program()
def placed_order(row: sqlite3.Row) -> PlacedOrder:
    values = dict(
        number=row["number"],
        order=_orders.decode(row["body"]),
        state=OrderState(row["state"]),
        lines=_lines.decode(row["lines"]),
        placed_at=row["placed_at"],
        accepted_at=row["accepted_at"],
        changed_at=row["changed_at"],
        reason=row["reason"],
        problem=row["problem"],
        label=row["label"],
        total=row["total"],
        cancel_asked=bool(row["cancel_asked"]),
        version=row["version"],
    )
    order = msgspec.convert(values, PlacedOrder)
    if not order.reason and not order.problem:
        return order
    reason, problem = (kept_words(row[name], row[f"{name}_message"]) for name in ("reason", "problem"))
    return msgspec.structs.replace(order, reason=reason, problem=problem)


@of_this_program()
def stored_notice(row: sqlite3.Row) -> StoredNotice:
    notice = _notices.decode(row["body"])
    values = {"row": row["row"], "notice": notice, "received_at": row["received_at"]}
    return msgspec.convert(values | {"missed": bool(row["missed"]), "read": bool(row["read"])}, StoredNotice)


@of_this_program()
def owed_message(row: sqlite3.Row) -> Owed:
    if not isinstance(row["body"], bytes):
        raise TypeError("no bytes")
    return Owed(row["row"], row["identity"], row["body"], bool(row["is_command"]))
