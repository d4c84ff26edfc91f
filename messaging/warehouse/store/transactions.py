"""Every call into the books is one transaction, and whatever fails in it is put in words here."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from messaging.errors import StoreDamaged, StoreUnavailable
from messaging.phrases import phrase
from messaging.runtime.upgrading import Told, nobody
from messaging.warehouse.catalogue_csv import seed_catalogue
from messaging.warehouse.records import LedgerKind
from messaging.warehouse.store.changes import stock_postings
from messaging.warehouse.store.damage import whole
from messaging.warehouse.store.database import migrate
from messaging.warehouse.store.database.engine import Database, is_locked
from messaging.warehouse.store.database.schema import HEAD

P = ParamSpec("P")
S = TypeVar("S", bound="StorePart")
T = TypeVar("T")


class Transactions:
    """Opens the books by itself at the first call; a wrong URL is a UsageError at once."""

    def __init__(self, url: str, told: Told = nobody) -> None:
        """`told` is called with a text while older books are brought to this version."""
        self.database = Database(url)
        self._told = told
        self._is_open = False

    def open(self) -> None:
        """Migrate where needed; new books get the seed's catalogue."""
        if not self._is_open:
            whole(self.database, self._upgrade)
            self._is_open = True

    def close(self) -> None:
        self.database.close()
        self._is_open = False

    def read(self, work: Callable[[Connection], T]) -> T:
        """`work` sees the books at one moment. Raises StoreUnavailable, or StoreDamaged with the cell's name."""
        return whole(self.database, lambda: self._read(work))

    def write(self, work: Callable[[Connection], T]) -> T:
        """All or nothing; raises as `read` does. `work` is done again where another writer was in its way."""
        return whole(self.database, lambda: self.write_incoming(work))

    def write_incoming(self, work: Callable[[Connection], T]) -> T:
        """As `write`, for what comes from the queues. One of damage.OF_A_VALUE is raised as it is: the value may be of
        one message, and whose it is shows when that message is written alone."""
        self.open()
        return self.database.write(work)

    def write_set_aside(self, work: Callable[[Connection], T]) -> T:
        """As `write`. Where what came cannot even be set aside, the books cannot be used: raises StoreUnavailable."""
        try:
            return self.write(work)
        except StoreDamaged as error:
            raise StoreUnavailable(error.words) from error

    def _read(self, work: Callable[[Connection], T]) -> T:
        self.open()
        return self.database.read(work)

    def _upgrade(self) -> None:
        """Large books keep another process that upgrades them busy for minutes: who comes meanwhile is told so."""
        remedy = migrate.MAY_BE_UNDER_WAY
        try:
            if self.database.read(migrate.version) != HEAD:
                remedy = migrate.UNDER_WAY_ELSEWHERE
                self.database.write(lambda connection: migrate.upgrade(connection, _first_stock, self._told))
        except StoreUnavailable as error:
            if not is_locked(error):
                raise
            raise StoreUnavailable(phrase("engine.the_database", title=self.database.title, remedy=remedy)) from error


class StorePart:
    """A part of the store: methods under `reads` and `writes` are written with the connection of their transaction,
    and are called without it."""

    def __init__(self, transactions: Transactions) -> None:
        self.transactions = transactions


def reads(work: Callable[Concatenate[S, Connection, P], T]) -> Callable[Concatenate[S, P], T]:
    """The method runs in one transaction that changes nothing; raises as `Transactions.read`."""

    @wraps(work)
    def run(part: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return part.transactions.read(lambda connection: work(part, connection, *args, **kwargs))

    return run


def writes(work: Callable[Concatenate[S, Connection, P], T]) -> Callable[Concatenate[S, P], T]:
    """The method runs in one transaction, all or nothing; raises as `Transactions.write`."""

    @wraps(work)
    def run(part: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return part.transactions.write(lambda connection: work(part, connection, *args, **kwargs))

    return run


def _first_stock(connection: Connection) -> None:
    stock_postings.import_catalogue(connection, seed_catalogue(), LedgerKind.OPENING)
