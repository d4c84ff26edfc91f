"""How the named queues stand, as a client asks for it: with few rights, and where one is missing."""

import logging
from pathlib import Path

import pytest

from messaging.broker.queue_depths import RETRY_REFUSED, QueueDepth
from messaging.contract import topology
from messaging.domain.orders import new_order
from messaging.errors import BrokerUnavailable
from tests.helpers.accounts import client_account
from tests.helpers.admin import Admin
from tests.helpers.amqp import delete_queue
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

NAMES_ONLY = {queue.name: QueueDepth(0, 0) for queue in topology.QUEUES}
NAMES = {queue.name for queue in topology.QUEUES}


def test_what_waits_and_who_takes_is_counted(tmp_path: Path, broker_url: str) -> None:
    shop = Shop(tmp_path, broker_url)
    alice = shop.profile()
    with shop.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        for units in (1, 2):
            client.place(new_order(alice.user_id, [("laptop", units)])).result(10)
        eventually(lambda: (client.queues().result(10) or {}).get(topology.NEW_ORDERS_QUEUE.name) == QueueDepth(2, 0))
        with shop.warehouse():
            eventually(
                lambda: (client.queues().result(10) or {}).get(topology.NEW_ORDERS_QUEUE.name) == QueueDepth(0, 1)
            )
        assert set(client.queues().result(10) or {}) == NAMES


def test_a_missing_queue_is_left_out_and_does_not_cut_the_line_again_and_again(
    tmp_path: Path, broker_url: str, admin: Admin
) -> None:
    shop = Shop(tmp_path / "warehouse", broker_url)
    with shop.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
    alice = Shop(tmp_path / "alice", broker_url).profile()
    with client_account(admin, broker_url, alice.user_id) as url:
        alices = Shop(tmp_path / "alice", url)
        with alices.client(alice) as (client, told):
            told.until(lambda t: t.is_ready)
            assert set(client.queues().result(10) or {}) == NAMES  # also those it may not look at
            delete_queue(broker_url, topology.DEAD_LETTER_QUEUE.name)
            gone = topology.DEAD_LETTER_QUEUE.name
            eventually(lambda: (client.queues().result(10) or NAMES_ONLY).get(gone) is None)
            lost = len(told.states)
            for _ in range(2 * RETRY_REFUSED):
                found = client.queues().result(10)
                assert found is not None
                assert found.get(gone) is None
                assert found.keys() >= NAMES - {gone}
            assert len(told.states) == lost


@pytest.mark.parametrize("is_counting", [True, False], ids=["counting", "at rest"])
def test_who_asks_while_the_desk_ends_is_told_so_and_nothing_breaks(
    tmp_path: Path, broker_url: str, caplog: pytest.LogCaptureFixture, is_counting: bool
) -> None:
    shop = Shop(tmp_path, broker_url)
    with shop.client(shop.profile()) as (client, told):
        told.until(lambda t: t.is_ready)
        assert client.queues().result(10)
        asked = [client.queues()] if is_counting else []  # RabbitMQ answers while the connection is closing
        client.stop()
        asked.append(client.queues())
    for one in asked:
        error = one.exception(10)
        assert isinstance(error, BrokerUnavailable) or (error is None and one.result() is None)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
