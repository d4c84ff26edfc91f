"""Counts what became of every order, by reading the databases and nothing of the product's own code.

The words are those of RabbitMQ's Jepsen suite: lost, unexpected, duplicated.
"""

import csv
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from tests.faults.receipts import Receipts


@dataclass(frozen=True, slots=True)
class Account:
    """`gaps` names each broken promise; empty: nothing lost, nothing twice."""

    orders: int
    outcomes: Counter[str]
    notices: int
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many receipts are on the client's disk, gone from its outbox, settled, and noticed."""

    placed: int = 0
    sent: int = 0
    decided: int = 0
    noticed: int = 0

    def share(self, count: int) -> float:
        """Of all the work with `count` receipts, from 0 to 1."""
        return (self.placed + self.sent + self.decided + self.noticed) / (4 * count)


def progress(books: Path, history: Path) -> Progress:
    decided = _rows(books, "SELECT count(*) FROM orders") or [(0,)]
    sql = "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM outbox), (SELECT count(*) FROM notices)"
    placed, owed, noticed = (_rows(history, sql) or [(0, 0, 0)])[0]
    return Progress(placed, placed - owed, decided[0][0], noticed)


def accounted(receipts: Receipts, user_id: str, books: Path, history: Path) -> Account:
    wanted = _wanted(receipts, user_id)
    orders = {row[1]: row for row in _rows(books, "SELECT number, identity, status FROM orders")}
    events = _rows(books, "SELECT o.identity, e.status FROM events e JOIN orders o ON o.number = e.order_number")
    notices = _rows(history, "SELECT identity, status FROM notices")
    mine = dict(_rows(history, "SELECT identity, state FROM orders"))
    outcomes = {identity: row[2] for identity, row in orders.items()}
    gaps = [
        *_differences("order", wanted.keys(), outcomes.keys()),
        *_not_once("outcome", wanted.keys(), [identity for identity, _ in events]),
        *_not_once("notice", wanted.keys(), [identity for identity, _ in notices]),
        *(f"{i}: told {status}, is {outcomes.get(i)}" for i, status in notices if outcomes.get(i) != status),
        *(f"{i}: shown as {mine.get(i)}, is {status}" for i, status in outcomes.items() if mine.get(i) != status),
        *_stock_gaps(receipts, books, {i: wanted[i] for i, s in outcomes.items() if s == "processed" and i in wanted}),
        *(f"still owed: {row[0]}" for row in _rows(history, "SELECT identity FROM outbox")),
        *(f"set aside: {row[0]}" for row in _rows(books, "SELECT reason FROM set_aside")),
    ]
    return Account(len(orders), Counter(outcomes.values()), len(notices), tuple(gaps))


def _wanted(receipts: Receipts, user_id: str) -> dict[str, Counter[str]]:
    """What each receipt asks for, by the identity that its label must have."""
    wanted: dict[str, Counter[str]] = {}
    with receipts.orders.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            identity = f"{user_id}/{uuid5(UUID(user_id), row['order'])}"
            wanted.setdefault(identity, Counter())[row["name"]] += int(row["quantity"])
    return wanted


def _differences(kind: str, wanted: Iterable[str], found: Iterable[str]) -> list[str]:
    asked, there = set(wanted), set(found)
    return [f"{kind} lost: {i}" for i in asked - there] + [f"{kind} unexpected: {i}" for i in there - asked]


def _not_once(kind: str, wanted: Iterable[str], found: Iterable[str]) -> list[str]:
    counts = Counter(found)
    return _differences(kind, wanted, counts) + [f"{n} times {kind} of {i}" for i, n in counts.items() if n > 1]


def _stock_gaps(receipts: Receipts, books: Path, processed: dict[str, Counter[str]]) -> list[str]:
    sold: Counter[str] = Counter()
    for needs in processed.values():
        sold.update(needs)
    with receipts.catalogue.open(newline="", encoding="utf-8") as file:
        began = {row["name"]: int(row["stock"]) for row in csv.DictReader(file)}
    levels = {
        name: (on_hand, held) for name, on_hand, held in _rows(books, "SELECT name,on_hand,reserved FROM products")
    }
    return [
        f"{name}: {began[name]} at first, {sold[name]} sold, but the books say {levels.get(name)}"
        for name in began
        if levels.get(name) != (began[name], sold[name]) or sold[name] > began[name]
    ]


def _rows(path: Path, sql: str) -> list[Any]:
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
