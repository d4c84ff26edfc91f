import asyncio
import csv
import json
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop.notifications.notices_model import REASON, USER
from desktop.notifications.tab import NotificationsTab
from desktop.shared.view_memory import ViewMemory
from desktop.shared.worker import answer
from messaging.history.history import History
from messaging.notices import Notice
from messaging.orders import OrderStatus, new_order_id, now
from messaging.profiles import Profile
from messaging.stock import SettledLine
from tests.helpers.pages import a_page, profile, run, until


def notice(who: Profile, seq: int, status: OrderStatus = OrderStatus.PROCESSED, reason: str | None = None) -> Notice:
    lines = (SettledLine("laptop" if seq % 2 else "webcam", seq, seq),)
    return Notice(
        new_order_id(), who.user_id, lines, now(), status, reason, event_id=new_order_id(), seq=seq, occurred_at=now()
    )


async def hear(tab: NotificationsTab, *notices: Notice, missed: bool = False) -> None:
    await answer(tab.session.history.apply(list(notices), missed=missed))


def test_a_notice_that_arrives_is_the_first_row_and_unread(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            tab.start()
            await until(lambda: "Starting" in tab.strip.pill.text())
            await hear(tab, notice(who, 1), notice(who, 2, OrderStatus.REJECTED, "webcam: 2 asked, 0 free"))
            await until(lambda: tab.notices.rowCount() == 2)
            shown = [tab.view.rows.index(0, column).data() for column in (2, 3, 4)]
            assert shown == ["Refused", "2 \N{MULTIPLICATION SIGN} webcam", "webcam: 2 asked, 0 free"]
            font = tab.view.rows.index(0, 0).data(Qt.ItemDataRole.FontRole)
            assert isinstance(font, QFont)
            assert font.bold()
            await until(lambda: tab.strip.unread.text() == "2 unread")

    run(qapp, main())


def test_unread_ones_are_counted_while_more_keep_coming(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            tab.start()
            await hear(tab, notice(who, 1))
            await until(lambda: tab.notices.rowCount() == 1)
            news = tab.notices.rows()

            def counted() -> bool:
                tab.show_notices(news)
                return tab.strip.unread.text() == "1 unread"

            await until(counted)

    run(qapp, main())


def test_what_came_while_nobody_listened_here_is_there_at_the_start_and_marked(
    qapp: QApplication, tmp_path: Path
) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, notice(who, 1), missed=True)
            tab.start()
            await until(lambda: tab.notices.rowCount() == 1)
            cell = tab.view.rows.index(0, 5)
            await until(lambda: cell.data(Qt.ItemDataRole.AccessibleTextRole) == "It came while nobody listened")
            await until(lambda: tab.strip.filters.away.text() == "While away: 1")

    run(qapp, main())


def test_opening_a_notice_shows_it_whole_and_marks_it_read(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            tab.start()
            await until(lambda: "Starting" in tab.strip.pill.text())
            await hear(tab, notice(who, 1), notice(who, 2, OrderStatus.REJECTED, "<b>no</b>"))
            await until(lambda: tab.notices.rowCount() == 2)
            tab.view.select(0)
            await until(lambda: tab.strip.unread.text() == "1 unread")
            assert '"reason": "<b>no</b>"' in tab.details.message.text.toPlainText()
            assert tab.details._reason.textFormat() is Qt.TextFormat.PlainText
            assert "<b>" not in tab.view.rows.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)
            tab.strip.read_button.click()
            await until(lambda: tab.strip.unread.text() == "")
            assert all(kept.read for kept in tab.notices.rows())

    run(qapp, main())


def test_while_scrolled_down_new_ones_wait_behind_a_button(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, *(notice(who, number) for number in range(1, 101)))
            await tab._find()
            tab.start()
            await until(lambda: "Starting" in tab.strip.pill.text())
            bar = tab.view.verticalScrollBar()
            await until(lambda: bar.maximum() > 0)
            bar.setValue(bar.maximum())
            await tab._find()  # as the start does: what is shown already does not jump
            assert bar.value() == bar.maximum()
            await hear(tab, notice(who, 101), notice(who, 102))
            await until(lambda: tab.live.more_button.text() == "2 new")
            assert tab.notices.places[0] == 100
            bar.setValue(bar.minimum())
            assert tab.notices.places[0:3] == [102, 101, 100]
            assert not tab.live.more_button.isVisible()

    run(qapp, main())


def test_while_paused_new_ones_wait_until_it_goes_on(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            tab.start()
            await until(lambda: "Starting" in tab.strip.pill.text())
            tab.strip.pause_button.click()
            await hear(tab, notice(who, 1), notice(who, 2))
            await until(lambda: tab.live.more_button.text() == "Paused: 2 new")
            assert tab.notices.rowCount() == 0
            tab.strip.pause_button.click()
            assert list(tab.notices.places) == [2, 1]

    run(qapp, main())


def test_the_filter_takes_words_of_order_product_state_and_reason(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            refused = notice(who, 3, OrderStatus.REJECTED, "laptop: 3 asked")
            await hear(tab, notice(who, 1), notice(who, 2), refused)
            await tab._find()
            tab.focus_first()
            QTest.keyClicks(tab.strip.search, "product:laptop state:refu since:yesterday")
            await until(lambda: list(tab.notices.places) == [3])
            await until(lambda: tab.strip.found.text() == "1 found")
            tab.strip.search.clear()
            QTest.keyClicks(tab.strip.search, "laptop refu")
            await until(lambda: list(tab.notices.places) == [3])
            await until(lambda: tab.view.rows.index(0, 2).data() == "Refused")
            tab.start()
            await until(lambda: "Starting" in tab.strip.pill.text())
            await hear(tab, notice(who, 4), notice(who, 5, OrderStatus.REJECTED, "laptop"))
            await until(lambda: list(tab.notices.places) == [5, 3])  # what comes is filtered, too
            QTest.keyClicks(tab.strip.search, "x")
            await until(tab.empty.isVisible)
            tab.empty.button.click()
            await until(lambda: tab.notices.rowCount() == 5)
            tab.strip.filters.state.setCurrentIndex(tab.strip.filters.state.findText("Refused"))
            await until(lambda: list(tab.notices.places) == [5, 3])

    run(qapp, main())


def test_a_title_sorts_and_the_newest_stay_held_back_then(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, notice(who, 1, OrderStatus.SHIPPED), notice(who, 2), notice(who, 3, OrderStatus.REJECTED))
            await tab._find()
            tab.view.sort_by(2)
            await until(lambda: list(tab.notices.places) == [2, 3, 1])
            tab.start()
            await until(lambda: "Starting" in tab.strip.pill.text())
            await hear(tab, notice(who, 4, OrderStatus.CANCELLED))
            await until(lambda: tab.live.more_button.text() == "1 new")
            tab.live.more_button.click()
            await until(lambda: list(tab.notices.places) == [4, 2, 3, 1])

    run(qapp, main())


def test_of_thousands_only_those_looked_at_are_in_memory(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
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

    run(qapp, main())


def test_what_another_window_read_is_read_here(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            tab.start()
            await hear(tab, *(notice(who, number) for number in range(1, 4)))
            await until(lambda: tab.strip.unread.text() == "3 unread")
            with History(tab.session.settings.folder.history(who.user_id), who.user_id) as other:
                await answer(other.mark_read([2]))
                await until(lambda: tab.strip.unread.text() == "2 unread")
                assert [kept.read for kept in tab.notices.rows()] == [False, True, False]
                await answer(other.mark_read())
                await until(lambda: tab.strip.unread.text() == "")

    run(qapp, main())


def test_several_selected_rows_are_marked_read_and_copied(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, *(notice(who, number, reason=f"r{number}") for number in range(1, 6)))
            await tab._find()
            await until(lambda: tab.view.rows.index(4, 0).data() is not None)
            tab.view.setFocus()
            tab.view.selectAll()
            QTest.keyClick(tab.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            clipboard = QApplication.clipboard()
            await until(lambda: clipboard.text().count("\n") == 4)
            assert [line.split("\t")[4] for line in clipboard.text().splitlines()] == ["r5", "r4", "r3", "r2", "r1"]
            await until(lambda: tab.strip.read_button.text() == "Mark 5 read")
            tab.strip.read_button.click()
            await until(lambda: tab.strip.unread.text() == "")

    run(qapp, main())


def test_what_is_shown_is_written_to_a_file_without_formulas(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, notice(who, 1, reason="=cmd()"), notice(who, 2), notice(who, 3, OrderStatus.REJECTED))
            QTest.keyClicks(tab.strip.search, "processed")
            await until(lambda: list(tab.notices.places) == [2, 1])
            await tab.taking.export(tmp_path / "shown.csv")
            await tab.taking.export(tmp_path / "shown.json")

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


def test_the_details_tell_what_became_of_the_order(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()
    first = notice(who, 1)
    then = structs.replace(first, status=OrderStatus.SHIPPED, seq=2, event_id=new_order_id())

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, first, then, notice(who, 3))
            await tab._find()
            tab.show_order(1)
            await until(lambda: tab.details.timeline.rowCount() == 2)
            view = tab.details.timeline_view
            assert [view.rows.index(n, 2).data() for n in (0, 1)] == ["Processed", "Shipped"]

    run(qapp, main())


def test_the_message_is_shown_with_what_travelled_beside_it(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()
    travelled = '{"routing_key":"client.a.order.b","headers":{"traceparent":"00-1"}}'

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await answer(tab.session.history.apply([notice(who, 1)], missed=False, headers=[travelled]))
            await hear(tab, notice(who, 2), missed=True)
            await tab._find()
            message = tab.details.message
            tab.show_order(1)
            await until(lambda: '"quantity": 1' in message.text.toPlainText())
            message.headers_button.click()
            await until(lambda: '"traceparent": "00-1"' in message.text.toPlainText())
            tab.show_order(2)
            await until(lambda: "It came with an answer" in message.text.toPlainText())
            message.body_button.click()
            assert '"quantity": 2' in message.text.toPlainText()

    run(qapp, main())


def test_a_column_that_was_chosen_stays_whatever_is_opened(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, notice(who, 1))
            await tab._find()
            columns = tab.strip.columns_button.menu()
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

    run(qapp, main())


def test_an_operator_listens_to_everyone_with_a_history_of_its_own(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path) as tab:
            tab.strip.everyone_asked.emit(True)
            await until(lambda: tab.running and tab.strip.who.text() == "Listening to everyone")
            assert not tab.view.isColumnHidden(USER)
            await answer(tab._source.history.apply([notice(profile("bob"), 1)], missed=False))
            await until(lambda: tab.notices.rowCount() == 1)
            tab.strip.everyone_asked.emit(False)
            await until(lambda: tab.notices.rowCount() == 0 and not tab.strip.is_everyone)

    run(qapp, main())


def test_a_notice_that_comes_while_the_table_is_read_is_shown_all_the_same(qapp: QApplication, tmp_path: Path) -> None:
    """The answer was given before it came, and is shown after it."""

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path) as tab:
            tab.start()
            await until(lambda: "Starting" in tab.strip.pill.text())
            await until(lambda: not tab.finder._is_asking)  # what the start has asked
            tab.feed.follow(None)  # told by hand below
            asking = asyncio.ensure_future(tab._find())
            await asyncio.sleep(0)
            tab.session.history.apply([notice(profile(), 1)], missed=False).result()
            tab.show_notices(tab.session.history.ask(lambda store: store.notices(limit=1)).result())
            await asking
            assert list(tab.notices.places) == [1]

    run(qapp, main())


def test_listening_starts_and_stops_by_the_button(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path) as tab:
            tab.start_button.click()
            assert tab.running
            assert tab.strip.who.text() == "Listening as alice"
            tab.start_button.click()
            await until(lambda: not tab.running and tab.start_button.text() == "Start")

    run(qapp, main())


def test_the_cursor_that_comes_with_the_focus_opens_nothing_and_reads_nothing(
    qapp: QApplication, tmp_path: Path
) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, notice(who, 1))
            await tab._find()
            await until(lambda: tab.view.rows.index(0, 0).data() is not None)
            tab.activateWindow()
            tab.view.setFocus()
            await until(lambda: tab.strip.unread.text() == "1 unread")
            assert tab.details.isHidden()

    run(qapp, main())
