"""A warehouse whose database is away: it says so, gives back what it holds, and takes it up again by itself."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from messaging.contract import codec
from messaging.domain.stock import StockLevel
from messaging.history.records import OrderState
from messaging.ports import Phase
from messaging.warehouse.records import CatalogueRow
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.faults.test_databases import locked
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.amqp import depth, publish
from tests.helpers.books import TEMPLATE
from tests.helpers.postgresql import GUARDED, Server, administer, private_database, private_server
from tests.helpers.proxy import proxy_to
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually


@pytest.fixture
def postgresql_server() -> Iterator[Server]:
    with private_server() as server:
        yield server


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def through(url: str, proxy_url: str) -> str:
    """The same database by way of the proxy."""
    return re.sub(r"@[^/]+/", f"@{proxy_url.rpartition('@')[2].split('/')[0]}/", url)


def test_of_two_warehouses_the_healthy_one_takes_what_the_other_gives_back(
    shop: Shop, broker_url: str, postgresql: str, tmp_path: Path
) -> None:
    alice = shop.profile()
    orders = some_orders(alice, 60)
    with private_database(postgresql, f"two-{uuid4().hex[:12]}", TEMPLATE) as url, proxy_to(postgresql) as way:
        shop.settings = replace(shop.settings, database=url)
        cut_off = Shop(tmp_path / "cut-off", broker_url, database=through(url, way.url), consumers=3)
        with cut_off.warehouse() as (_, away), shop.client(alice) as (client, told):
            away.until(lambda t: t.is_ready)
            client.place_many([("", order) for order in orders[:10]]).result(10)
            told.until(lambda t: decided(t) == 10)
            way.close()
            client.place_many([("", order) for order in orders[10:40]]).result(10)
            away.until(lambda t: t.says_away("postgresql"))
            with shop.warehouse() as (_, healthy):
                healthy.until(lambda t: t.is_ready)
                told.until(lambda t: decided(t) == 40)
                client.place_many([("", order) for order in orders[40:]]).result(10)
                told.until(lambda t: decided(t) == 60)
                assert away.says_away("postgresql")
        assert_each_once(shop, alice, orders)


def test_postgresql_that_stops_and_comes_back_is_waited_for(
    shop: Shop, broker_url: str, postgresql_server: Server
) -> None:
    alice = shop.profile()
    orders = some_orders(alice, 30)
    with private_database(postgresql_server.url, f"stop-{uuid4().hex[:12]}") as url:
        shop.settings = replace(shop.settings, database=url)
        with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
            done.until(lambda t: t.is_ready)
            client.place_many([("", order) for order in orders[:10]]).result(10)
            told.until(lambda t: decided(t) == 10)
            postgresql_server.stop()
            client.place_many([("", order) for order in orders[10:]]).result(10)
            done.until(lambda t: t.says_away("postgresql"))
            assert depth(broker_url, "new_orders_queue", 20) == 20  # given back: nobody holds one
            postgresql_server.start()
            told.until(lambda t: decided(t) == 30)
            done.until(lambda t: t.is_ready)
        assert depth(broker_url, "dead_letter_queue") == 0
        assert_each_once(shop, alice, orders)


def test_questions_and_dead_letters_are_given_back_too(shop: Shop, broker_url: str) -> None:
    books = shop.folder / "warehouse.sqlite"
    shop.settings = replace(shop.settings, database=f"sqlite:///{books}")
    with shop.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
        with locked(books):
            done.until(lambda t: t.says_away("warehouse.sqlite"))
            publish(broker_url, "dead_letter_exchange", "", [b"somebody's"])
            publish(broker_url, "warehouse_query_exchange", "question", [codec.encode(codec.AskCatalogue())])
            assert depth(broker_url, "dead_letter_queue", 1) == 1
            assert depth(broker_url, "warehouse_query_queue", 1) == 1
        eventually(lambda: depth(broker_url, "dead_letter_queue") == 0)
        eventually(lambda: depth(broker_url, "warehouse_query_queue") == 0)
    kept = shop.look(lambda store: store.set_aside.page())
    assert sorted(one.queue for one in kept) == ["dead_letter_queue", "warehouse_query_queue"]  # it named no asker


def test_an_idle_warehouse_says_it_too(shop: Shop) -> None:
    books = shop.folder / "warehouse.sqlite"
    shop.settings = replace(shop.settings, database=f"sqlite:///{books}")
    with shop.warehouse() as (desk, done):
        done.until(lambda t: t.is_ready)
        desk.pause()
        with locked(books):
            done.until(lambda t: t.says_away("locked by another program"))
        done.until(lambda t: t.is_ready)
        phases = [state.phase for state in done.states]
    assert phases.count(Phase.DATABASE_AWAY) == 1, "it does not flap"


@contextmanager
def command(shop: Shop, database: str) -> Iterator["subprocess.Popen[str]"]:
    line = [sys.executable, "-m", "messaging", "warehouse", "--broker", shop.url, "--database", database]
    line += ["--data-dir", str(shop.folder)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) is not None


def line_with(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stderr
    for line in process.stderr:
        assert "Traceback" not in line
        if words in line:
            return line
    raise AssertionError(f"it ended without {words!r}: {process.wait(5)}")


def test_a_warehouse_started_while_postgresql_is_away_waits_for_it(shop: Shop, postgresql_server: Server) -> None:
    alice = shop.profile()
    orders = some_orders(alice, 5)
    with private_database(postgresql_server.url, f"away-{uuid4().hex[:12]}") as url:
        shop.settings = replace(shop.settings, database=url)
        postgresql_server.stop()
        with command(shop, url) as process, shop.client(alice) as (client, told):
            assert "postgresql" in line_with(process, "Database not reachable")
            client.place_many([("", order) for order in orders]).result(10)
            told.until(lambda t: sum(o.state is OrderState.ACCEPTED for o in t.orders.values()) == 5)
            postgresql_server.start()
            told.until(lambda t: decided(t) == 5)
        assert process.returncode == 0
        assert_each_once(shop, alice, orders)


def test_a_warehouse_started_while_its_books_are_locked_waits_for_them(shop: Shop) -> None:
    books = shop.folder / "warehouse.sqlite"
    shop.settings = replace(shop.settings, database=f"sqlite:///{books}")
    shop.look(lambda store: store.stock.levels())
    with locked(books):
        process = command(shop, shop.settings.database)
        running = process.__enter__()
        assert "warehouse.sqlite is locked" in line_with(running, "Database not reachable")
    line_with(running, "Connected to")
    process.__exit__(None, None, None)


def test_a_desk_started_while_postgresql_is_away_waits_for_it(shop: Shop, postgresql_server: Server) -> None:
    alice = shop.profile()
    orders = some_orders(alice, 5)
    with private_database(postgresql_server.url, f"desk-{uuid4().hex[:12]}") as url:
        shop.settings = replace(shop.settings, database=url)
        postgresql_server.stop()
        with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
            done.until(lambda t: t.says_away("postgresql"))
            assert not any(state.phase is Phase.READY for state in done.states)
            client.place_many([("", order) for order in orders]).result(10)
            postgresql_server.start()
            told.until(lambda t: decided(t) == 5)
            done.until(lambda t: t.is_ready)
        assert_each_once(shop, alice, orders)


def test_what_will_not_pass_by_itself_ends_the_command_at_once(
    shop: Shop, postgresql_server: Server, tmp_path: Path
) -> None:
    administer(postgresql_server.url, f"CREATE ROLE {GUARDED} LOGIN PASSWORD 'right'")
    wrong_password = postgresql_server.url.replace("postgres@", f"{GUARDED}:wrong@") + "/postgres"
    no_database = f"{postgresql_server.url}/nowhere"
    other_file = tmp_path / "letter.sqlite"
    other_file.write_bytes(b"Dear customer, " * 400)
    for database, said in (
        (wrong_password, "password authentication failed"),
        (no_database, "does not exist"),
        (f"sqlite:///{other_file}", "not a database of Order Desk"),
        (f"sqlite:///{tmp_path}/nowhere/books.sqlite", "No such file"),
        ("mysql://localhost/x", "use sqlite:///FILE"),
    ):
        line = [sys.executable, "-m", "messaging", "warehouse", "--broker", shop.url, "--database", database]
        ended = subprocess.run(
            [*line, "--data-dir", str(shop.folder)], capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode != 0, database
        assert said in ended.stderr
        assert "Traceback" not in ended.stderr


def test_the_try_finds_what_an_order_would_find(tmp_path: Path) -> None:
    """And changes nothing."""
    store = WarehouseStore(f"sqlite:///{tmp_path / 'books.sqlite'}")
    before: list[StockLevel] = store.stock.levels()
    store.probe()
    assert store.stock.levels() == before
    store.stock.import_catalogue([CatalogueRow("pen", 1, 5)])
    assert store.open() is store
    store.close()
    reopened = WarehouseStore(f"sqlite:///{tmp_path / 'books.sqlite'}").open()
    assert len(reopened.stock.levels()) == len(before) + 1
    reopened.close()


def test_a_commit_that_arrived_unheard_is_decided_once(shop: Shop, postgresql: str) -> None:
    """The line to PostgreSQL is held after the batch has left: its outcome is not known, and it comes again."""
    alice = shop.profile()
    orders = some_orders(alice, 40)
    with private_database(postgresql, f"held-{uuid4().hex[:12]}", TEMPLATE) as url, proxy_to(postgresql) as way:
        shop.settings = replace(shop.settings, database=through(url, way.url))
        with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
            done.until(lambda t: t.is_ready)
            client.place_many([("", order) for order in orders[:20]]).result(10)
            told.until(lambda t: decided(t) > 3)
            way.hold(to_client=True)
            client.place_many([("", order) for order in orders[20:]]).result(10)
            way.cut()
            way.release()
            told.until(lambda t: decided(t) == 40)
        shop.settings = replace(shop.settings, database=url)
        assert_each_once(shop, alice, orders)
