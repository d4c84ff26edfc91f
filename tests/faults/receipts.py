"""Till receipts: made from a seed for the tests that are kept, or read from files for the long runs."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

PRODUCTS = 169  # as many as the grocery shop has whose receipts these are like


@dataclass(frozen=True, slots=True)
class Receipts:
    """Two CSV files as the commands read them, and how many orders they hold."""

    orders: Path
    catalogue: Path
    count: int


def made(folder: Path, count: int, seed: int) -> Receipts:
    """`count` receipts of 1 to 16 lines over 169 products, a few of them much wanted; stock for nine of ten."""
    chance = random.Random(seed)
    names = [f"product {number:03}/{chance.choice(('fresh', 'frozen', 'dry'))}" for number in range(PRODUCTS)]
    weights = [1 / (rank + 3) for rank in range(PRODUCTS)]
    wanted = dict.fromkeys(names, 0)
    rows: list[tuple[str, str, int]] = []
    for number in range(1, count + 1):
        for name in dict.fromkeys(chance.choices(names, weights, k=chance.randint(1, 16))):
            quantity = chance.choice((1, 1, 1, 2, 3))
            wanted[name] += quantity
            rows.append((f"basket-{number:05}", name, quantity))
    orders, catalogue = folder / "orders.csv", folder / "catalogue.csv"
    _write(orders, ("order", "name", "quantity"), rows)
    stock = [(name, f"{chance.randint(50, 900) / 100:.2f}", int(units * 0.9)) for name, units in wanted.items()]
    _write(catalogue, ("name", "price", "stock"), stock)
    return Receipts(orders, catalogue, count)


def read(orders: Path, catalogue: Path) -> Receipts:
    with orders.open(newline="", encoding="utf-8") as file:
        return Receipts(orders, catalogue, len({row["order"] for row in csv.DictReader(file)}))


def _write(path: Path, head: tuple[str, ...], rows: list[tuple[str, str, int]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
