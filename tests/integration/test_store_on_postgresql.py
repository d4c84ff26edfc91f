"""What only a server with many connections can do to the books. All else runs on both databases in tests/unit."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from messaging.errors import StoreUnavailable
from messaging.warehouse.inbound.reading import read
from messaging.warehouse.store.changes.decide_batch import BatchDecision
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import TEMPLATE, an_order, decide, incoming, levels
from tests.helpers.postgresql import private_database
from tests.helpers.waiting import eventually

HERE = "datname = current_database()"


@pytest.fixture
def url(postgresql: str) -> Iterator[str]:
    with private_database(postgresql, f"test-{uuid4().hex[:12]}", TEMPLATE) as url:
        yield url


@pytest.fixture
def stores(url: str) -> Iterator[tuple[WarehouseStore, WarehouseStore]]:
    stores = WarehouseStore(url).open(), WarehouseStore(url).open()
    yield stores
    assert stores[0].audit().gaps == ()
    for store in stores:
        store.close()


def test_a_lower_seq_is_never_committed_after_a_higher_one(stores: tuple[WarehouseStore, WarehouseStore]) -> None:
    """Else a listener that asks for what came after N would miss it for ever."""
    slow, quick = stores
    drawn, go_on = threading.Event(), threading.Event()

    def work(connection: Connection) -> None:
        BatchDecision(connection, [read(incoming(an_order(("laptop", 1))))]).run()
        drawn.set()
        assert go_on.wait(20)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow._transactions.write, work)
        assert drawn.wait(20)
        second = pool.submit(decide, quick, an_order(("webcam", 1)))  # other products: only the numbers are shared
        with WatchedLocks(quick) as locks:
            eventually(locks.someone_waits, 20, "the second warehouse to wait for its numbers")
            assert locks.last_seq() == 0
        go_on.set()
        first.result(20)
        (decided,) = second.result(20)
    assert decided.events[0].seq == 2


class WatchedLocks:
    """A third session that looks at the other two."""

    def __init__(self, store: WarehouseStore) -> None:
        self._watcher = WarehouseStore(store._transactions.database.url.render_as_string(hide_password=False))

    def __enter__(self) -> "WatchedLocks":
        return self

    def __exit__(self, *_: object) -> None:
        self._watcher.close()

    def someone_waits(self) -> bool:
        waiting = text(f"SELECT count(*) FROM pg_stat_activity WHERE {HERE} AND wait_event_type = 'Lock'")
        return bool(self._watcher._transactions.read(lambda c: c.scalar(waiting)))

    def last_seq(self) -> int:
        return self._watcher.events.after(0).upto


def test_a_lost_session_is_said_and_the_next_call_has_a_new_one(stores: tuple[WarehouseStore, WarehouseStore]) -> None:
    store, other = stores
    end = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {HERE} AND pid <> pg_backend_pid()")

    def work(connection: Connection) -> None:
        BatchDecision(connection, [read(incoming(an_order()))]).run()
        other._transactions.write(lambda c: c.execute(end))
        connection.execute(text("SELECT 1"))

    with pytest.raises(StoreUnavailable, match="cannot be used now"):
        store._transactions.write(work)
    assert levels(store, "laptop") == (25, 0)
    decide(store, an_order())
    assert levels(store, "laptop") == (25, 1)


def test_a_deadlock_is_tried_again(stores: tuple[WarehouseStore, WarehouseStore]) -> None:
    meet = threading.Barrier(2, timeout=20)
    tries: list[str] = []

    def lock(names: tuple[str, str], connection: Connection) -> None:
        """Against the rule of the books, which take their products in one order."""
        tries.append(names[0])
        take = text("UPDATE products SET threshold = threshold + 1 WHERE name = :name")
        connection.execute(take, {"name": names[0]})
        if len(tries) <= 2:
            meet.wait()
        connection.execute(take, {"name": names[1]})

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(stores[0]._transactions.write, lambda c: lock(("laptop", "webcam"), c))
        two = pool.submit(stores[1]._transactions.write, lambda c: lock(("webcam", "laptop"), c))
        one.result(30)
        two.result(30)
    assert len(tries) >= 3  # whoever tries again may be faster than the other wakes, and meet it once more
    assert [level.threshold for level in stores[0].stock.levels(["laptop", "webcam"])] == [2, 2]


def test_warehouses_that_start_together_migrate_once(postgresql: str) -> None:
    def start(url: str) -> int:
        store = WarehouseStore(url)
        try:
            return len(store.stock.levels())
        finally:
            store.close()

    with private_database(postgresql, f"test-{uuid4().hex[:12]}") as url, ThreadPoolExecutor(3) as pool:
        assert list(pool.map(start, [url] * 3)) == [10] * 3
