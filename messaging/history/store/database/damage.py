"""Names the damaged cell, by table, row and column, where work fails for what a history holds."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from messaging.domain.notices import Notice
from messaging.domain.orders import MOST_STORED, Order, OrderStatus
from messaging.domain.stock import DecidedLine, StockLevel
from messaging.errors import StoreUnavailable
from messaging.history.records import Draft, OrderState
from messaging.history.store.database import schema
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import printable

LOG = logging.getLogger(__name__)
OF_A_VALUE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, msgspec.MsgspecError, sqlite3.Error)
KINDS: Mapping[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "REAL": (int, float), "BLOB": (bytes,)}


class CheckedColumn(NamedTuple):
    name: str
    kinds: tuple[type, ...]  # none: that of a mark, which may be anything
    is_nullable: bool


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Raises StoreUnavailable where the history at this path is what work fails for."""
    try:
        yield
    except (*OF_A_VALUE, schema.HistoryDamaged) as error:
        what = odd_cell(path)
        if not what:
            raise
        LOG.exception("the history holds something odd")
        raise StoreUnavailable(phrase("damage.the_history_is_damaged_move_it", name=path.name, what=what)) from error


def odd_cell(path: Path) -> Words:
    """Where the first damaged cell is and what is wrong with it; empty where there is none."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory, connection.text_factory = sqlite3.Row, _text
        for table, columns in _columns().items():
            for row in connection.execute(f"SELECT * FROM {table}"):
                for column in columns:
                    if what := _harm(table, column, row):
                        first = columns[0].name
                        return phrase(
                            "damage.table_column",
                            table=table,
                            first=first,
                            row=_shown(row[first]),
                            name=column.name,
                            what=what,
                        )
    return NO_WORDS


def _columns() -> Mapping[str, list[CheckedColumn]]:
    """The columns of each table, as a new history has them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.take_steps(connection)
        return {table: [_column(*row) for row in connection.execute(f"PRAGMA table_info({table})")]
                for table in schema.TABLES}  # fmt: skip


def _column(_number: int, name: str, kind: str, not_null: int, _default: object, key: int) -> CheckedColumn:
    return CheckedColumn(name, KINDS.get(kind, ()), not (not_null or key))


def _harm(table: str, column: CheckedColumn, row: sqlite3.Row) -> Words:
    value = row[column.name]
    if value is None and column.kinds:
        return NO_WORDS if column.is_nullable else phrase("damage.it_is_missing")
    if column.kinds and not isinstance(value, column.kinds):
        return phrase("damage.it_is_of_another_kind_than")
    if isinstance(value, int) and abs(value) > MOST_STORED:
        return phrase("damage.the_number_is_too_large")
    reads = READ.get(f"{table}.{column.name}") or (_mark_of(row["key"]) if not column.kinds else None)
    return _unread(reads, value) if reads else NO_WORDS


def _unread(reads: Callable[[Any], object], value: object) -> Words:
    try:
        reads(value)
    except (ValueError, TypeError, ArithmeticError, msgspec.MsgspecError):
        return phrase("damage.it_is_nothing_that_an_order")
    return NO_WORDS


def _mark_of(key: object) -> Callable[[Any], object] | None:
    """How a mark with this key is read."""
    return MARKS.get(str(key).partition("/")[0])


def _whole(value: object) -> None:
    if not isinstance(value, int):
        raise TypeError("no whole number")


def _maybe(kind: Any) -> Callable[[Any], object]:
    return lambda body: msgspec.json.decode(body, type=kind) if body else None


READ: Mapping[str, Callable[[Any], object]] = {
    "orders.body": msgspec.json.Decoder(Order).decode,
    "orders.state": OrderState,
    "orders.lines": msgspec.json.Decoder(tuple[DecidedLine, ...]).decode,
    "notices.body": msgspec.json.Decoder(Notice).decode,
    "notices.status": OrderStatus,
}
MARKS: Mapping[str, Callable[[Any], object]] = {
    **dict.fromkeys(("version", "indexed_to", "all_read_to", "all_read_by", "caught_up_to", "listener"), _whole),
    "draft": _maybe(Draft),
    "catalogue": _maybe(list[StockLevel]),
    "views": _maybe(list[tuple[str, str]]),
}


def _text(raw: bytes) -> object:
    """The text of a cell; its bytes where they are no UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _shown(value: object) -> str:
    return printable(str(value))[:60]
