"""Notices as the warehouse would have sent them: a history of a million, and a stream of new ones."""

import random
from collections.abc import Iterator
from pathlib import Path

from messaging.contract import codec
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus, new_order_id
from messaging.domain.stock import DecidedLine
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.row_text import notice_words

PRODUCTS = (
    "laptop",
    "webcam",
    "wireless_mouse",
    "usb_c_charger",
    "Oat flakes 500 g",
    "Rye bread",
    "Espresso beans 1 kg",
)
STATES = [OrderStatus.PROCESSED] * 7 + [OrderStatus.REJECTED, OrderStatus.SHIPPED, OrderStatus.CANCELLED]
UNREAD = 1000  # the newest
INSERT = """INSERT INTO notices
    (event_id, identity, user_id, status, seq, body, words, received_at, missed, version, read)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 1, ?)"""


def a_notice(chosen: random.Random, user: str, seq: int, moment: str) -> Notice:
    status = chosen.choice(STATES)
    lines = tuple(DecidedLine(name, 1, 1) for name in chosen.sample(PRODUCTS, 2))
    reason = "not enough stock" if status is OrderStatus.REJECTED else None
    event_id, order_id = new_order_id(), new_order_id()
    return Notice(order_id, user, lines, moment, status, reason, event_id=event_id, seq=seq, occurred_at=moment)


def fill(path: Path, user: str, count: int) -> None:
    """All at once, and indexed."""
    store = HistoryStore(path, user)
    with store._file.writing():
        store._file.execute_many(INSERT, _rows(user, count))
        store.index.extend(count)
    store.close()


def _rows(user: str, count: int) -> Iterator[tuple[str | int | bytes | None, ...]]:
    chosen = random.Random(1)
    for seq in range(1, count + 1):
        n = a_notice(chosen, user, seq, f"2026-{seq * 11 // count + 1:02}-01T08:00:00.000+00:00")
        is_read = seq <= count - UNREAD
        yield (n.event_id, n.identity, user, n.status, seq, codec.encode(n), notice_words(n), n.occurred_at, is_read)
