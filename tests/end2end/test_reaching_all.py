"""A built window, with names in it that want to be read as HTML: what is plain, what is named, what Tab reaches."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from desktop.application.app import Application
from desktop.role.worker import answer
from desktop.window.user_window import UserWindow
from messaging.contract.codec import encode
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import OnShortage, new_order
from messaging.runtime.settings import Settings
from messaging.warehouse.records import CatalogueRow, Incoming
from tests.end2end.test_window import Play, eventually, play, ready
from tests.helpers.user_input import do, take_up

__all__ = ["play"]  # the fixture

EVIL = "<b>bold</b><img src=x>"
REACHED = (QAbstractButton, QAbstractScrollArea, QAbstractSpinBox, QComboBox, QLineEdit, QTabBar)


async def hostile(application: Application) -> UserWindow:
    """A window in which a user, a product, an order and a message are called so."""
    alice = application.open_window("<i>al</i>", "warehouse", start=True)
    await ready(alice, "Client", "Warehouse", "Notifications")
    books = alice.session.books
    await answer(books.ask(lambda store: store.stock.import_catalogue([CatalogueRow(EVIL, 100, 1)])))
    user = alice.session.profile.user_id
    wishes = ((1, OnShortage.REJECT), (5, OnShortage.WAIT))
    orders = [new_order(user, [(EVIL, units)], choice) for units, choice in wishes]
    bodies = [*(encode(order) for order in orders), EVIL.encode()]
    await answer(books.ask(lambda store: store.decide([Incoming(body, NEW_ORDERS_QUEUE.name) for body in bodies])))
    alice.warehouse._written()
    alice.problems.show_words(EVIL)
    await eventually(lambda: alice.client.catalogue.get(EVIL) is not None, "the catalogue is told")
    await eventually(lambda: alice.notifications.notices.rowCount() == 2, "the notices are heard")
    await eventually(lambda: not alice.notifications.toolbar.read_button.isHidden(), "the unread are counted")
    await eventually(lambda: alice.warehouse.set_aside.model.rowCount() == 1, "the message is set aside")
    return alice


def tips_of(widget: QWidget) -> list[str]:
    tips = [widget.toolTip()]
    if isinstance(widget, QTabBar):
        tips += [widget.tabToolTip(number) for number in range(widget.count())]
    if isinstance(widget, QTableView):
        rows, columns = range(min(widget.model().rowCount(), 20)), range(widget.model().columnCount())
        tips += [str(widget.model().index(r, c).data(Qt.ItemDataRole.ToolTipRole) or "") for r in rows for c in columns]
    return tips


def is_plain(tip: str) -> bool:
    """What Qt may take for HTML was made by `plain_tip`, with nothing of others in it unescaped."""
    words = tip.removeprefix("<qt>").removesuffix("</qt>").replace("<br>", "")
    return "<" not in words


def test_no_text_of_others_is_read_as_html_anywhere(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = await hostile(application)
        widgets = alice.window.findChildren(QWidget)
        labels = [widget for widget in widgets if isinstance(widget, QLabel) and widget.text()]
        assert [one.text() for one in labels if one.textFormat() is not Qt.TextFormat.PlainText] == []
        tips = {tip for widget in widgets for tip in tips_of(widget) if tip}
        assert len(tips) > 60
        assert {tip for tip in tips if not is_plain(tip)} == set()

    play(broker_settings, scene)


def reached_by_tab(alice: UserWindow) -> set[QWidget]:
    """Tab, until it comes back to where it began."""
    seen: list[QWidget] = []
    while (focused := QApplication.focusWidget()) is not None and focused not in seen and len(seen) < 200:
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return set(seen)


def name_of(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or words}"


def test_tab_reaches_all_that_can_be_used_and_all_of_it_has_a_name(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = await hostile(application)
        await take_up(alice.window)
        for number in range(3):
            alice.window.show_tab(number)
            found: set[QWidget] = set()
            await do(lambda: found.update(reached_by_tab(alice)))  # noqa: B023  # it is done before the next one
            wanted = {
                widget
                for widget in alice.window.findChildren(QWidget)
                if isinstance(widget, REACHED)
                and widget.isVisible()
                and widget.isEnabled()
                and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
                and widget.focusProxy() is None
            }
            assert {name_of(widget) for widget in wanted - found} == set(), number
            nameless = [
                type(widget)
                for widget in found
                if not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
            ]
            assert nameless == [], f"tab {number}"

    play(broker_settings, scene)


# What Qt's fields keep for themselves on X11, whatever the window does with it (the table of QKeySequence.StandardKey).
FIELDS_KEEP = {f"Ctrl+{key}" for key in ("A", "C", "V", "X", "Y", "E", "U", "Shift+Z", "Shift+E", "Backspace", "Del")}


def test_no_keys_mean_two_things_or_are_kept_by_the_field_with_the_cursor(
    play: Play, broker_settings: Settings
) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "client")
        everywhere = [action.shortcut() for action in alice.window.actions_.all()]
        for role in alice.window.roles:
            here = [button.shortcut() for button in role.findChildren(QAbstractButton)]
            here += [action.shortcut() for action in role.findChildren(QAction)]
            keys = [one.toString() for one in (*everywhere, *here) if not one.isEmpty()]
            assert len(keys) > 12
            assert sorted(keys) == sorted(set(keys))
            assert not FIELDS_KEEP & set(keys)

    play(broker_settings, scene)
