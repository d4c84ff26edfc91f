"""What is typed into the client's search, by hand: a name, or how many of what."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.catalogue.typed import count_before, parse_typed
from desktop.client.tab import ClientTab
from messaging.domain.stock import StockLevel
from tests.helpers.pages import on_page
from tests.unit.desktop.client.helpers import lines, loaded, scan, type_in


def offer(tab: ClientTab, *names: str) -> None:
    tab.catalogue.apply([StockLevel(name, 100, 50) for name in names], full=True)


def found(tab: ClientTab) -> list[str]:
    rows = tab.catalogue_pane.view.rows
    return [rows.index(row, 0).data() for row in range(rows.rowCount())]


@on_page(ClientTab)
async def test_a_name_that_begins_with_a_number_is_one_product(tab: ClientTab) -> None:
    await loaded(tab)
    offer(tab, "7 up", "12 eggs", "100 pipers", "6 ribbons", "3_in_1 tool", "up", "laptop")
    for text in ("7 up", "2 7 up", "12 eggs", "12 EGGS", "100 pip", "3 in 1", "2x 6 ribbons", "3 laptop"):
        type_in(tab, text)
    assert dict(lines(tab)) == {
        "7 up": 3,
        "12 eggs": 2,
        "100 pipers": 1,
        "3_in_1 tool": 1,
        "6 ribbons": 2,
        "laptop": 3,
    }


@on_page(ClientTab)
async def test_where_both_can_be_meant_both_are_found_and_the_chosen_one_says_how_many(tab: ClientTab) -> None:
    await loaded(tab)
    offer(tab, "eggs", "12 eggs", "eggs benedict", "12 eggs large")
    tab.focus_first()
    QTest.keyClicks(tab.catalogue_pane.search, "12 eggs")
    assert found(tab) == ["12 eggs", "eggs", "12 eggs large", "eggs benedict"]
    assert tab.catalogue_pane.taken.text() == "Enter takes 1 \u00d7 12 eggs"
    QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_Down)
    assert tab.catalogue_pane.taken.text() == "Enter takes 12 \u00d7 eggs"
    QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_Return)
    assert lines(tab) == [("eggs", 12)]
    tab.catalogue_pane.search.clear()
    assert tab.catalogue_pane.taken.text() == ""


@on_page(ClientTab)
async def test_of_names_that_differ_in_case_the_one_that_was_given_is_meant(tab: ClientTab) -> None:
    await loaded(tab)
    offer(tab, "Milk", "milk", "Oat milk", "caf\u00e9")
    tab.activateWindow()
    tab.focus_first()
    scan(tab.catalogue_pane.search, "milk")
    type_in(tab, "Milk")
    type_in(tab, "oat milk")
    scan(tab.catalogue_pane.search, "cafe\u0301")
    assert lines(tab) == [("milk", 1), ("Milk", 1), ("Oat milk", 1), ("caf\u00e9", 1)]


@pytest.mark.parametrize(
    ("text", "name", "quantity"),
    [
        ("3 laptop", "laptop", 3),
        ("3x laptop", "laptop", 3),
        ("3 \u00d7 lap", "laptop", 3),
        ("12 usb c", "usb_c_charger", 12),
        ("27 inch", "monitor_27_inch", 1),
        ("2 27 inch", "monitor_27_inch", 2),
        ("3 laptop", "laptop 3 pro", 3),
        ("3 labtop", "laptop", 3),
        ("7", "7 up", 1),
        ("7 up 2", "7 up", 1),
    ],
)
def test_how_many_of_a_product(text: str, name: str, quantity: int) -> None:
    assert parse_typed(text).quantity(name) == quantity


@pytest.mark.parametrize("text", ["2.5 laptop", "-3 laptop", "3e2 laptop", "1,000 laptop", "12345678 laptop"])
def test_a_number_that_cannot_be_read_finds_nothing(text: str) -> None:
    assert parse_typed(text).match("laptop") is None


@pytest.mark.parametrize(("text", "count"), [("12 ", 12), ("3x ", 3), ("12", None), ("lap ", None), ("", None)])
def test_a_quantity_before_what_is_to_come(text: str, count: int | None) -> None:
    assert count_before(text) == count
