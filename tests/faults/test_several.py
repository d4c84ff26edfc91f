"""Several warehouses on one queue and one set of books: one is frozen and wakes again, one RabbitMQ goes of two."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from messaging.broker.connection import FIRST_RETRY
from messaging.broker.external import ExternalBroker
from messaging.ports import Phase
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.proxy import proxy_to
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually


@contextmanager
def warehouse_process(shop: Shop) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "messaging", "warehouse", "--quiet", "--batch", "5", "--heartbeat", "1"]
    command += ["--broker", shop.url, "--database", shop.settings.database_url, "--data-dir", str(shop.folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            _, said = process.communicate(timeout=20)
    assert b"Traceback" not in said


def test_a_warehouse_that_was_frozen_and_wakes_up_does_nothing_twice(
    tmp_path: Path, broker_url: str, store_url: str
) -> None:
    """Its deliveries went to the other one; its commit comes late, and its acknowledgements are of a dead line."""
    shop = Shop(tmp_path, broker_url, database=store_url)
    alice = shop.profile()
    orders = some_orders(alice, 600)
    with shop.client(alice) as (client, told):
        client.place_many([("", order) for order in orders]).result(10)
        with warehouse_process(shop) as zombie:
            told.until(lambda t: decided(t) > 20)
            os.kill(zombie.pid, signal.SIGSTOP)
            before = decided(told)
            with shop.warehouse() as (_, done):
                # the other takes over, unless the frozen one holds the lock of the books
                done.until(lambda t: len(t.done) >= 600 - before - 40 or t.says_away(""), 60)
                os.kill(zombie.pid, signal.SIGCONT)
                told.until(lambda t: decided(t) == 600, 60)
                eventually(lambda: not shop.look(lambda store: store.events.unpublished(1)))
    assert_each_once(shop, alice, orders)


def test_of_several_addresses_the_next_is_tried_when_one_goes(tmp_path: Path, broker_url: str) -> None:
    with proxy_to(broker_url) as first, proxy_to(broker_url) as second:
        shop = Shop(tmp_path, first.url, retry_most=1.0)
        shop.broker = ExternalBroker((first.url, second.url))
        alice = shop.profile()
        orders = some_orders(alice, 20)
        with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
            done.until(lambda t: t.is_ready)
            client.place_many([("", order) for order in orders[:10]]).result(10)
            told.until(lambda t: decided(t) == 10)
            first.close()
            client.place_many([("", order) for order in orders[10:]]).result(10)
            told.until(lambda t: decided(t) == 20)
            assert any(state.phase is Phase.WAITING for state in told.states)
            assert f":{urlsplit(second.url).port}" in told.states[-1].reason
    assert_each_once(shop, alice, orders)


def test_a_pause_grows_only_when_all_addresses_have_been_tried(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "")
    shop.broker = ExternalBroker(tuple(f"amqp://127.0.0.1:{port}" for port in (1, 2, 3)))
    with shop.listener(shop.profile()) as (_, told):
        told.until(lambda t: any(state.retry_in > 4 * FIRST_RETRY * 0.8 for state in t.states))
    before_longer_pauses = [state.reason for state in told.states if state.retry_in > FIRST_RETRY * 1.2]
    assert all(":3:" in reason for reason in before_longer_pauses), before_longer_pauses
