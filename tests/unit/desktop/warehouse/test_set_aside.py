from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.shared.texts import number
from desktop.warehouse.set_aside_details import dump, shown_bytes
from desktop.warehouse.tab import WarehouseTab
from tests.helpers.pages import Problems, a_page, on_page, run, until
from tests.unit.desktop.warehouse.helpers import seen, settle


@on_page(WarehouseTab)
async def test_messages_are_dropped_and_brought_back(tab: WarehouseTab) -> None:
    await seen(tab)
    await settle(tab, b"one", b"two")
    tab.look()
    await until(lambda: tab.set_aside.model.rowCount() == 2)
    tab.set_aside.all_button.click()
    tab.set_aside.drop_button.click()
    await until(lambda: tab.set_aside.model.rowCount() == 0)
    assert tab.done.text() == "2 messages dropped"
    tab.set_aside.state.setCurrentIndex(2)
    await until(lambda: tab.set_aside.model.rowCount() == 2)
    tab.set_aside.state.setCurrentIndex(0)
    tab.done.undo_button.click()
    await until(lambda: tab.set_aside.model.rowCount() == 2)


def test_a_stopped_warehouse_sends_nothing_again_and_says_so(qapp: QApplication, tmp_path: Path) -> None:
    problems = Problems()

    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path, problems=problems) as tab:
            await seen(tab)
            await settle(tab, b"one")
            tab.look()
            await until(lambda: tab.set_aside.model.rowCount() == 1)
            tab.set_aside.view.select(0)
            tab.set_aside.send_button.click()
            await until(lambda: problems)
            assert tab.done.text() == "0 sent again"

    run(qapp, main())
    assert "start it" in str(problems[0])


@on_page(WarehouseTab)
async def test_a_message_with_a_bad_field_is_corrected_instead_of_sent_to_be_refused_again(tab: WarehouseTab) -> None:
    await seen(tab)
    await settle(tab, b'{"order_id":7,"user_id":3,"order":[{"name":"laptop","quantity":-4}],"created_at":"now"}')
    tab.look()
    pane = tab.set_aside
    await until(lambda: pane.model.rowCount() == 1)
    tab.pages.setCurrentWidget(pane)
    pane.view.select(0)
    assert pane.send_button.text() == "Correct..."
    pane.send_button.click()
    form = pane.details.form
    assert pane.details.pages.currentWidget() is form
    assert (form.lines.currentRow(), form.lines.currentColumn()) == (0, 1)
    assert form.lines.hasFocus()


@on_page(WarehouseTab)
async def test_what_was_set_aside_is_shown_byte_for_byte_as_plain_text(tab: WarehouseTab) -> None:
    await seen(tab)
    await settle(tab, b'<img src="x">\xff\x00')
    tab.look()
    await until(lambda: tab.set_aside.model.rowCount() == 1)
    tab.pages.setCurrentWidget(tab.set_aside)
    tab.set_aside.view.select(0)
    assert tab.set_aside.details.raw.toPlainText().startswith('<img src="x">\\xff\\x00')


def test_bytes_that_are_no_text_are_written_as_numbers_and_long_ones_cut() -> None:
    assert shown_bytes(b"a\xffb\x1b[0m") == "a\\xffb\\x1b[0m"
    assert shown_bytes(b"x" * 70_000).endswith(f"{number(4464)} bytes more")
    assert dump(b"<b>\xff\x00") == f"000000  3c 62 3e ff 00{' ' * 33}  <b>.."
