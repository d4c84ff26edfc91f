"""The menus of the window."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenuBar, QWidget

from desktop.role.tab import AnyTab
from desktop.style import icons
from desktop.style.theme import Theme
from desktop.text.languages import known
from desktop.window.actions import Actions
from desktop.window.window_command import WindowCommand

translate = QCoreApplication.translate


class HasMenus(Protocol):
    """The window as the menus see it."""

    language_chosen: Any  # Signal(str); PySide's stubs have no type for a bound signal of a protocol

    @property
    def roles(self) -> tuple[AnyTab, ...]: ...

    @property
    def welcome(self) -> QWidget: ...

    def menuBar(self) -> QMenuBar: ...

    def asks(self, command: WindowCommand) -> Callable[[], None]: ...

    def close(self) -> bool: ...

    def show_tab(self, number: int) -> None: ...

    def find_here(self) -> None: ...

    def choose_theme(self, choice: Theme) -> None: ...

    def toggle_log(self) -> None: ...


def theme_words() -> dict[str, str]:
    return {
        Theme.SYSTEM: translate("Menus", "Like the system"),
        Theme.LIGHT: translate("Menus", "Light"),
        Theme.DARK: translate("Menus", "Dark"),
        Theme.CONTRAST: translate("Menus", "High contrast"),
    }


def make_menus(window: HasMenus, actions: Actions, theme: str, language: str) -> None:
    _file(window, actions)
    _view(window, actions, theme, language)
    _help(window, actions)


def _file(window: HasMenus, actions: Actions) -> None:
    menu = window.menuBar().addMenu(translate("Menus", "&File"))
    new = translate("Menus", "&New window as...")
    actions.add(menu, new, "app-window", window.asks(WindowCommand.NEW_WINDOW), "Ctrl+Shift+N")
    actions.add(menu, translate("Menus", "Name and &colour..."), "user", window.asks(WindowCommand.PROFILE))
    actions.add(menu, translate("Menus", "&Stage for a demonstration"), "users", window.asks(WindowCommand.STAGE))
    menu.addSeparator()
    connection = translate("Menus", "C&onnection...")
    actions.add(menu, connection, "plug", window.asks(WindowCommand.CONNECTION), "Ctrl+Shift+O")
    preferences = translate("Menus", "&Preferences...")
    actions.add(menu, preferences, "settings", window.asks(WindowCommand.PREFERENCES), "Ctrl+,")
    menu.addSeparator()
    actions.add(menu, translate("Menus", "&Close"), "x", window.close, "Ctrl+W")
    actions.add(menu, translate("Menus", "&Quit"), "log-out", window.asks(WindowCommand.QUIT), "Ctrl+Q")


def _view(window: HasMenus, actions: Actions, theme: str, language: str) -> None:
    menu = window.menuBar().addMenu(translate("Menus", "&View"))
    for number, role in enumerate(window.roles):
        actions.add(menu, role.title, role.icon, partial(window.show_tab, number), f"Ctrl+{number + 1}")
    find = translate("Menus", "F&ind in this tab")
    actions.add(menu, find, "search", window.find_here, "Ctrl+F")
    menu.addSeparator()
    themes = menu.addMenu(icons.icon("contrast"), translate("Menus", "&Theme"))
    actions.choices(themes, theme_words(), theme, lambda choice: window.choose_theme(Theme(choice)), "contrast")
    languages = menu.addMenu(icons.icon("languages"), translate("Menus", "&Language"))
    actions.choices(languages, known(), language, window.language_chosen.emit, "languages")
    menu.addSeparator()
    actions.add(menu, translate("Menus", "&Log"), "scroll-text", window.toggle_log, "Ctrl+L")
    actions.add(menu, translate("Menus", "&Message flow"), "boxes", window.asks(WindowCommand.FLOW), "F9")
    actions.add(menu, translate("Menus", "Connection &details"), "info", window.asks(WindowCommand.STATUS), "Ctrl+I")
    welcome = translate("Menus", "&First steps")
    actions.add(menu, welcome, "rocket", lambda: window.welcome.setVisible(True))


def _help(window: HasMenus, actions: Actions) -> None:
    menu = window.menuBar().addMenu(translate("Menus", "&Help"))
    palette = translate("Menus", "&Find anything...")
    actions.add(menu, palette, "search", window.asks(WindowCommand.PALETTE), "Ctrl+K")
    actions.add(menu, translate("Menus", "&Keyboard"), "keyboard", window.asks(WindowCommand.SHORTCUTS), "F1")
    actions.add(menu, translate("Menus", "&About Order Desk"), "info", window.asks(WindowCommand.ABOUT))
