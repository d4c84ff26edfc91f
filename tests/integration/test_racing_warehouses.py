"""Several warehouses, each a process of its own, on the same books."""

from collections import Counter

from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import an_order, levels, only
from tests.helpers.racing_warehouse import race

RACERS = 4


def test_the_last_units_have_exactly_as_many_winners(store: WarehouseStore, store_url: str) -> None:
    only(store, ("last", 10))
    states = race(store_url, [[an_order(("last", 1)) for _ in range(30)] for _ in range(RACERS)])
    assert Counter(state for share in states for state in share) == {"processed": 10, "rejected": 30 * RACERS - 10}
    assert levels(store, "last") == (10, 10)


def test_orders_over_the_same_products_in_opposite_order_do_not_lock_each_other_out(
    store: WarehouseStore, store_url: str
) -> None:
    only(store, ("axe", 1000), ("bow", 1000))
    there, back = (("axe", 1), ("bow", 1)), (("bow", 1), ("axe", 1))
    shares = [[an_order(*(there if nth % 2 else back)) for _ in range(60)] for nth in range(RACERS)]
    states = race(store_url, shares)
    assert Counter(state for share in states for state in share) == {"processed": 60 * RACERS}
    assert levels(store, "axe") == levels(store, "bow") == (1000, 60 * RACERS)
    assert store.set_aside.page() == []


def test_the_same_orders_delivered_to_all_have_one_effect(store: WarehouseStore, store_url: str) -> None:
    orders = [an_order(("lamp", 1)) for _ in range(60)]
    only(store, ("lamp", 100))
    states = race(store_url, [orders, orders[::-1], orders])
    assert Counter(state for share in states for state in share) == {"processed": 60, "processed again": 120}
    assert levels(store, "lamp") == (100, 60)
    assert store.set_aside.page() == []
