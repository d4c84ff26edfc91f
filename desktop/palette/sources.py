"""Where the palette's entries come from: the actions and buttons of the window, products, orders, options."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton

from desktop.client.tab import ClientTab
from desktop.notifications.tab import NotificationsTab
from desktop.palette.entries import Entry
from desktop.style.states import of_state
from desktop.tables.lines_table import summary
from desktop.text.formats import product
from desktop.text.order_ids import short_id
from desktop.widgets.keycap import key_words
from desktop.window.actions import spoken
from desktop.window.user_window import UserWindow
from messaging.history.store.saved_views import SavedView
from messaging.runtime.settings import OPTIONS

translate = QCoreApplication.translate


def entries(user_window: UserWindow, open_option: Callable[[str], object]) -> list[Entry]:
    here = (*_buttons(user_window), *_menus(user_window), *_pages(user_window), *_views(user_window))
    return [*_actions(user_window), *here, *_products(user_window), *_options(open_option), *_orders(user_window)]


def _actions(user_window: UserWindow) -> Iterator[Entry]:
    kind = translate("Palette", "action")
    for action in user_window.window.actions_.all():
        if action.isEnabled():
            picture = str(action.property("picture") or "chevron-right")
            yield Entry(spoken(action), kind, picture, action.trigger, key_words(action.shortcut()))


def _buttons(user_window: UserWindow) -> Iterator[Entry]:
    """The buttons of the shown tab, so that each can be used by keyboard."""
    tab = user_window.window.tabs.currentWidget()
    for button in tab.findChildren(QPushButton):
        words = button_words(button)
        if words and button.isVisible() and button.isEnabled():
            yield Entry(words, translate("Palette", "button"), "square", button.click, key_words(button.shortcut()))


def _menus(user_window: UserWindow) -> Iterator[Entry]:
    """The actions in the menus of the shown tab's buttons."""
    for button in user_window.window.tabs.currentWidget().findChildren(QToolButton):
        if button.menu() is not None and button.isVisible() and button.isEnabled():
            for action in filter(_can_be_chosen, button.menu().actions()):
                words = f"{button_words(button)}: {spoken(action)}"
                keys = key_words(action.shortcut())
                yield Entry(words, translate("Palette", "button"), "square", action.trigger, keys)


def _can_be_chosen(action: QAction) -> bool:
    return action.isEnabled() and not action.isSeparator()


def _pages(user_window: UserWindow) -> Iterator[Entry]:
    """The pages of the warehouse, whichever tab is shown."""
    warehouse = user_window.warehouse
    for number in range(warehouse.pages.count()):
        words = f"{warehouse.title}: {warehouse.pages.tabText(number)}"
        yield Entry(words, translate("Palette", "page"), warehouse.icon, partial(_show_page, user_window, number))


def _show_page(user_window: UserWindow, number: int) -> None:
    user_window.window.show_tab(list(user_window.roles).index("warehouse"))
    user_window.warehouse.pages.setCurrentIndex(number)
    user_window.warehouse.pages.currentWidget().setFocus()


def _views(user_window: UserWindow) -> Iterator[Entry]:
    """The saved filters, whichever tab is shown."""
    for tab in (user_window.client, user_window.notifications):
        for view in tab.views.all():
            run = partial(_show_view, user_window, tab, view)
            yield Entry(f"{tab.title}: {view.name}", translate("Palette", "view"), "search", run, more=view.text)


def _show_view(user_window: UserWindow, tab: ClientTab | NotificationsTab, view: SavedView) -> None:
    user_window.window.show_tab(list(user_window.roles.values()).index(tab))
    tab.views.choose(view)


def _products(user_window: UserWindow) -> Iterator[Entry]:
    kind = translate("Palette", "into the basket")
    for row in user_window.client.catalogue.rows():
        run = partial(_add, user_window, row.name)
        yield Entry(product(row.name), kind, "package", run, more=row.name)


def _add(user_window: UserWindow, name: str) -> None:
    user_window.window.show_tab(0)
    user_window.client.add_to_basket(name)


def _options(open_option: Callable[[str], object]) -> Iterator[Entry]:
    for option in OPTIONS.values():
        words = translate("Settings", option.title)
        yield Entry(
            words,
            translate("Palette", "setting"),
            "settings",
            partial(open_option, option.name),
            more=f"{option.name} {option.help} {translate('Settings', option.help)}",
        )


def _orders(user_window: UserWindow) -> Iterator[Entry]:
    for order in user_window.client.orders.rows():
        lines = summary([(line.name, line.quantity) for line in order.order.lines])
        words = f"{short_id(order.order.order_id)}  {lines}"
        state = of_state(order.state)
        yield Entry(
            words,
            state.word,
            "clipboard-list",
            partial(user_window.show_order, order.identity),
            more=str(order.order.order_id),
        )


def button_words(button: QAbstractButton) -> str:
    return (button.text() or button.accessibleName()).replace("&&", "\0").replace("&", "").replace("\0", "&")
