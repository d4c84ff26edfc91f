"""Brings the books to the newest schema, once however many warehouses start together."""

from collections.abc import Callable
from importlib import resources

from sqlalchemy import Connection, delete, false, inspect, text

from messaging.errors import StoreRefused
from messaging.phrases import phrase
from messaging.runtime.upgrading import Told, telling
from messaging.texts import printable
from messaging.warehouse.store.database.schema import HEAD, metadata

UNDER_WAY = phrase("migrate.the_books_are_being_brought_to")
UNDER_WAY_ELSEWHERE = phrase("migrate.is_being_brought_to_this_version")
MAY_BE_UNDER_WAY = phrase("migrate.is_locked_by_another_program_which")
LOCK = 0x0DE50001  # any number, the same in every warehouse


def version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def rehearse(connection: Connection) -> None:
    """Take every lock of a writer and write one page; SQLite writes no page whose bytes stay the same."""
    for table in metadata.tables.values():
        connection.execute(delete(table).where(false()))
    connection.execute(text("UPDATE alembic_version SET version_num = version_num || ' '"))
    connection.execute(text("UPDATE alembic_version SET version_num = trim(version_num)"))


def upgrade(connection: Connection, first: Callable[[Connection], None], told: Told) -> None:
    """Inside a writing transaction. `first` fills new books; `told` is called with a text while
    older ones are upgraded."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    before = version(connection)
    if before == HEAD:
        return
    if before is None:
        _refuse_foreign(connection)
        _run_alembic(connection)
        first(connection)
        return
    with telling(told, UNDER_WAY):
        _run_alembic(connection)


def _refuse_foreign(connection: Connection) -> None:
    """Another program's file stays as it is; a PostgreSQL database may be shared with others' tables of other names."""
    found = set(inspect(connection).get_table_names())
    theirs = found & metadata.tables.keys() if connection.dialect.name == "postgresql" else found
    if theirs:
        named = printable(min(theirs))[:40]
        raise StoreRefused(phrase("migrate.the_database_holds_tables_that_are", named=named))


def _run_alembic(connection: Connection) -> None:
    # Its import takes 300 ms, and most starts do not need it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    with resources.as_file(resources.files("messaging.warehouse.store.database") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreRefused(phrase("migrate.the_database_was_made_by_a")) from error
