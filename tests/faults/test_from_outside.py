"""While receipts are on their way something comes from outside: nothing is lost, unexpected, twice or silent."""

import shutil
import sqlite3
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from messaging.contract import topology
from tests.faults import receipts, troubles
from tests.faults.accounts import Account
from tests.faults.conftest import Victim
from tests.faults.storm import Storm
from tests.helpers import hostile_headers as hostile
from tests.helpers.amqp import depth
from tests.helpers.waiting import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

COUNT = 2000
PLACES = ((topology.NEW_ORDERS.name, topology.ORDER_KEY), (topology.NEW_ORDERS.name, topology.COMMAND_KEY))
HOSTILE = [name for name, case in hostile.CASES.items() if not case.is_refused]


@pytest.fixture
def storm(tmp_path: Path, victim: Victim, victim_url: str) -> Storm:
    given = receipts.made(tmp_path, COUNT, seed=9)
    return Storm(tmp_path, victim_url, victim.kill, given, seed=9)


def test_hostile_messages_among_good_ones_are_set_aside_and_harm_none(storm: Storm) -> None:
    steps = range(1, 10)
    sent = {_body(step, place, name) for step in steps for place in range(len(PLACES)) for name in HOSTILE}
    sendings = [(step / 10, partial(_send_hostile, storm, step)) for step in steps]
    account = storm.run({"warehouse": 2}, sendings, lambda: len(_set_aside(storm.books)) >= len(sent))
    assert _without_set_aside(account) == []
    assert _set_aside(storm.books) == sent


def test_a_database_that_goes_and_comes_is_waited_for(storm: Storm) -> None:
    account = storm.run({}, [(share, partial(troubles.locked, storm.books)) for share in (0.1, 0.4, 0.7)])
    assert account.gaps == ()


def test_a_second_warehouse_with_other_books_takes_none_of_the_orders(storm: Storm, tmp_path: Path) -> None:
    """It comes when the first one has begun, and says why it takes nothing; also while the first one is killed."""
    with ExitStack() as stack:
        said: list[Path] = []

        def begin() -> None:
            said.append(stack.enter_context(troubles.other_warehouse(tmp_path / "other", storm.broker_url)))

        account = storm.run({"warehouse": 2}, [(0.1, begin)], lambda: _says(said, "served with other books"))
    assert account.gaps == ()
    assert _count(tmp_path / "other" / "warehouse.sqlite", "orders") == 0


def test_an_older_copy_of_the_books_takes_nothing_and_says_so(storm: Storm, tmp_path: Path) -> None:
    """Half-way a backup is made; at the end it is brought back, and an order waits until the newer books are there."""
    backup, newest = tmp_path / "backup.sqlite", tmp_path / "newest.sqlite"
    account = storm.run({}, [(0.5, partial(troubles.copied, storm.books, backup))])
    assert account.gaps == ()
    troubles.copied(storm.books, newest)
    _bring_back(backup, storm.books)
    before = _count(storm.books, "orders")
    with storm.going_on("warehouse") as said:
        storm.place("something=1")
        eventually(lambda: _says([said], "older copy"), 30, "a word of the older copy")
        eventually(lambda: depth(storm.broker_url, topology.NEW_ORDERS_QUEUE.name, 1) == 1, 30, "the order waiting")
    assert _count(storm.books, "orders") == before
    _bring_back(newest, storm.books)
    with storm.going_on("warehouse"):
        eventually(lambda: _count(storm.books, "orders") == COUNT + 1, 30, "the order taken with the newer books")


def _says(said: list[Path], words: str) -> bool:
    return bool(said) and words in said[0].read_text("utf-8")


def _bring_back(copy: Path, books: Path) -> None:
    for journal in books.parent.glob(f"{books.name}-*"):
        journal.unlink()
    shutil.copy(copy, books)


def _send_hostile(storm: Storm, step: int) -> None:
    for place, (exchange, key) in enumerate(PLACES):
        hostile.send(storm.broker_url, exchange, key, {name: _body(step, place, name) for name in HOSTILE})


def _body(step: int, place: int, name: str) -> bytes:
    """Each is another one."""
    return f"{step} {place} {name}".encode()


def _without_set_aside(account: Account) -> list[str]:
    return [gap for gap in account.gaps if not gap.startswith("set aside: ")]


def _set_aside(books: Path) -> set[bytes]:
    with closing(sqlite3.connect(books)) as connection:
        return {bytes(row[0]) for row in connection.execute("SELECT body FROM set_aside")}


def _count(books: Path, table: str) -> int:
    with closing(sqlite3.connect(books)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
