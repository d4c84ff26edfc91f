"""Filters under a name, in the table they belong to."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop.client.tab import ClientTab
from desktop.filtering.views_button import ViewsButton
from desktop.notifications.tab import NotificationsTab
from desktop.text import languages
from messaging.domain.orders import OrderStatus
from messaging.history.store.saved_views import SavedView
from tests.helpers.pages import a_page, on_page, profile, run, until
from tests.unit.desktop.client.helpers import loaded
from tests.unit.desktop.notifications.helpers import hear, notice


def press(menu: QMenu, *words: str) -> None:
    """As its user would: the menu, a menu in it, the entry."""
    menu.aboutToShow.emit()
    for word in words:
        action = next(one for one in menu.actions() if one.text().startswith(word))
        if (inner := action.menu()) is not None:
            assert isinstance(inner, QMenu)
            menu = inner
        else:
            action.trigger()


def named(button: ViewsButton, name: str) -> None:
    button.dialog.name.setText(name)
    QTest.keyClick(button.dialog.name, Qt.Key.Key_Return)


@on_page(NotificationsTab)
async def test_what_is_filtered_is_kept_under_a_name_renamed_and_removed(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, notice(who, 1), notice(who, 2), notice(who, 3, OrderStatus.REJECTED))
    await tab._find()
    filters, menu = tab.toolbar.filters, tab.toolbar.filters.views.menu()
    filters.search.setText("-laptop")
    filters.state.setCurrentText("Refused")
    press(menu, "Keep this filter")
    named(filters.views, "  No   laptops ")
    await until(lambda: [view.name for view in tab.views.saved] == ["No laptops"])
    assert tab.views.saved[0].text == "-laptop state:refused"
    filters.clear()
    await until(lambda: tab.notices.rowCount() == 3)
    press(menu, "No laptops")
    await until(lambda: tab.notices.rowCount() == 0)
    press(menu, "Rename", "No laptops")
    named(filters.views, "Others")
    await until(lambda: [view.name for view in tab.views.saved] == ["Others"])
    press(menu, "Remove", "Others")
    await until(lambda: tab.views.saved == [])


@on_page(NotificationsTab)
async def test_the_desk_brings_some_views_along(tab: NotificationsTab) -> None:
    who = tab.session.profile
    await hear(tab, notice(who, 1), notice(who, 2, OrderStatus.BACKORDERED), notice(who, 3, OrderStatus.REJECTED))
    await hear(tab, notice(who, 4), missed=True)
    await tab._find()
    await tab._read(is_all=True)
    await hear(tab, notice(who, 5, OrderStatus.REJECTED))
    menu = tab.toolbar.filters.views.menu()
    for name, rows in (("Refused today", [5, 3]), ("Waiting", [2]), ("Unread", [5]), ("Missed and unread", [])):
        press(menu, name)
        await until(lambda: list(tab.notices.places) == rows)  # noqa: B023
    assert not menu.actions()[-1].isEnabled() or tab.toolbar.search.text()


@on_page(ClientTab)
async def test_my_orders_have_views_of_their_own_and_the_same_language(tab: ClientTab) -> None:
    await loaded(tab)
    for name in ("laptop", "webcam", "office_chair"):
        tab.add_to_basket(name)
        tab.place()
    await until(lambda: tab.orders.rowCount() == 3)
    await tab._cancel(tab.orders.row(0))
    menu = tab.orders_pane.views.menu()
    press(menu, "Open")
    await until(lambda: list(tab.orders.places) == [2, 1])
    press(menu, "Not sent")
    await until(lambda: list(tab.orders.places) == [2, 1])
    press(menu, "Refused")
    await until(lambda: tab.orders.rowCount() == 0)
    for text, numbers in (("-webcam", [3, 1]), ("product:webcam,laptop", [2, 1]), ("-is:open since:1h", [3])):
        tab.orders_pane.search.setText(text)
        await until(lambda: list(tab.orders.places) == numbers)  # noqa: B023
    tab.orders_pane.search.setText("user:bob")
    await until(tab.orders_pane.search.note.isVisible)
    assert tab.orders_pane.search.note.text() == "user: cannot be asked for here"


def test_a_kept_view_speaks_the_language_of_the_window(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def keep() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            tab.views.save("Late", 'state:wait -is:unread since:yesterday -product:"whole milk",bread')
            await until(lambda: tab.views.saved)

    async def read() -> None:
        async with a_page(NotificationsTab, tmp_path, who) as tab:
            await until(lambda: tab.views.saved)
            text = 'Zustand:"wartet auf Ware" -ist:ungelesen seit:gestern -Produkt:"whole milk",bread'
            assert tab.views.saved == [SavedView("Late", text)]
            assert tab.toolbar.search.parsed().unclear == ()

    run(qapp, keep())
    try:
        languages.choose("de")
        run(qapp, read())
    finally:
        languages.choose("en")


@on_page(NotificationsTab)
async def test_what_is_typed_is_completed_by_keyboard(tab: NotificationsTab) -> None:
    tab.activateWindow()
    search = tab.toolbar.search
    search.setFocus()
    QTest.keyClicks(search, "lap -stat")
    popup = search.completion.popup
    await until(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert search.text() == "lap -state:"
    await until(popup.isVisible)
    QTest.keyClicks(search, "wai")
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert search.text() == 'lap -state:"waiting for stock"'
    assert not popup.isVisible()
