"""Another series of RabbitMQ under the private node, as Debian 12 to 13 brings it: 3.10, then 4.0."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from messaging.bootstrap.rabbitmq_server import find_rabbitmq_server
from messaging.broker.node import files, member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from tests import releases
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@contextmanager
def under(series: str, folder: Path) -> Iterator[Shop]:
    """One data directory while this series' node serves it."""
    installed = find_rabbitmq_server(os.environ)
    is_installed = installed is not None and files.series_of(installed) == series
    server = installed if is_installed else releases.launcher(series)
    shop = Shop(folder, "", rabbitmq_server=str(server))
    with PrivateNode(shop.settings.folder, shop.settings, grace=0.2) as shop.broker:
        shop.broker.wait_ready(180)
        yield shop
    eventually(lambda: not member.is_supervised(NodeFolder(shop.settings.folder.broker)), 60, "the end of the node")


@pytest.mark.parametrize(("before", "after"), [("3.10", "4.0"), ("4.0", "3.10"), ("4.0", "4.3")])
def test_what_one_series_had_accepted_is_decided_under_the_next(tmp_path: Path, before: str, after: str) -> None:
    with under(before, tmp_path) as shop:
        alice = shop.profile()
        orders = some_orders(alice, 200)
        with shop.client(alice) as (client, told):
            client.place_many([("", order) for order in orders]).result(10)
            told.until(lambda t: len(t.orders) == 200 and all(order.accepted_at for order in t.orders.values()))
    with under(after, tmp_path) as shop, shop.warehouse(), shop.client(alice) as (_, told):
        told.until(lambda t: decided(t) == 200, 60)
    assert_each_once(shop, alice, orders)
