from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.role.worker import answer
from desktop.tables.table import TableWithEmptyState
from desktop.warehouse.tab import WarehouseTab
from messaging.domain.orders import OnShortage
from messaging.errors import UsageError
from tests.helpers.pages import Problems, a_page, on_page, run, until
from tests.unit.desktop.warehouse.helpers import decide, order, seen


@on_page(WarehouseTab)
async def test_a_stopped_warehouse_shows_what_its_books_hold(tab: WarehouseTab) -> None:
    await seen(tab)
    assert tab.stock_pane.view.rows.index(0, 0).data() == "laptop"
    assert tab.stock_pane.view.rows.index(0, 3).data() == "25"
    assert tab.feed.empty.button.isVisible()
    assert tab.toolbar.start_button.text() == "Start"


@on_page(WarehouseTab)
async def test_nothing_is_read_where_nothing_has_changed(tab: WarehouseTab) -> None:
    await seen(tab)
    read: list[object] = []
    await until(lambda: len(tab.books._mark) > 0 and tab.books._mark[0] != -1)
    tab.books.changed.connect(read.append)
    for _ in range(3):
        tab.books.poll()
        await until(lambda: not tab.books._is_polling)
    assert read == []
    await answer(tab.session.books.ask(lambda store: store.stock.restock("laptop", 1)))
    tab.books.poll()
    await until(lambda: read)


@on_page(WarehouseTab)
async def test_a_delivery_serves_the_order_that_waits_for_it(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, order("laptop", 30, OnShortage.WAIT))
    tab.books.poll()
    await until(lambda: tab.waiting.model.rowCount() == 1)
    assert tab.toolbar.waiting.value.text() == "1"
    tab.stock_pane.view.select(0)
    tab.stock_pane.restock_button.click()
    tab.stock_pane.form.units.setValue(5)
    QTest.keyClick(tab.stock_pane.form.reason, Qt.Key.Key_Return)
    await until(lambda: tab.to_ship.model.rowCount() == 1 and tab.waiting.model.rowCount() == 0)
    laptop = tab.stock.get("laptop")
    assert laptop is not None
    assert (laptop.on_hand, laptop.reserved, laptop.free) == (30, 30, 0)
    assert tab.stock_pane.view.rows.index(0, 3).data(Qt.ItemDataRole.DecorationRole) is not None


@on_page(WarehouseTab)
async def test_a_delivery_says_before_it_is_posted_who_would_get_what(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, order("laptop", 30, OnShortage.WAIT))
    tab.stock_pane.view.select(0)
    tab.stock_pane.restock_button.click()
    form = tab.stock_pane.form
    await until(lambda: form.allotments.rows.index(0, 3).data() == "complete")
    assert form.preview.text() == "Waiting orders served: 1. They get 30 of it, 5 stay free."
    form.units.setValue(4)
    await until(lambda: "No waiting order is served by it" in form.preview.text())
    laptop = tab.stock.get("laptop")
    assert laptop is not None
    assert laptop.on_hand == 25


@on_page(WarehouseTab)
async def test_a_posting_is_undone_by_a_counter_posting(tab: WarehouseTab) -> None:
    await seen(tab)
    await tab.changes.restock("laptop", 7, "twice by mistake")
    await until(lambda: "came in" in tab.done.words.text())
    tab.done.undo_button.click()
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 25)
    await until(lambda: [row.on_hand for row in tab.ledger.model.rows()[:2]] == [-7, 7])
    tab.ledger.view.select(1)
    assert not tab.ledger.undo_button.isEnabled(), "it is undone already"


@on_page(WarehouseTab)
async def test_the_ledger_of_one_product_alone(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, order("laptop", 1), order("webcam", 1))
    tab.books.poll()
    await until(lambda: tab.ledger.model.rowCount() == 12)
    tab.stock_pane.view.select(0)
    tab.ledger.only.click()
    await until(lambda: {row.name for row in tab.ledger.model.rows()} == {"laptop"})
    tab.ledger.only.click()
    await until(lambda: tab.ledger.model.rowCount() == 12)


@on_page(WarehouseTab)
async def test_a_threshold_marks_a_product_as_low(tab: WarehouseTab) -> None:
    await seen(tab)
    tab.stock_pane.view.select(0)
    tab.stock_pane.edit_button.click()
    tab.stock_pane.product_form.threshold.setValue(25)
    tab.stock_pane.product_form.save_button.click()
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.threshold == 25)
    assert tab.stock_pane.view.rows.index(0, 3).data(Qt.ItemDataRole.DecorationRole) is not None
    assert tab.stock_pane.low_button.text() == "1 low"
    tab.stock_pane.low_button.click()
    assert tab.stock_pane.view.rows.rowCount() == 1
    tab.stock_pane.low_button.click()
    assert tab.stock_pane.view.rows.rowCount() == 10


def has_free(tab: WarehouseTab, name: str, free: int) -> bool:
    level = tab.stock.get(name)
    return level is not None and level.free == free


@on_page(WarehouseTab)
async def test_goods_are_taken_in_by_keyboard_alone_one_after_the_other(tab: WarehouseTab) -> None:
    await seen(tab)
    pane = tab.stock_pane
    for typed, name, free in (("chai", "office_chair", 22), ("webc", "webcam", 52)):
        tab.begin_search()
        assert pane.search.hasFocus()
        QTest.keyClicks(pane.search, typed)
        assert tab.stock_pane.view.current() == tab.stock.get(name)
        assert pane.restock_button.isEnabled()
        QTest.keyClick(pane.search, Qt.Key.Key_Return)
        assert pane.form.units.hasFocus()
        QTest.keyClicks(pane.form.units, "7")
        QTest.keyClick(pane.form.units, Qt.Key.Key_Return)
        await until(partial(has_free, tab, name, free))
        await until(lambda: not pane.form.isVisible() and pane.search.hasFocus())
    QTest.keyClick(pane.search, Qt.Key.Key_Return)
    QTest.keyClick(pane.form.units, Qt.Key.Key_Escape)
    assert not pane.form.isVisible()
    assert pane.search.hasFocus()


@on_page(WarehouseTab)
async def test_a_search_that_finds_nothing_says_so_and_is_undone_by_one_click(tab: WarehouseTab) -> None:
    await seen(tab)
    pane = tab.stock_pane
    (shown,) = pane.findChildren(TableWithEmptyState)
    tab.begin_search()
    QTest.keyClicks(pane.search, "no such thing")
    assert (shown.nothing.isVisible(), shown.empty.isVisible()) == (True, False)
    assert not pane.restock_button.isEnabled()
    assert not pane.restock_button.isEnabled()
    shown.nothing.button.click()
    assert tab.stock_pane.view.rows.rowCount() == 10
    QTest.keyClicks(pane.search, "lap")
    QTest.keyClick(pane.search, Qt.Key.Key_Down)
    QTest.keyClick(pane.search, Qt.Key.Key_Escape)
    assert (pane.search.text(), tab.stock_pane.view.rows.rowCount()) == ("", 10)


@on_page(WarehouseTab)
async def test_a_catalogue_is_imported_after_its_wrong_rows_were_named(tab: WarehouseTab, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("name,price,stock\nlaptop,900.00,30\nfax,x,1\ncamera,10.00,5\n")
    await seen(tab)
    card = tab.stock_pane.card
    tab.stock_pane.import_wanted.emit(file)
    await until(lambda: "2 products" in card.words.text())
    assert "row 3" in card.errors.toPlainText()
    assert tab.stock.get("camera") is None
    card.import_button.click()
    await until(lambda: "1 new, 1 changed, 0 as they were" in card.words.text())
    await until(lambda: tab.stock.get("camera") is not None)
    tab.stock_pane.export_wanted.emit(tmp_path / "out.csv")
    await until(lambda: "11 products written" in tab.done.words.text())
    assert "laptop,900.00,30" in (tmp_path / "out.csv").read_text()


@on_page(WarehouseTab)
async def test_an_adjustment_needs_its_reason(tab: WarehouseTab) -> None:
    await seen(tab)
    tab.stock_pane.view.select(0)
    tab.stock_pane.adjust_button.click()
    form = tab.stock_pane.form
    form.units.setValue(-3)
    assert not form.apply_button.isEnabled()
    form.reason.setText("three are broken")
    form.apply_button.click()
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 22)
    await until(lambda: tab.ledger.view.rows.index(0, 5).data() == "three are broken")


def test_what_cannot_be_done_is_a_problem_in_words(qapp: QApplication, tmp_path: Path) -> None:
    problems = Problems()

    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path, problems=problems) as tab:
            await seen(tab)
            tab.session.spawn(tab.changes.adjust("laptop", -26, "stolen"))
            await until(lambda: problems)

    run(qapp, main())
    assert "laptop" in str(problems[0])


@on_page(WarehouseTab)
async def test_a_delivery_that_waiting_orders_took_has_no_way_back_and_says_so(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, order("laptop", 30, OnShortage.WAIT))
    await tab.changes.restock("laptop", 10, "")
    await until(lambda: "1 waiting order served" in tab.done.words.text())
    assert tab.done.words.text().endswith("it cannot be undone now")
    assert not tab.done.undo_button.isVisible()
    await tab.changes.adjust("laptop", 2, "found")
    await until(lambda: "adjusted by +2" in tab.done.words.text())
    assert tab.done.undo_button.isVisible()


@on_page(WarehouseTab)
async def test_units_that_are_no_whole_number_are_not_posted(tab: WarehouseTab) -> None:
    await seen(tab)
    tab.activateWindow()
    form = tab.stock_pane.form
    for made, reason in ((tab.stock_pane.restock_button, ""), (tab.stock_pane.adjust_button, "x")):
        tab.stock_pane.view.select(0)
        made.click()
        before = form.units.value()
        form.reason.setText(reason)
        for typed in ("2.5", "3e2", "1,250", "9999999"):
            form.units.selectAll()
            QTest.keyClicks(form.units, typed)
            QTest.keyClick(form.units, Qt.Key.Key_Return)
            form.apply_button.click()
            QTest.keyClick(form.reason, Qt.Key.Key_Return)
            assert form.isVisible()
            assert form.wrong.isVisible()
            assert repr(typed.lstrip("-")) in form.wrong.text()
            assert form.units.value() == before
        form.units.selectAll()
        QTest.keyClicks(form.units, "2.0")
        assert form.wrong.text() == ""
        form.apply_button.click()
        await until(lambda: not form.isVisible())
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 29)


@on_page(WarehouseTab)
async def test_a_low_mark_that_is_no_whole_number_is_not_saved(tab: WarehouseTab) -> None:
    await seen(tab)
    tab.stock_pane.view.select(0)
    tab.stock_pane.edit_button.click()
    form = tab.stock_pane.product_form
    for typed in ("2.5", "-5", "99999999999"):
        form.threshold.selectAll()
        QTest.keyClicks(form.threshold, typed)
        form.save_button.click()
        assert form.isVisible()
        assert repr(typed) in form.wrong.text()
    form.threshold.selectAll()
    QTest.keyClicks(form.threshold, "25")
    form.save_button.click()
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.threshold == 25)


@on_page(WarehouseTab)
async def test_a_catalogue_says_how_it_was_read_and_what_cannot_be_read_at_all(
    tab: WarehouseTab, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    await seen(tab)
    card = tab.stock_pane.card
    file.write_bytes("Name;Price;Stock;;\nKäse;1,25;7.0;;\nTee;1,250;1;;\n".encode("cp1252"))
    tab.stock_pane.import_wanted.emit(file)
    await until(lambda: "1 products" in card.words.text())
    assert "Windows-1252" in card.words.text()
    assert "row 3: price '1,250' is unclear" in card.errors.toPlainText()
    card.import_button.click()
    await until(lambda: tab.stock.get("Käse") is not None)
    file.write_text('name,price,stock\n"bolt,0.10,100\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 2: this is not CSV"):
        await tab.changes.read_file(file)
