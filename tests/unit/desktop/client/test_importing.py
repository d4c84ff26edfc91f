from pathlib import Path

import pytest

from desktop.client.imports.import_dialog import ImportDialog
from desktop.client.tab import ClientTab
from messaging.domain.orders import now
from messaging.errors import UsageError
from tests.helpers.pages import on_page, until
from tests.unit.desktop.client.helpers import loaded


def newest(tab: ClientTab) -> ImportDialog:
    return tab.findChildren(ImportDialog)[-1]


@on_page(ClientTab)
async def test_an_import_is_seen_first_and_the_same_file_again_adds_nothing(tab: ClientTab, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order,name,quantity\nA,laptop,1\nB,webcam,2\nB,laptop,1\nC,webcam,none\n", encoding="utf-8")
    await loaded(tab)
    await tab.importing.show(path)
    first = newest(tab)
    assert tab.orders.rowCount() == 0
    assert [(row.label, row.total) for row in first.orders.rows()] == [("A", 99999), ("B", 2 * 4999 + 99999)]
    assert [(row.line, row.field) for row in first.errors.rows()] == [(5, "quantity")]
    seen_at = now()
    first.place_button.click()
    await until(lambda: first.words.text() == "2 orders are placed.")
    await until(lambda: tab.orders.rowCount() == 2)
    assert all(row.order.created_at >= seen_at for row in tab.orders.rows())
    first.close_button.click()
    await tab.importing.show(path)
    again = newest(tab)
    assert not again.place_button.isEnabled()
    assert all(row.is_known for row in again.orders.rows())
    again.close_button.click()


@on_page(ClientTab)
async def test_an_import_can_be_stopped_between_two_portions(tab: ClientTab, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order,name,quantity\n" + "".join(f"N{n},laptop,1\n" for n in range(1000)), encoding="utf-8")
    await loaded(tab)
    await tab.importing.show(path)
    dialog = newest(tab)
    dialog.place_button.click()
    await until(lambda: tab.orders.rowCount() > 0)
    dialog.close_button.click()
    await until(lambda: "Stopped" in dialog.words.text())
    placed = tab.orders.rowCount()
    assert 0 < placed < 1000
    assert dialog.isVisible()
    dialog.close_button.click()
    assert not dialog.isVisible()


@on_page(ClientTab)
async def test_what_is_left_out_of_an_import_is_said(tab: ClientTab, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    await loaded(tab)
    path.write_bytes("order;name;quantity\nS1;laptop;1\n;webcam;4\nS2;Käse;2,0\n".encode("cp1252"))
    await tab.importing.show(path)
    dialog = newest(tab)
    assert [row.label for row in dialog.orders.rows()] == ["S2"]
    for words in ("new ones: 1.", "Windows-1252", "Rows with errors: 1;", "Left out: S1.", "the catalogue lacks: 1"):
        assert words in dialog.words.text()
    dialog.place_button.click()
    await until(lambda: dialog.words.text() == "One order is placed.")
    dialog.close_button.click()
    path.write_text("order,name,quantity\nS2,laptop,1\nS3,laptop,1\n", encoding="utf-8")
    await tab.importing.show(path)
    again = newest(tab)
    assert "Another order has the name of: S2." in again.words.text()
    assert again.orders_view.rows.index(0, 4).data() == "name taken"
    again.place_button.click()
    await until(lambda: again.words.text() == "One order is placed.")
    again.close_button.click()


@on_page(ClientTab)
async def test_ones_own_export_is_nothing_new(tab: ClientTab, tmp_path: Path) -> None:
    await loaded(tab)
    tab.start()
    tab.add_to_basket("laptop", 2)
    tab.basket_pane.place_button.click()
    await until(lambda: tab.orders.rowCount() == 1)
    path = tmp_path / "mine.csv"
    await tab.exporting.write(path)
    await tab.importing.show(path)
    dialog = newest(tab)
    assert "Orders: 1, new ones: 0." in dialog.words.text()
    assert not dialog.place_button.isEnabled()
    dialog.close_button.click()


@on_page(ClientTab)
async def test_a_file_that_is_not_csv_is_said_in_words(tab: ClientTab, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text('order,name,quantity\nA,"laptop,1\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 2: this is not CSV"):
        await tab.importing.show(path)
    assert tab.orders.rowCount() == 0
