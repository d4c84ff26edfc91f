"""Names the damaged cell, by table, row and column, where work fails for what the books hold."""

import logging
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from messaging.errors import StoreDamaged
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.warehouse.store.audit import audit
from messaging.warehouse.store.database.cells import OddCell, odd_cells
from messaging.warehouse.store.database.engine import Database
from messaging.warehouse.store.database.schema import metadata

LOG = logging.getLogger(__name__)
T = TypeVar("T")

# What a value can do to a transaction; anything about the database itself is StoreUnavailable.
OF_A_VALUE = (
    *(IntegrityError, DataError, ValueError, msgspec.MsgspecError),
    *(TypeError, LookupError, ArithmeticError, AttributeError, AssertionError),
)


def whole(database: Database, work: Callable[[], T]) -> T:
    """Do this work. Raises StoreDamaged where the books hold what no Order Desk has written."""
    try:
        return work()
    except OF_A_VALUE as error:
        what = odd_cell(database) or _gap(database)
        if not what and isinstance(error, OddCell):
            what = phrase("damage.a_cell_holds_what_no_order")
        if not what:
            raise
        LOG.exception("the books hold something odd")
        raise StoreDamaged(in_words(what)) from error


def odd_cell(database: Database) -> Words:
    """Where the first damaged cell is and what is wrong with it; empty where there is none."""
    return database.read(_first_odd)


def _first_odd(connection: Connection) -> Words:
    with closing(odd_cells(connection, metadata, contents=True)) as found:
        return next(found, NO_WORDS)


def in_words(what: Words) -> Words:
    return phrase("damage.the_books_are_damaged_see_audit", what=what)


def _gap(database: Database) -> Words:
    """Why the books do not balance; empty where they do."""
    return Words(next(iter(database.read(audit.audit).gaps), ""))
