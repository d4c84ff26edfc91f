"""The databases locked by another program, full, read-only, gone: all waits, says why, and goes on by itself."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from messaging.history.records import OrderState
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.amqp import depth
from tests.helpers.desks import Shop

Fault = Callable[[Path], "contextmanager[None]"]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def gone(path: Path) -> Iterator[None]:
    """With its journal, as when a disk is unplugged."""
    names = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    for file in names:
        file.rename(file.with_name(f"away-{file.name}"))
    path.mkdir()  # nothing can be opened or made at its place
    yield
    path.rmdir()
    for file in names:
        file.with_name(f"away-{file.name}").rename(file)


@pytest.fixture
def direct(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


@pytest.mark.parametrize("fault", [locked, gone])
def test_while_the_books_cannot_be_used_orders_wait_and_none_is_set_aside(
    direct: Shop, broker_url: str, fault: Callable[[Path], "contextmanager[None]"]
) -> None:
    alice = direct.profile()
    orders = some_orders(alice, 30)
    with direct.warehouse() as (_, done), direct.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders[:10]]).result(10)
        told.until(lambda t: decided(t) == 10)
        with fault(direct.settings.folder.warehouse):
            client.place_many([("", order) for order in orders[10:]]).result(10)
            done.until(lambda t: any("warehouse.sqlite" in str(error) for error in t.errors))
            told.until(lambda t: sum(o.state is OrderState.ACCEPTED for o in t.orders.values()) == 20)
        told.until(lambda t: decided(t) == 30)
    assert depth(broker_url, "dead_letter_queue") == 0
    assert_each_once(direct, alice, orders)
