"""Where the palette's entries come from: the actions and buttons of the window, products, orders, options."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QPushButton

from desktop.frame.actions import spoken
from desktop.palette.entries import Entry
from desktop.shared.identities import short_id
from desktop.shared.lines_table import summary
from desktop.shared.states import of_state
from desktop.shared.texts import product
from desktop.station import Station
from messaging.settings import options

translate = QCoreApplication.translate


def entries(station: Station, open_option: Callable[[str], object]) -> list[Entry]:
    return [*_actions(station), *_buttons(station), *_products(station), *_options(open_option), *_orders(station)]


def _actions(station: Station) -> Iterator[Entry]:
    kind = translate("Palette", "action")
    for action in station.window.actions_.all():
        if action.isEnabled():
            yield Entry(spoken(action), kind, "chevron-right", action.trigger, shortcut_words(action.shortcut()))


def _buttons(station: Station) -> Iterator[Entry]:
    """What can be clicked in the tab that is shown, so that all of it can be done by keyboard."""
    tab = station.window.tabs.currentWidget()
    for button in tab.findChildren(QPushButton):
        words = button_words(button)
        if words and button.isVisible() and button.isEnabled():
            yield Entry(
                words, translate("Palette", "button"), "square", button.click, shortcut_words(button.shortcut())
            )


def _products(station: Station) -> Iterator[Entry]:
    kind = translate("Palette", "into the basket")
    for row in station.client.catalogue.rows():
        run = partial(_add, station, row.name)
        yield Entry(product(row.name), kind, "package", run, more=row.name)


def _add(station: Station, name: str) -> None:
    station.window.show_tab(0)
    station.client.add_to_basket(name)


def _options(open_option: Callable[[str], object]) -> Iterator[Entry]:
    for option in options():
        words = option.name.replace("_", " ")
        yield Entry(
            words,
            translate("Palette", "setting"),
            "settings",
            partial(open_option, option.name),
            more=option.metadata["help"],
        )


def _orders(station: Station) -> Iterator[Entry]:
    for order in station.client.orders.rows():
        lines = summary([(line.name, line.quantity) for line in order.order.lines])
        words = f"{short_id(order.order.order_id)}  {lines}"
        state = of_state(order.state)
        yield Entry(
            words, state.word, "clipboard-list", partial(station.show_order, order.identity), more=order.identity
        )


def button_words(button: QAbstractButton) -> str:
    return (button.text() or button.accessibleName()).replace("&&", "\0").replace("&", "").replace("\0", "&")


def shortcut_words(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
