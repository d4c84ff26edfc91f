"""A shop at work for the pictures: a catalogue, receipts of two users, deliveries, what was sent and set aside."""

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from desktop.role.worker import answer
from desktop.window.user_window import UserWindow
from messaging.client.orders_csv import read_orders_csv
from messaging.contract.codec import encode
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import OnShortage, Order, OrderStatus, new_order
from messaging.domain.stock import total_of
from messaging.history.store.search.notice_search import NoticeQuery
from messaging.warehouse.catalogue_csv import read_catalogue_csv
from messaging.warehouse.records import CatalogueRow, Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.faults.receipts import Receipts
from tests.screenshots.patience import met

T = TypeVar("T")

CHOICES = (OnShortage.REJECT, OnShortage.REJECT, OnShortage.PARTIAL, OnShortage.WAIT)
SHIPPED = 3  # of so many, one
LOW = 12


async def books(user_window: UserWindow, work: Callable[[WarehouseStore], T]) -> T:
    return await answer(user_window.session.books.ask(work))


async def fill_shelves(user_window: UserWindow, goods: Receipts, count: int) -> None:
    """Stock for nine of ten of the `count` receipts that will be placed; the seed's products stay."""
    rows = read_catalogue_csv(goods.catalogue).rows
    share = count / goods.count
    scaled = [CatalogueRow(row.name, row.price, max(1, round(row.stock * share))) for row in rows]
    await books(user_window, lambda store: store.stock.import_catalogue(scaled))
    for row in scaled[::7]:
        await answer(user_window.session.books.ask(partial(_mark_low, row)))


def _mark_low(row: CatalogueRow, store: WarehouseStore) -> None:
    store.stock.change_product(row.name, row.price, LOW)


async def place(user_windows: list[UserWindow], goods: Receipts, count: int) -> None:
    """Through the outboxes and RabbitMQ, half of them each, and wait for the last outcome."""
    orders = [order for _, order in read_orders_csv(goods.orders, str(uuid4())).orders[:count]]
    prices = {row.name: row.price for row in read_catalogue_csv(goods.catalogue).rows}
    for number, user_window in enumerate(user_windows):
        mine = [_of(user_window, order, n) for n, order in enumerate(orders[number :: len(user_windows)])]
        totals = [total_of([(line.name, line.quantity) for line in order.lines], prices) for order in mine]
        await answer(user_window.client.started_worker().place_many([(str(o.order_id), o) for o in mine], totals))
    for number, user_window in enumerate(user_windows):
        wanted = partial(_has_decided, user_window, len(orders[number :: len(user_windows)]))
        await met(wanted, "not every order has its outcome")


def _of(user_window: UserWindow, order: Order, number: int) -> Order:
    lines = [(line.name, line.quantity) for line in order.lines]
    return new_order(user_window.session.profile.user_id, lines, CHOICES[number % len(CHOICES)])


async def _has_decided(user_window: UserWindow, orders: int) -> bool:
    counts = await answer(user_window.session.history.ask(lambda store: store.counts()))
    return counts.notices >= orders


async def work_a_day(user_window: UserWindow) -> None:
    """Some shipped, one back, deliveries and corrections, and messages that cannot be taken."""
    done = await books(user_window, lambda store: store.orders.page(status=OrderStatus.PROCESSED, limit=100_000))
    sent = [order.identity for order in done[::SHIPPED]]
    await books(user_window, lambda store: store.orders.ship(sent))
    await books(user_window, lambda store: store.orders.take_back(sent[0], "wrong size"))
    levels = await books(user_window, lambda store: store.stock.levels())
    await books(user_window, lambda store: store.stock.restock(levels[0].name, 24, "delivery note 4711"))
    await books(user_window, lambda store: store.stock.adjust(levels[1].name, 2, "found at the stock count"))
    name = levels[0].name
    bad = [Incoming(body, NEW_ORDERS_QUEUE.name) for body in _bad(name)]
    await books(user_window, lambda store: store.decide(bad))
    user_window.warehouse._written()
    mine = {order.identity for order in done[::SHIPPED] if order.user_id == user_window.session.profile.user_id}
    await met(partial(_has_heard, user_window, mine), "not every order that was sent off is told of")


async def _has_heard(user_window: UserWindow, shipped: set[str]) -> bool:
    query = NoticeQuery(states=(OrderStatus.SHIPPED,))
    heard = await answer(user_window.session.history.ask(lambda store: store.notices.at(store.notices.find(query))))
    return {kept.notice.identity for kept in heard} >= shipped


def _bad(name: str) -> list[bytes]:
    good = encode(new_order(str(uuid4()), [(name, 2), ("laptop", 1)]))
    return [
        good.replace(b'"quantity":2', b'"quantity":"two"'),
        good.replace(b'"user_id":', b'"usr_id":'),
        good.replace(b'"quantity":1', b'"quantity":0'),
        b'{"order_id": 17, "user_id": 3, "order": "laptop"',
        b"\x00\x01\xff\xfe not an order at all <b>bold</b>",
        good.replace(b'"name":"laptop"', b'"name":["laptop"]'),
    ]


def wrong_catalogue(folder: Path) -> Path:
    path = folder / "delivery-week-48.csv"
    path.write_text("name,price,stock\nlaptop,949.00,30\nfax,x,1\ncamera,10.00,5\nlaptop,1.00,1\n,3.00,1\n")
    return path


def wrong_orders(goods: Receipts, folder: Path) -> Path:
    with goods.orders.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[:60]
    path = folder / "orders-monday.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*rows, ("basket-x", "laptop", "many"), ("", "webcam", "1")])
    return path
