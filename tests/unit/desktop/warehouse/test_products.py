from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest

from desktop.role.worker import answer
from desktop.warehouse.tab import WarehouseTab
from messaging.domain.stock import StockLevel
from tests.helpers.pages import on_page, until
from tests.unit.desktop.warehouse.helpers import seen


def shown(tab: WarehouseTab) -> list[str]:
    rows = tab.stock_pane.view.rows
    return [rows.index(number, 0).data() for number in range(rows.rowCount())]


def spoken(tab: WarehouseTab) -> list[str]:
    rows = tab.stock_pane.view.rows
    return [rows.index(number, 0).data(Qt.ItemDataRole.AccessibleTextRole) for number in range(rows.rowCount())]


def typed(tab: WarehouseTab, name: str, price: str) -> None:
    form = tab.stock_pane.product_form
    tab.stock_pane.new_action.trigger()
    QTest.keyClicks(form.name, name)
    QTest.keyClicks(form.price, price)
    QTest.keyClick(form.price, Qt.Key.Key_Return)


@on_page(WarehouseTab)
async def test_a_new_product_is_in_the_stock_and_its_first_units_in_the_ledger(tab: WarehouseTab) -> None:
    await seen(tab)
    form = tab.stock_pane.product_form
    tab.stock_pane.new_action.trigger()
    form.stock.setValue(20)
    form.threshold.setValue(5)
    form.reason.setText("delivery note 7")
    QTest.keyClicks(form.name, "oat milk")
    QTest.keyClicks(form.price, "2,19")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    await until(lambda: tab.stock.get("oat milk") == StockLevel("oat milk", 219, 20, threshold=5))
    assert not form.isVisible()
    await until(lambda: tab.ledger.model.rows()[0].reason == "delivery note 7")
    tab.done.undo_button.click()
    await until(lambda: "oat milk" not in shown(tab))


WRONG = (
    ("LapTop", "1.00", "laptop is in the catalogue already."),
    ("webcam", "1.00", "webcam is withdrawn: offer it again."),
    (" ", "1.00", "is not a product name"),
    ("milk", "", "The price is an amount like"),
    ("milk", "cheap", "Price 'cheap' is not an amount like 12.50."),
    ("milk", "1.2.3", "Price '1.2.3' is not an amount like 12.50."),
    ("milk", "1e3", "Price '1e3' is not an amount like 12.50."),
    ("milk", "1.250", "Price '1.250' is unclear: write 1250.00 or 12.50, no mark for thousands."),
    ("milk", "1,250", "Price '1,250' is unclear: write 1250.00 or 12.50, no mark for thousands."),
    ("milk", "1 000,5", "Price '1 000,5' is unclear: write 1250.00 or 12.50, no mark for thousands."),
)


@on_page(WarehouseTab)
async def test_what_is_wrong_is_said_in_the_form_where_it_can_be_mended(tab: WarehouseTab) -> None:
    await seen(tab)
    await answer(tab.session.books.ask(lambda store: store.stock.withdraw(["webcam"])))
    tab.books.poll()
    await until(lambda: len(shown(tab)) == 9)
    form = tab.stock_pane.product_form
    for name, price, says in WRONG:
        typed(tab, name, price)
        assert form.isVisible()
        assert says in form.wrong.text()
        assert (form.price if "rice" in says else form.name).hasFocus()
        QTest.keyClicks(form.name, "x")
        assert not form.wrong.text()
        QTest.keyClick(form.name, Qt.Key.Key_Escape)
        assert not form.isVisible()
        assert tab.stock_pane.search.hasFocus()
    assert tab.stock.rowCount() == 10


@on_page(WarehouseTab)
async def test_a_price_is_edited_and_goes_back_by_undo(tab: WarehouseTab) -> None:
    await seen(tab)
    form = tab.stock_pane.product_form
    tab.stock_pane.view.select(0)
    tab.stock_pane.edit_button.click()
    assert form.price.text() == f"999{QLocale().decimalPoint()}99"
    assert not form.name.isVisible()
    QTest.keyClicks(form.price, "899")
    QTest.keyClick(form.price, Qt.Key.Key_Return)
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.price == 89900)
    tab.done.undo_button.click()
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.price == 99999)


@on_page(WarehouseTab)
async def test_withdrawn_products_go_one_after_the_other_and_are_offered_again_on_wish(tab: WarehouseTab) -> None:
    await seen(tab)
    pane = tab.stock_pane
    tab.stock_pane.view.select(0)
    for name in ("laptop", "wireless_mouse"):
        assert pane.offer_action.text() == f"Withdraw {name}"
        pane.offer_action.trigger()
        await until(partial(lambda gone: gone not in shown(tab), name))
        assert tab.stock_pane.view.selectionModel().hasSelection()
    assert pane.withdrawn_button.text() == "2 withdrawn"
    assert pane.withdrawn_button.isHidden()
    pane.search.setText("lap")
    assert shown(tab) == []
    pane.search.clear()
    assert pane.withdrawn_action.text() == "Show withdrawn products (2)"
    pane.withdrawn_action.trigger()
    assert shown(tab) == ["laptop", "wireless_mouse"]
    assert spoken(tab) == ["laptop (withdrawn)", "wireless_mouse (withdrawn)"]
    assert pane.withdrawn_button.isVisible()
    assert tab.stock_pane.view.rows.index(0, 1).data(Qt.ItemDataRole.ForegroundRole) is not None
    tab.stock_pane.view.select(0)
    assert pane.offer_action.text() == "Offer laptop again"
    pane.offer_action.trigger()
    await until(lambda: shown(tab) == ["wireless_mouse"])
    assert tab.done.words.text() == "laptop is offered again"
    tab.done.undo_button.click()
    await until(lambda: len(shown(tab)) == 2)
    for _ in range(2):
        tab.stock_pane.view.select(0)
        before = len(shown(tab))
        pane.offer_action.trigger()
        await until(partial(lambda count: len(shown(tab)) != count, before))
    assert (pane.withdrawn_button.isVisible(), len(shown(tab))) == (False, 10)
    assert not pane.withdrawn_action.isEnabled()


@on_page(WarehouseTab)
async def test_what_can_be_done_with_a_product_is_in_the_menu_of_its_row(tab: WarehouseTab) -> None:
    await seen(tab)
    restock, adjust, edit, offer = tab.stock_pane.view.actions()
    assert not any(action.isEnabled() for action in (restock, adjust, edit, offer)), "no product is chosen"
    tab.stock_pane.view.select(0)
    edit.trigger()
    assert tab.stock_pane.product_form.isVisible()
    adjust.trigger()
    assert tab.stock_pane.form.isVisible()
    assert not tab.stock_pane.product_form.isVisible()
    assert offer.text() == "Withdraw laptop"


@on_page(WarehouseTab)
async def test_where_all_are_withdrawn_they_are_a_click_away(tab: WarehouseTab) -> None:
    await seen(tab)
    names = [level.name for level in tab.stock.rows()]
    await answer(tab.session.books.ask(lambda store: store.stock.withdraw(names)))
    tab.books.poll()
    await until(lambda: shown(tab) == [])
    tab.stock_pane._show_all()
    assert len(shown(tab)) == 10


@on_page(WarehouseTab)
async def test_an_import_says_which_of_its_products_stay_withdrawn(tab: WarehouseTab, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("name,price,stock\nlaptop,900.00,30\nwebcam,49.99,45\n")
    await seen(tab)
    await answer(tab.session.books.ask(lambda store: store.stock.withdraw(["laptop"])))
    tab.stock_pane.import_wanted.emit(file)
    await until(tab.stock_pane.card.import_button.isVisible)
    tab.stock_pane.card.import_button.click()
    await until(lambda: "0 new, 1 changed, 1 as they were. 1 of them are withdrawn" in tab.stock_pane.card.words.text())


@on_page(WarehouseTab)
async def test_a_price_that_cannot_be_taken_is_said_on_leaving_it_and_never_saved(tab: WarehouseTab) -> None:
    await seen(tab)
    form = tab.stock_pane.product_form
    tab.stock_pane.view.select(0)
    tab.stock_pane.edit_button.click()
    for typed in ("1,250", "1.2.3", "cheap"):
        form.price.setFocus()
        form.price.selectAll()
        QTest.keyClicks(form.price, typed)
        QTest.keyClick(form.price, Qt.Key.Key_Tab)
        assert form.threshold.hasFocus()
        assert typed in form.wrong.text()
        QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
        assert form.isVisible()
        assert form.price.hasFocus()
        assert (form.price.text(), form.price.selectedText()) == (typed, typed)
    form.price.selectAll()
    QTest.keyClicks(form.price, "1,25")
    form.threshold.setFocus()
    assert not form.wrong.text()


@on_page(WarehouseTab)
async def test_a_number_that_is_refused_has_the_cursor_when_the_form_is_saved(tab: WarehouseTab) -> None:
    await seen(tab)
    form = tab.stock_pane.product_form
    tab.stock_pane.new_action.trigger()
    QTest.keyClicks(form.name, "milk")
    QTest.keyClicks(form.price, "1.2.3")
    form.stock.setFocus()
    form.stock.selectAll()
    QTest.keyClicks(form.stock, "2.5")
    form.price.setFocus()
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    assert form.isVisible()
    assert form.stock.hasFocus()
    assert "2.5" in form.wrong.text()
