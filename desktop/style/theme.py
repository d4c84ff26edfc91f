"""Light, dark and high contrast on Fusion, switched live.

Own palettes: without a platform theme (bare X11, offscreen) Qt's own switch does nothing.
"""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from desktop.style.colours import CONTRAST, DARK, LIGHT, TEXT_CONTRAST, Colours, Tone, blend, contrast, readable
from desktop.style.stylesheet import accent_sheet, theme_sheet

_PROPERTY = "orderDeskColours"
_CHOICE = "orderDeskTheme"
_ACCENT = "orderDeskAccent"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


_BY_NAME = {colours.name: colours for colours in (LIGHT, DARK, CONTRAST)}


def application() -> QApplication:
    running = QApplication.instance()
    assert isinstance(running, QApplication), "a QApplication must run before anything is drawn"
    return running


def colours() -> Colours:
    """The theme in force; ask for it when painting, not once."""
    return _BY_NAME.get(str(application().property(_PROPERTY)), LIGHT)


def apply(theme: Theme) -> None:
    """Apply a theme to the whole application; every open window changes at once."""
    running = application()
    chosen = _resolve(theme)
    running.setProperty(_CHOICE, theme.value)
    running.setProperty(_PROPERTY, chosen.name)
    if running.style().objectName().lower() != "fusion":
        running.setStyle(QStyleFactory.create("Fusion"))
        running.setFont(tabular(running.font()))
    running.setPalette(palette_of(chosen))
    for window in running.topLevelWidgets():
        if colour := window.property(_ACCENT):
            dress_window(window, str(colour))


def apply_again() -> None:
    """Apply the chosen theme again: the platform has changed from light to dark or back."""
    apply(Theme(application().property(_CHOICE) or Theme.SYSTEM))


def _resolve(theme: Theme) -> Colours:
    """The colours of a theme; `system` follows the platform, and is light where that is not known."""
    if theme is Theme.SYSTEM:
        return DARK if application().styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
    return _BY_NAME[theme.value]


def tabular(font: QFont) -> QFont:
    """The same font with digits of one width, so that columns of numbers stand still."""
    steady = QFont(font)
    steady.setFeature(QFont.Tag("tnum"), 1)
    return steady


def sized(font: QFont, factor: float, bold: bool = False) -> QFont:
    """A font relative to the user's, in points."""
    other = QFont(font)
    other.setPointSizeF(font.pointSizeF() * factor)
    if bold:
        other.setWeight(QFont.Weight.DemiBold)
    return other


def palette_of(theme: Colours) -> QPalette:
    role = QPalette.ColorRole
    plain = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.alternate,
        role.Text: theme.text,
        role.PlaceholderText: theme.off,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.bad,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.Link: theme.info,
        role.LinkVisited: theme.info,
        role.Accent: theme.info,
        role.Light: theme.surface,
        role.Midlight: theme.alternate,
        role.Mid: theme.control,
        role.Dark: theme.control,
    }
    palette = QPalette()
    for which, value in plain.items():
        palette.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.off))
    palette.setColor(role.Highlight, selection(QColor(theme.info), theme))
    palette.setColor(role.HighlightedText, QColor(theme.text))
    return palette


def selection(accent: QColor, theme: Colours) -> QColor:
    """The background of selected rows: a faint shade of the accent, on which words keep their colours."""
    if theme is CONTRAST:
        return QColor("#003A70")
    inks = [QColor(theme.text), *(theme.tone(tone) for tone in Tone)]
    surface = QColor(theme.surface)
    for percent in range(22 if theme.is_dark else 14, 0, -2):
        ground = blend(accent, surface, percent / 100)
        if min(contrast(ink, ground) for ink in inks) >= TEXT_CONTRAST:
            return ground
    return surface


def accent_of(colour: str) -> QColor:
    """A user's colour, made readable on this theme's window."""
    theme = colours()
    return readable(QColor(colour), QColor(theme.window))


def accent_in(widget: QWidget) -> QColor:
    """The accent of the window's user, for what paints itself: under a style sheet no palette is handed down."""
    return accent_of(str(widget.window().property(_ACCENT) or colours().info))


def dress_window(window: QWidget, colour: str) -> None:
    """Give a window the theme and its user's accent, once it is put together; it follows the theme from then on.

    The style sheet is the window's, not the application's: under one of the application Qt styles everything below
    a widget anew each time it is put into another, which makes opening a window three times as long.
    """
    theme = colours()
    window.setProperty(_ACCENT, colour)
    accent = accent_of(colour)
    palette = QPalette()  # only what differs: the rest must follow the application's
    palette.setColor(QPalette.ColorRole.Accent, accent)
    window.setPalette(palette)
    window.setStyleSheet(theme_sheet(theme) + accent_sheet(accent, selection(accent, theme), theme))
