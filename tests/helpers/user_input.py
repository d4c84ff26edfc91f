"""What a user's hands do: the mouse and the keyboard, outside any task, as a user's events come."""

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QFileDialog, QLineEdit, QWidget
from shiboken6 import isValid

from desktop.text.formats import product
from desktop.window.user_window import UserWindow

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


async def until(condition: Callable[[], object], seconds: float, words: Callable[[], str]) -> None:
    """Give the loop its turn until the condition is true; the failure says the words."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain: {words()}"
        await asyncio.sleep(0.01)


async def do(action: Callable[[], object]) -> None:
    """Outside of any task: QTest may turn the event loop."""
    done: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def act() -> None:
        try:
            done.set_result(action())
        except BaseException as error:  # noqa: BLE001  # raised again where it is awaited
            done.set_exception(error)

    asyncio.get_running_loop().call_soon(act)
    await done


async def place_order(user_window: UserWindow, *lines: tuple[str, int]) -> None:
    """Type products and quantities into the catalogue's search, and click Place."""
    await do(lambda: _type_and_place(user_window, lines))


def _type_and_place(user_window: UserWindow, lines: tuple[tuple[str, int], ...]) -> None:
    tab = user_window.client
    user_window.window.show_tab(0)
    for name, quantity in lines:
        tab.catalogue_pane.search.clear()
        QTest.keyClicks(tab.catalogue_pane.search, f"{quantity} {product(name)}")
        QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_Return)
    tab.catalogue_pane.search.clear()
    assert tab.basket.lines() == lines
    QTest.mouseClick(tab.basket_pane.place_button, LEFT)


async def click(widget: QWidget) -> None:
    assert widget.isVisible(), f"{widget} is not seen"
    assert widget.isEnabled(), f"{widget} cannot be used now"
    await do(lambda: QTest.mouseClick(widget, LEFT))


async def click_row(
    view: QAbstractItemView, row: int, modifier: Qt.KeyboardModifier = NONE, double: bool = False
) -> None:
    where = view.visualRect(view.model().index(row, 0)).center()
    await do(lambda: QTest.mouseClick(view.viewport(), LEFT, modifier, where))
    if double:
        await do(lambda: QTest.mouseDClick(view.viewport(), LEFT, modifier, where))


async def click_tab(bar: QWidget, where: QPoint) -> None:
    await do(lambda: QTest.mouseClick(bar, LEFT, NONE, where))


async def take_up(window: QWidget) -> None:
    """Shortcuts are those of the window in use."""
    window.activateWindow()
    await until(window.isActiveWindow, 20, lambda: f"{window} is not the window in use")


async def press(keys: str, widget: QWidget | None = None) -> None:
    """On what has the focus, as at the keyboard."""
    target = widget or QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None, "no window is in use"
    await do(lambda: QTest.keySequence(target, QKeySequence(keys)))


async def write(text: str) -> None:
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    await do(lambda: QTest.keyClicks(target, text))


async def opened(parent: QWidget, kind: type[QDialog]) -> QDialog:
    """The dialog of this kind that is open."""
    await until(lambda: any(one.isVisible() for one in parent.findChildren(kind)), 20, lambda: f"no {kind.__name__}")
    return next(one for one in parent.findChildren(kind) if one.isVisible())


async def choose_file(parent: QWidget, path: str) -> None:
    """Paste a path into the file dialog that is open, Enter: typed, its list of guesses would take the keyboard, which
    there is none to take of offscreen."""
    dialog = await opened(parent, QFileDialog)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None, "Qt's own dialog has a field for the name"
    await take_up(dialog)
    field.setFocus()
    field.setText(path)
    await do(lambda: QTest.keyClick(field, Qt.Key.Key_Return))
    await until(lambda: not _is_open(dialog), 20, lambda: f"the file dialog does not take {path}")


def _is_open(dialog: QDialog) -> bool:
    """It deletes itself."""
    return isValid(dialog) and dialog.isVisible()
