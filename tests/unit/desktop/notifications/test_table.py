import csv
import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop.notifications.notices_model import REASON, USER
from desktop.notifications.tab import NotificationsTab
from desktop.role.view_memory import ViewMemory
from messaging.domain.orders import OrderStatus
from tests.helpers.pages import a_page, exported, on_page, profile, run, until
from tests.unit.desktop.notifications.helpers import hear, notice


@on_page(NotificationsTab)
async def test_the_filter_takes_words_of_order_product_state_and_reason(tab: NotificationsTab) -> None:
    who = tab.session.profile
    refused = notice(who, 3, OrderStatus.REJECTED, "laptop: 3 asked")
    await hear(tab, notice(who, 1), notice(who, 2), refused)
    await tab._find()
    tab.focus_first()
    QTest.keyClicks(tab.toolbar.search, "product:laptop state:refu since:yesterday")
    await until(lambda: list(tab.notices.places) == [3])
    await until(lambda: tab.toolbar.found.text() == "1 found")
    tab.toolbar.search.clear()
    QTest.keyClicks(tab.toolbar.search, "laptop refu")
    await until(lambda: list(tab.notices.places) == [3])
    await until(lambda: tab.view.rows.index(0, 2).data() == "Refused")
    tab.start()
    await until(lambda: "Starting" in tab.toolbar.pill.text())
    await hear(tab, notice(who, 4), notice(who, 5, OrderStatus.REJECTED, "laptop"))
    await until(lambda: list(tab.notices.places) == [5, 3])  # what comes is filtered, too
    QTest.keyClicks(tab.toolbar.search, "x")
    await until(tab.empty.isVisible)
    tab.empty.button.click()
    await until(lambda: tab.notices.rowCount() == 5)
    tab.toolbar.filters.state.setCurrentIndex(tab.toolbar.filters.state.findText("Refused"))
    await until(lambda: list(tab.notices.places) == [5, 3])


@on_page(NotificationsTab)
async def test_a_title_sorts_and_the_newest_stay_held_back_then(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, notice(who, 1, OrderStatus.SHIPPED), notice(who, 2), notice(who, 3, OrderStatus.REJECTED))
    await tab._find()
    tab.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    await until(lambda: list(tab.notices.places) == [2, 3, 1])
    tab.start()
    await until(lambda: "Starting" in tab.toolbar.pill.text())
    await hear(tab, notice(who, 4, OrderStatus.CANCELLED))
    await until(lambda: tab.live.more_button.text() == "1 new")
    tab.live.more_button.click()
    await until(lambda: list(tab.notices.places) == [4, 2, 3, 1])


@on_page(NotificationsTab)
async def test_of_thousands_only_those_looked_at_are_in_memory(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, *(notice(who, number) for number in range(1, 3001)))
    await tab._find()
    bar = tab.view.verticalScrollBar()
    await until(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum() // 2)
    middle = tab.view.rowAt(5)
    assert 1000 < middle < 2000
    await until(lambda: tab.view.rows.index(middle, 0).data() is not None)
    assert tab.notices.row(middle).notice.seq == 3000 - middle
    assert len(tab.notices.rows()) <= 400


@on_page(NotificationsTab)
async def test_several_selected_rows_are_marked_read_and_copied(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, *(notice(who, number, reason=f"r{number}") for number in range(1, 6)))
    await tab._find()
    await until(lambda: tab.view.rows.index(4, 0).data() is not None)
    tab.view.setFocus()
    tab.view.selectAll()
    QTest.keyClick(tab.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QApplication.clipboard()
    await until(lambda: clipboard.text().count("\n") == 4)
    assert [line.split("\t")[4] for line in clipboard.text().splitlines()] == ["r5", "r4", "r3", "r2", "r1"]
    await until(lambda: tab.toolbar.read_button.text() == "Mark 5 read")
    tab.toolbar.read_button.click()
    await until(lambda: tab.toolbar.unread.text() == "")


def test_what_is_shown_is_written_to_a_file_without_formulas(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, notice(who, 1, reason="=cmd()"), notice(who, 2), notice(who, 3, OrderStatus.REJECTED))
            QTest.keyClicks(tab.toolbar.search, "processed")
            await until(lambda: list(tab.notices.places) == [2, 1])
            await exported(tab.exporting, tab.toolbar.export_button, tmp_path / "shown.csv")
            await exported(tab.exporting, tab.toolbar.export_button, tmp_path / "shown.json")
            assert tab.done.words.text() == "2 rows written to shown.json"
            assert tab.toolbar.export_button.text() == "Export"

    run(qapp, main())
    with (tmp_path / "shown.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["seq"], row["name"], row["reason"]) for row in rows] == [
        ("2", "webcam", ""),
        ("1", "laptop", "'=cmd()"),
    ]
    told = json.loads((tmp_path / "shown.json").read_text(encoding="utf-8"))
    assert [(one["seq"], one.get("reason")) for one in told] == [(2, None), (1, "=cmd()")]
    assert not list(tmp_path.glob(".*.part"))


@on_page(NotificationsTab)
async def test_another_kind_of_file_keeps_the_name_that_was_typed(tab: NotificationsTab, tmp_path: Path) -> None:
    tab.toolbar.export_button.click()
    dialog = tab.exporting.dialog
    assert dialog is not None
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("week 48")
    for kind, expected in (("JSON (*.json)", "week 48.json"), ("CSV for spreadsheets (*.csv)", "week 48.csv")):
        dialog.selectNameFilter(kind)
        dialog.filterSelected.emit(kind)
        assert [Path(one).name for one in dialog.selectedFiles()] == [expected]
    dialog.reject()


@on_page(NotificationsTab)
async def test_an_export_ends_when_the_notices_of_others_are_shown(tab: NotificationsTab, tmp_path: Path) -> None:
    who, path = tab.session.profile, tmp_path / "mine.csv"
    await hear(tab, *(notice(who, number) for number in range(1, 3001)))
    await tab._find()
    tab.session.spawn(tab.exporting.write(path))
    await until(tab.done.progress.isVisible)
    await tab._listen_to(True)
    await until(lambda: not tab.exporting.is_writing)
    assert tab.done.words.text() == "Stopped: nothing was written"
    assert list(tmp_path.glob("*mine*")) == []


@on_page(NotificationsTab)
async def test_a_column_that_was_chosen_stays_whatever_is_opened(tab: NotificationsTab, tmp_path: Path) -> None:
    who = tab.session.profile
    await hear(tab, notice(who, 1))
    await tab._find()
    columns = tab.toolbar.columns_button.menu()
    columns.aboutToShow.emit()
    columns.actions()[USER].trigger()  # it was hidden
    columns.actions()[REASON].trigger()  # it was shown
    tab.show_order(1)
    await until(tab.details.isVisible)
    tab.details.close_button.click()
    assert (tab.view.isColumnHidden(USER), tab.view.isColumnHidden(REASON)) == (False, True)
    memory = ViewMemory(tmp_path / "view.ini")
    window = QMainWindow()
    window.setCentralWidget(tab)
    memory.keep_geometry(window)
    tab.view.choose_column(REASON, is_shown=True)
    memory.restore_geometry(window)
    assert (tab.view.isColumnHidden(USER), tab.view.isColumnHidden(REASON)) == (False, True)
    window.takeCentralWidget()
    window.deleteLater()


@on_page(NotificationsTab)
async def test_the_cursor_that_comes_with_the_focus_opens_nothing_and_reads_nothing(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, notice(who, 1))
    await tab._find()
    await until(lambda: tab.view.rows.index(0, 0).data() is not None)
    tab.activateWindow()
    tab.view.setFocus()
    await until(lambda: tab.toolbar.unread.text() == "1 unread")
    assert tab.details.isHidden()


@on_page(NotificationsTab)
async def test_enter_in_the_filter_goes_on_in_the_table_and_esc_asks_for_everything(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, notice(who, 1), notice(who, 2, OrderStatus.REJECTED), notice(who, 3))
    await tab._find()
    field = tab.toolbar.search
    tab.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "refused")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(tab.view.hasFocus)
    assert list(tab.notices.places) == [2]
    await until(lambda: tab.details.stored is not None and tab.details.stored.row == 2)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    await until(lambda: list(tab.notices.places) == [3, 2, 1])
    assert field.hasFocus()
    QTest.keyClicks(field, "nosuchthing")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: not tab.notices.rowCount())
    assert field.hasFocus()
