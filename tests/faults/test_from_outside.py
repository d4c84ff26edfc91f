"""While receipts are on their way something comes from outside: nothing is lost, unexpected, twice or silent."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from messaging import topology
from tests.faults import receipts
from tests.faults import troubles as trouble
from tests.faults.accounts import Account
from tests.faults.conftest import Victim
from tests.faults.storm import Storm
from tests.helpers import hostile

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
    troubles = [(step / 10, partial(_send_hostile, storm, step)) for step in steps]
    account = storm.run({"warehouse": 2}, troubles, lambda: len(_set_aside(storm.books)) >= len(sent))
    assert _without_set_aside(account) == []
    assert _set_aside(storm.books) == sent


def test_a_database_that_goes_and_comes_is_waited_for(storm: Storm) -> None:
    account = storm.run({}, [(share, partial(trouble.locked, storm.books)) for share in (0.1, 0.4, 0.7)])
    assert account.gaps == ()


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
