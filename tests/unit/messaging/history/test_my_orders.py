"""My orders are found by the same words as notices."""

import pytest

from messaging.domain.orders import OrderStatus
from messaging.history.records import OrderState
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.order_search import OrderQuery
from messaging.history.store.search.search_terms import Field, Word
from tests.helpers.stores import place_orders
from tests.unit.messaging.history.conftest import a_notice, an_order

WAITING, REJECTED = OrderState.WAITING, OrderState.REJECTED
NAMES = ("laptop", "usb_c_charger", "Jalape\N{LATIN SMALL LETTER N WITH TILDE}o", "27 inch monitor")


@pytest.fixture
def four(store: HistoryStore) -> HistoryStore:
    """The second one is refused. No id is found by what is looked for: by chance one ended in 3."""
    orders = [
        an_order(name, order_id=f"b0000000-0000-7000-8000-00000000000{end}")
        for name, end in zip(NAMES, "bcde", strict=True)
    ]
    place_orders(store, [("A1" if name == "laptop" else "", order) for name, order in zip(NAMES, orders, strict=True)])
    store.notices.apply([a_notice(orders[1], OrderStatus.REJECTED, 1)], missed=False)
    return store


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (OrderQuery(), [4, 3, 2, 1]),
        (OrderQuery((Word("lapt"),)), [1]),
        (OrderQuery((Word("usb-c"),)), [2]),
        (OrderQuery((Word("jalapeno"),)), [3]),
        (OrderQuery((Word("lapt", without=True),)), [4, 3, 2]),
        (OrderQuery((Word("lapt", others=(Word("inch"),)),)), [4, 1]),
        (OrderQuery((Word("lapt", others=(Word("inch"),), without=True),)), [3, 2]),
        (OrderQuery((Word("refused", (REJECTED,), Field.STATE),)), [2]),
        (OrderQuery((Word("refused", (REJECTED,), Field.STATE, without=True),)), [4, 3, 1]),
        (OrderQuery((Word("reje"),)), [2]),
        (OrderQuery((Word("a1", field=Field.ORDER),)), [1]),
        (OrderQuery((Word("a1", field=Field.PRODUCT),)), []),
        (OrderQuery((Word("27 inch", field=Field.PRODUCT),)), [4]),
        (OrderQuery((Word("3", field=Field.ORDER),)), [3]),
        (OrderQuery((Word("3", field=Field.ORDER, without=True),)), [4, 2, 1]),
        (OrderQuery((Word("9" * 40, field=Field.ORDER),)), []),
        (OrderQuery((Word("", others=(Word("-"),), without=True),)), [4, 3, 2, 1]),
        (OrderQuery((Word("%"), Word("'"))), [4, 3, 2, 1]),
        (OrderQuery(states=(WAITING,), since="2000-01-01"), [4, 3, 1]),
        (OrderQuery(until="2000-01-01"), []),
    ],
)
def test_orders_are_found(four: HistoryStore, query: OrderQuery, numbers: list[int]) -> None:
    assert list(four.orders.find(query)) == numbers


def test_an_order_is_found_by_the_beginning_of_its_id_and_by_the_end_that_windows_show(store: HistoryStore) -> None:
    orders = [an_order() for _ in range(2)]
    place_orders(store, [("", order) for order in orders])
    text = str(orders[0].order_id)
    for part in (text, text.upper(), text[:-3], text[-8:]):
        assert list(store.orders.find(OrderQuery((Word(part, field=Field.ORDER),)))) == [1], part
    assert list(store.orders.find(OrderQuery((Word(text),)))) == [1]
