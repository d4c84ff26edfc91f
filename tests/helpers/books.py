"""Fixtures and words for tests of the warehouse's books, on SQLite and on PostgreSQL alike."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from messaging.contract import codec, topology
from messaging.domain.orders import OnShortage, Order, new_order, new_order_id
from messaging.warehouse.records import CatalogueRow, Decided, Incoming
from messaging.warehouse.store.database import migrations
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.postgresql import private_cluster, private_database
from tests.helpers.stores import order_in_books

ALICE = "11111111-1111-4111-8111-111111111111"
BOB = "22222222-2222-4222-8222-222222222222"
NEW_BOOKS = "NEW_BOOKS"  # in the environment: where another process has made them
TEMPLATE = "opened"  # a PostgreSQL database with the newest schema and the seed's catalogue


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server; the database TEMPLATE in it is ready to be copied."""
    with private_cluster() as server, private_database(server, TEMPLATE) as url:
        store = WarehouseStore(url).open()
        store.close()
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgresql")) if request.param == "postgresql" else ""


@pytest.fixture
def store_url(server: str, tmp_path: Path) -> Iterator[str]:
    if not server:
        yield f"sqlite:///{shutil.copy(new_books(), tmp_path / 'books.sqlite')}"
        return
    with private_database(server, f"test-{uuid4().hex[:12]}", TEMPLATE) as url:
        yield url


@cache
def new_books() -> Path:
    """With the seed's catalogue, in SQLite, to be copied: the migrations take longer than a test."""
    if NEW_BOOKS in os.environ:
        return Path(os.environ[NEW_BOOKS])
    path = Path(tempfile.mkdtemp(prefix="order-desk-")) / "books.sqlite"
    WarehouseStore(f"sqlite:///{path}").open().close()
    return path


@pytest.fixture
def store(store_url: str) -> Iterator[WarehouseStore]:
    """Books with the seed's ten products; they must balance when the test is over."""
    store = WarehouseStore(store_url)
    yield store
    assert store.audit().gaps == ()
    store.close()


def make_old_books(url: str, revision: str, *statements: str) -> None:
    """As the migrations up to `revision` left them, with what these statements put in."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    old = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.exec_driver_sql(statement)
    old.dispose()


def an_order(
    *lines: tuple[str, int],
    user: str = ALICE,
    on_shortage: OnShortage = OnShortage.REJECT,
    order_id: str | None = None,
) -> Order:
    return new_order(user, lines or (("laptop", 1),), on_shortage, order_id)


def incoming(order: Order, redelivered: bool = False) -> Incoming:
    return Incoming(codec.encode(order), topology.NEW_ORDERS_QUEUE.name, redelivered=redelivered)


def cancelling(order: Order, user: str | int | None = None, reason: str = "") -> Incoming:
    command = codec.Cancel(new_order_id(), order.order_id, user or order.user_id, order.created_at, reason)
    return Incoming(codec.encode(command), topology.COMMANDS_QUEUE.name)


def decide(store: WarehouseStore, *orders: Order) -> list[Decided]:
    return store.decide([incoming(order) for order in orders])


def levels(store: WarehouseStore, name: str) -> tuple[int, int]:
    """Units on hand and reserved."""
    (level,) = store.stock.levels([name])
    return level.on_hand, level.reserved


def only(store: WarehouseStore, *products: tuple[str, int]) -> None:
    """Add products with so many units."""
    store.stock.import_catalogue(CatalogueRow(name, 100, units) for name, units in products)


def statuses(store: WarehouseStore, orders: Sequence[Order]) -> list[str]:
    found = [order_in_books(store, order.identity) for order in orders]
    return [order.status.value if order else "" for order in found]
