"""One statement for many rows, compiled once.

SQLAlchemy prepares the parameters of each row anew, which took a third of the time of a batch: here the rows go
to the driver as they are. So the values must be of types that both drivers take unchanged: text, whole numbers.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, insert
from sqlalchemy.sql.dml import UpdateBase

PLACES = {"sqlite": "qmark", "postgresql": "format"}


class Bulk:
    """Rows are tuples in the order of `parameters`, which is that in which the statement uses them."""

    def __init__(self, statement: UpdateBase, *parameters: str) -> None:
        self._statement, self._parameters = statement, parameters
        self._sql: dict[str, str] = {}

    def __call__(self, connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
        if not rows:
            return
        dialect = connection.dialect
        if dialect.name not in self._sql:
            self._sql[dialect.name] = self._compiled(dialect)
        connection.exec_driver_sql(self._sql[dialect.name], list(rows))

    def _compiled(self, dialect: Dialect) -> str:
        kind: Any = type(dialect)
        by_place = kind(paramstyle=PLACES[dialect.name])
        compiled = self._statement.compile(dialect=by_place)
        assert tuple(compiled.positiontup or ()) == self._parameters, compiled.positiontup
        return str(compiled)


def bulk_insert(table: Table, *left_out: str) -> Bulk:
    """Rows with all columns of the table but those left out."""
    names = [column.name for column in table.columns if column.name not in left_out]
    return Bulk(insert(table).values({name: bindparam(name) for name in names}), *names)
