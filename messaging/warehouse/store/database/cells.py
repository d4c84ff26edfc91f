"""Damaged cells of the books: a row that holds one is refused when it is read, and `odd_cells` names them all.

SQLite keeps in any column whatever somebody forces into it; PostgreSQL at least numbers that nothing can be added to.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Dialect,
    LargeBinary,
    MetaData,
    RowMapping,
    Table,
    Text,
    TypeDecorator,
    select,
    type_coerce,
)
from sqlalchemy.types import NULLTYPE, TypeEngine

from messaging.domain.notices import Notice
from messaging.domain.orders import MOST_STORED, OnShortage, OrderStatus
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import printable
from messaging.warehouse.records import LedgerKind, SetAsideState

AT_ONCE = 1000  # rows
LAST_YEAR = 9000  # days are added to times


class OddCell(ValueError):
    """Read from a row; which one it is is found by `odd_cells`."""


class NoText:
    """In place of a text that is not UTF-8."""


class Cell(TypeDecorator[Any]):
    """A column whose values are checked when they are read."""

    impl = Text  # in general; each has its own
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any], is_nullable: bool = False) -> None:
        super().__init__()
        self.impl = self.impl_instance = kind  # type: ignore[assignment]
        self.is_nullable = is_nullable
        self._type = str if isinstance(kind, Text) else bytes if isinstance(kind, LargeBinary) else int

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Raises OddCell."""
        what = self.harm(value)
        if what:
            raise OddCell(what)
        return value

    def harm(self, value: Any) -> Words:
        """What is wrong with it; empty where nothing is."""
        if value is None:
            return NO_WORDS if self.is_nullable else phrase("damage.it_is_missing")
        if not isinstance(value, self._type):
            return _of_another_kind(self._type)
        is_too_large = isinstance(value, int) and abs(value) > MOST_STORED
        return phrase("damage.the_number_is_too_large") if is_too_large else NO_WORDS


def guard(metadata: MetaData) -> None:
    """Check every column of these tables from now on."""
    for table in metadata.tables.values():
        for column in table.columns:
            column.type = Cell(column.type, bool(column.nullable))


def odd_cells(connection: Connection, metadata: MetaData, *, contents: bool) -> Generator[Words]:
    """Each of them in words, table by table. Without `contents` texts are not read, and any is right.

    Whoever stops early closes it.
    """
    with _texts_as_they_are(connection):
        for table in metadata.tables.values():
            raw = select(*(type_coerce(column, NULLTYPE).label(column.name) for column in table.columns))
            with closing(connection.execute(raw.execution_options(yield_per=AT_ONCE))) as rows:
                for row in rows:
                    yield from _odd_in(table, row._mapping, contents)


def _odd_in(table: Table, values: RowMapping, contents: bool) -> Iterator[Words]:
    for column in table.columns:
        what = column.type.harm(values[column.name]) if isinstance(column.type, Cell) else NO_WORDS
        what = what or (_unreadable(f"{table.name}.{column.name}", values) if contents else NO_WORDS)
        if what:
            key = ", ".join(f"{one.name} {_shown(values[one.name])}" for one in table.primary_key)
            yield phrase("cells.table_column", name=table.name, key=key, name_=column.name, what=what)


def _unreadable(name: str, values: RowMapping) -> Words:
    try:
        if name in READ:
            READ[name](values[name.partition(".")[2]])
        elif name in NUMBERS and values[NUMBERS[name]]:
            int(values[name.partition(".")[2]])
    except (ValueError, msgspec.MsgspecError):
        return phrase("damage.it_is_nothing_that_an_order")
    return NO_WORDS


def moment(text: str) -> str:
    """A time in ISO 8601, or empty. Raises OddCell."""
    try:
        is_odd = bool(text) and datetime.fromisoformat(text).year >= LAST_YEAR
    except ValueError:
        is_odd = True
    if is_odd:
        raise OddCell("no time")
    return text


READ: Mapping[str, Callable[[Any], object]] = {
    "orders.status": OrderStatus,
    "orders.on_shortage": OnShortage,
    "events.status": OrderStatus,
    "events.notice": msgspec.json.Decoder(Notice).decode,
    "stock_ledger.kind": LedgerKind,
    "set_aside.state": SetAsideState,
    "set_aside.headers": msgspec.json.Decoder(dict[str, object]).decode,
    "set_aside.properties": msgspec.json.Decoder(dict[str, object]).decode,
    "set_aside.ended_at": moment,
}
NUMBERS = {"orders.order_id": "order_is_number", "orders.user_id": "user_is_number"}  # digits, where this says so


def _of_another_kind(wanted: type) -> Words:
    if wanted is str:
        return phrase("cells.it_is_no_text")
    return phrase("cells.it_is_no_whole_number") if wanted is int else phrase("cells.these_are_no_bytes")


def _shown(value: object) -> str:
    return "?" if isinstance(value, NoText) else printable(str(value))[:60]


@contextmanager
def _texts_as_they_are(connection: Connection) -> Iterator[None]:
    """SQLite's driver ends at a text that is none: while this lasts it gives NoText."""
    driver = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if driver is None:
        yield
        return
    before, driver.text_factory = driver.text_factory, _text
    try:
        yield
    finally:
        driver.text_factory = before


def _text(raw: bytes) -> object:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return NoText()
