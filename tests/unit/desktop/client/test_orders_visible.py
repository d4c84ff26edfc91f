"""No order placed is ever invisible: whatever is filtered, sorted, or placed beside it by another window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.client.tab import ClientTab
from desktop.style.states import of_state
from messaging.domain.orders import new_order
from messaging.history.records import OrderState
from messaging.history.store.history_store import HistoryStore
from tests.helpers.pages import a_page, on_page, run, until
from tests.helpers.stores import place_orders
from tests.unit.desktop.client.helpers import loaded


def place(tab: ClientTab, name: str = "laptop") -> None:
    tab.add_to_basket(name)
    tab.place()


def shown(tab: ClientTab) -> list[int]:
    return list(tab.orders.places)


def show_only(tab: ClientTab, state: OrderState) -> None:
    tab.orders_pane.state.setCurrentText(of_state(state).word)


@on_page(ClientTab)
async def test_an_order_that_a_second_window_placed_just_before_is_shown_too(tab: ClientTab) -> None:
    who = tab.session.profile
    await loaded(tab)
    place(tab)
    await until(lambda: shown(tab) == [1])
    other = HistoryStore(tab.session.settings.folder.history(who.user_id), who.user_id)
    place_orders(other, [("", new_order(who.user_id, [("webcam", 1)]))])
    other.close()
    place(tab)
    await until(lambda: shown(tab) == [3, 2, 1])


@pytest.mark.parametrize("words", ["", "nothing has this name"])
def test_hundreds_placed_while_another_state_or_text_is_filtered_are_shown_until_the_filter_changes(
    qapp: QApplication, tmp_path: Path, words: str
) -> None:
    count = 300

    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            place(tab, "webcam")
            await until(lambda: shown(tab) == [1])
            tab.orders_pane.search.setText(words)
            show_only(tab, OrderState.SHIPPED)
            await until(lambda: not shown(tab))
            for _ in range(count):
                place(tab)
            await until(lambda: shown(tab) == list(range(count + 1, 1, -1)))
            await tab.my_orders.find()  # as news of an order leads to
            assert shown(tab) == list(range(count + 1, 1, -1))
            show_only(tab, OrderState.RETURNED)
            await until(lambda: not shown(tab))
            tab.orders_pane.clear_filters()
            await until(lambda: len(shown(tab)) == count + 1)

    run(qapp, main())


@on_page(ClientTab)
async def test_an_order_is_on_top_at_once_whatever_the_table_is_sorted_by(tab: ClientTab) -> None:
    await loaded(tab)
    place(tab, "laptop")
    place(tab, "webcam")
    await until(lambda: shown(tab) == [2, 1])
    tab.orders_pane.view.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    await until(lambda: shown(tab) == [1, 2])
    place(tab, "wireless_mouse")
    await until(lambda: shown(tab) == [3, 1, 2])
