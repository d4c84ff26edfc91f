"""A command whose desk has ended says so and ends: it is no process that stands there and serves nobody."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from messaging.commands.support import serving
from messaging.contract import codec, topology
from messaging.domain.orders import new_order
from messaging.errors import BrokerRefused
from messaging.phrases import Words
from messaging.runtime.profiles import Profiles
from tests.helpers.amqp import publish
from tests.helpers.services import Shop

A_BUG = "order-desk: a bug, LookupError: the log has the details."


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def start(shop: Shop, *command: str) -> "subprocess.Popen[str]":
    line = [sys.executable, "-m", "tests.helpers.failing_service", *command]
    line += ["--broker", shop.url, "--data-dir", str(shop.folder)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_told(shop: Shop, command: "subprocess.Popen[str]") -> None:
    """In a line, and whole in the log."""
    _, errors = command.communicate(timeout=60)
    assert command.returncode == 1
    assert errors.splitlines()[-1] == A_BUG
    assert "Traceback" not in errors
    lines = [json.loads(line) for line in (shop.settings.folder.log).read_text().splitlines()]
    assert any("LookupError: a bug" in line.get("error", "") for line in lines)


def test_a_warehouse_that_met_a_bug_ends_at_once(shop: Shop) -> None:
    with shop.warehouse() as (_, told):  # it makes the queue
        told.until(lambda t: t.is_ready)
    order = codec.encode(new_order(shop.profile().user_id, [("laptop", 1)]))
    publish(shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [order])
    assert_told(shop, start(shop, "warehouse"))


def test_who_waits_for_an_outcome_ends_too(shop: Shop) -> None:
    Profiles(shop.settings.folder).named("alice")
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        placing = start(shop, "place", "laptop=1", "--user", "alice", "--wait")
        assert_told(shop, placing)


class Desk:
    """Ends when it is told to, or by an error."""

    def __init__(self, error: Exception | None) -> None:
        self._stopped, self._error = threading.Event(), error

    def run(self) -> None:
        if self._error is not None:
            raise self._error
        self._stopped.wait(60)

    def stop(self) -> None:
        self._stopped.set()


@pytest.mark.parametrize("error", [ValueError("a bug"), BrokerRefused(Words("Refused.")), SystemExit(3)])
def test_whoever_waits_for_a_signal_hears_that_the_desk_has_ended(error: Exception) -> None:
    with pytest.raises(type(error)), serving.serving(Desk(error)) as ended:
        serving.until_told_to_stop(ended)


def test_whoever_waits_for_a_condition_hears_it_too() -> None:
    changed = threading.Condition()
    with pytest.raises(ValueError, match="a bug"), serving.serving(Desk(ValueError("a bug"))) as ended:
        assert not serving.until(lambda: False, changed, 3600, ended)


def test_a_desk_that_serves_is_waited_with() -> None:
    with serving.serving(Desk(None)) as ended:
        assert serving.until(lambda: not ended.is_set(), threading.Condition(), 60, ended)
        assert not serving.until(lambda: False, threading.Condition(), 0, ended)
