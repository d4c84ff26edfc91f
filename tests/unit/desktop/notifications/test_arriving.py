import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from desktop.notifications.notices_model import USER
from desktop.notifications.tab import NotificationsTab
from desktop.role.worker import answer
from messaging.domain.orders import OrderStatus
from messaging.history.history import History
from tests.helpers.pages import on_page, profile, until
from tests.helpers.stores import newest_notices
from tests.unit.desktop.notifications.helpers import hear, notice


@on_page(NotificationsTab)
async def test_a_notice_that_arrives_is_the_first_row_and_unread(tab: NotificationsTab) -> None:
    who = tab.session.profile
    tab.start()
    await until(lambda: "Starting" in tab.toolbar.pill.text())
    await hear(tab, notice(who, 1), notice(who, 2, OrderStatus.REJECTED, "webcam: 2 asked, 0 free"))
    await until(lambda: tab.notices.rowCount() == 2)
    shown = [tab.view.rows.index(0, column).data() for column in (2, 3, 4)]
    assert shown == ["Refused", "2 \N{MULTIPLICATION SIGN} webcam", "webcam: 2 asked, 0 free"]
    font = tab.view.rows.index(0, 0).data(Qt.ItemDataRole.FontRole)
    assert isinstance(font, QFont)
    assert font.bold()
    await until(lambda: tab.toolbar.unread.text() == "2 unread")


@on_page(NotificationsTab)
async def test_unread_ones_are_counted_while_more_keep_coming(tab: NotificationsTab) -> None:
    who = tab.session.profile
    tab.start()
    await hear(tab, notice(who, 1))
    await until(lambda: tab.notices.rowCount() == 1)
    news = tab.notices.rows()

    def counted() -> bool:
        tab.show_notices(news)
        return tab.toolbar.unread.text() == "1 unread"

    await until(counted)


@on_page(NotificationsTab)
async def test_what_came_while_nobody_listened_here_is_there_at_the_start_and_marked(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, notice(who, 1), missed=True)
    tab.start()
    await until(lambda: tab.notices.rowCount() == 1)
    cell = tab.view.rows.index(0, 5)
    await until(lambda: cell.data(Qt.ItemDataRole.AccessibleTextRole) == "It came while nobody listened")
    await until(lambda: tab.toolbar.filters.away.text() == "While away: 1")


@on_page(NotificationsTab)
async def test_while_scrolled_down_new_ones_wait_behind_a_button(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, *(notice(who, number) for number in range(1, 101)))
    await tab._find()
    tab.start()
    await until(lambda: "Starting" in tab.toolbar.pill.text())
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


@on_page(NotificationsTab)
async def test_while_paused_new_ones_wait_until_it_goes_on(tab: NotificationsTab) -> None:
    who = tab.session.profile
    tab.start()
    await until(lambda: "Starting" in tab.toolbar.pill.text())
    tab.toolbar.pause_button.click()
    await hear(tab, notice(who, 1), notice(who, 2))
    await until(lambda: tab.live.more_button.text() == "Paused: 2 new")
    assert tab.notices.rowCount() == 0
    tab.toolbar.pause_button.click()
    assert list(tab.notices.places) == [2, 1]


@on_page(NotificationsTab)
async def test_what_another_window_read_is_read_here(tab: NotificationsTab) -> None:
    who = tab.session.profile
    tab.start()
    await hear(tab, *(notice(who, number) for number in range(1, 4)))
    await until(lambda: tab.toolbar.unread.text() == "3 unread")
    with History(tab.session.settings.folder.history(who.user_id), who.user_id) as other:
        await answer(other.mark_read([2]))
        await until(lambda: tab.toolbar.unread.text() == "2 unread")
        assert [kept.read for kept in tab.notices.rows()] == [False, True, False]
        await answer(other.mark_read())
        await until(lambda: tab.toolbar.unread.text() == "")


@on_page(NotificationsTab)
async def test_an_operator_listens_to_everyone_with_a_history_of_its_own(tab: NotificationsTab) -> None:
    tab.toolbar.everyone_asked.emit(True)
    await until(lambda: tab.running and tab.toolbar.who.text() == "Listening to everyone")
    assert not tab.view.isColumnHidden(USER)
    await answer(tab._source.history.apply([notice(profile("bob"), 1)], missed=False))
    await until(lambda: tab.notices.rowCount() == 1)
    tab.toolbar.everyone_asked.emit(False)
    await until(lambda: tab.notices.rowCount() == 0 and not tab.toolbar.whose.currentData())


@on_page(NotificationsTab)
async def test_a_notice_that_comes_while_the_table_is_read_is_shown_all_the_same(tab: NotificationsTab) -> None:
    """The answer was given before it came, and is shown after it."""
    tab.start()
    await until(lambda: "Starting" in tab.toolbar.pill.text())
    await until(lambda: not tab.finder._is_asking)  # what the start has asked
    tab.feed.follow(None)  # told by hand below
    asking = asyncio.ensure_future(tab._find())
    await asyncio.sleep(0)
    tab.session.history.apply([notice(profile(), 1)], missed=False).result()
    tab.show_notices(tab.session.history.ask(lambda store: newest_notices(store, limit=1)).result())
    await asking
    assert list(tab.notices.places) == [1]


@on_page(NotificationsTab)
async def test_listening_starts_and_stops_by_the_button(tab: NotificationsTab) -> None:
    tab.toolbar.start_button.click()
    assert tab.running
    assert tab.toolbar.who.text() == "Listening as alice"
    tab.toolbar.start_button.click()
    await until(lambda: not tab.running and tab.toolbar.start_button.text() == "Start")
