"""Programs written to the seed work against ours unchanged, in both directions."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from messaging.domain.orders import new_order
from messaging.history.records import OrderState
from messaging.runtime.profiles import Profile
from tests.helpers.services import Shop

PROGRAMS = Path(__file__).parents[1] / "helpers" / "seed_programs.py"


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def program(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, str(PROGRAMS), *arguments], stdout=subprocess.PIPE, text=True)


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    process = program(*arguments)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield process
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


def produce(url: str, *arguments: str) -> dict[str, object]:
    out, _ = program("producer", url, *arguments).communicate(timeout=30)
    answer: dict[str, object] = json.loads(out)
    return answer


def test_a_seed_producer_and_consumer_work_with_our_warehouse(shop: Shop, broker_url: str) -> None:
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        with running("consumer", broker_url, "7", "2") as consumer:
            sent = [produce(broker_url, "7", "laptop=1", "webcam=2") for _ in range(2)]
            assert consumer.stdout is not None
            heard = [json.loads(consumer.stdout.readline()) for _ in range(2)]
    assert [h["key"] for h in heard] == ["client.7.order.1", "client.7.order.1"]
    assert [h["status"] for h in heard] == ["processed", "processed"]
    assert [h["order"]["created_at"] for h in heard] == [
        s["created_at"] for s in sent
    ]  # numbered 1 in each run: two orders
    assert {x.name: x.reserved for x in shop.look(lambda store: store.stock.levels())}["webcam"] == 4


def test_our_client_and_listener_work_with_a_seed_warehouse(shop: Shop, broker_url: str) -> None:
    alice = shop.profile()
    with (
        shop.client(alice) as (client, told),
        shop.listener(alice) as (_, heard),
        running("warehouse", broker_url, "1", "laptop=5"),
    ):
        heard.until(lambda t: t.is_ready)
        order = new_order(alice.user_id, [("laptop", 2)])
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)
        heard.until(lambda t: len(t.notices) == 1)


def test_our_listener_hears_what_a_seed_producer_ordered(shop: Shop, broker_url: str) -> None:
    seven = Profile("seven", "7", "#000000")
    with shop.warehouse() as (_, told), shop.listener(seven) as (_, heard):
        told.until(lambda t: t.is_ready)
        heard.until(lambda t: t.is_ready)
        produce(broker_url, "7", "laptop=1")
        heard.until(lambda t: len(t.notices) == 1)
        assert heard.notices[0].notice.order_id == 1
