"""The same orders for all: made from a fixed seed, and enough stock for each."""

import random

from messaging.contract.codec import encode
from messaging.domain.orders import Order, new_order

USER = "11111111-1111-4111-8111-111111111111"
STOCK = {f"product {number:03}": 10_000_000 for number in range(169)}


def orders(count: int, longest: int) -> list[Order]:
    """Orders of 1 to `longest` lines."""
    chance, names = random.Random(1), list(STOCK)
    return [
        new_order(USER, [(name, chance.randint(1, 3)) for name in chance.sample(names, chance.randint(1, longest))])
        for _ in range(count)
    ]


def bodies(count: int, longest: int) -> list[bytes]:
    return [encode(order) for order in orders(count, longest)]
