from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.notifications.notices_model import NoticesModel
from desktop.notifications.tab import NotificationsTab
from desktop.shared.worker import answer
from messaging.history.records import KeptNotice
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
            assert tab.strip.unread.text() == "2 unread"

    run(qapp, main())


def test_what_came_while_nobody_listened_here_is_there_at_the_start_and_marked(
    qapp: QApplication, tmp_path: Path
) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await hear(tab, notice(who, 1), missed=True)
            assert tab.notices.rowCount() == 0
            tab.start()
            await until(lambda: tab.notices.rowCount() == 1)
            assert tab.view.rows.index(0, 5).data(Qt.ItemDataRole.AccessibleTextRole) == "It came while nobody listened"

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
            assert '"reason": "<b>no</b>"' in tab.details.raw.toPlainText()
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
            tab.show_notices([kept(who, number) for number in range(1, 101)])
            bar = tab.view.verticalScrollBar()
            await until(lambda: bar.maximum() > 0)
            bar.setValue(bar.maximum())
            tab.show_notices([kept(who, 101), kept(who, 102)])
            assert tab.notices.row(0).row == 100
            assert tab.live.more_button.text() == "2 new"
            bar.setValue(bar.minimum())
            assert [tab.notices.row(n).row for n in (0, 1, 2)] == [102, 101, 100]
            assert not tab.live.more_button.isVisible()

    run(qapp, main())


def kept(who: Profile, row: int) -> KeptNotice:
    return KeptNotice(row, notice(who, row), now())


def test_the_filter_takes_words_of_order_product_state_and_reason(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            refused = KeptNotice(3, notice(who, 3, OrderStatus.REJECTED, "laptop: 3 asked"), now())
            tab.show_notices([kept(who, 1), kept(who, 2), refused])
            tab.focus_first()
            QTest.keyClicks(tab.strip.search, "laptop refu")
            assert tab.view.rows.rowCount() == 1
            assert tab.view.rows.index(0, 2).data() == "Refused"

    run(qapp, main())


def test_memory_is_bounded_and_the_oldest_rows_go(qapp: QApplication) -> None:
    who = profile()
    model = NoticesModel(limit=50)
    model.put_on_top([kept(who, row) for row in range(1, 81)])
    assert (model.rowCount(), model.row(0).row, model.row(49).row, model.dropped) == (50, 80, 31, 30)


def test_listening_starts_and_stops_by_the_button(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(NotificationsTab, tmp_path) as tab:
            tab.start_button.click()
            assert tab.running
            assert tab.strip.who.text() == "Listening as alice"
            tab.start_button.click()
            await until(lambda: not tab.running and tab.start_button.text() == "Start")

    run(qapp, main())
