from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop.style import theme
from desktop.style.colours import (
    CONTRAST,
    DARK,
    LIGHT,
    MARK_CONTRAST,
    TEXT_CONTRAST,
    Colours,
    Tone,
    contrast,
    ink_on,
    readable,
)
from desktop.style.states import PHASES, of_state
from desktop.style.stylesheet import theme_sheet
from desktop.style.theme import Theme, palette_of, selection
from desktop.warehouse.sparkline import Sparkline
from messaging.domain.orders import OrderStatus
from messaging.history.records import OrderState

THEMES = (LIGHT, DARK, CONTRAST)
ACCENTS = ("#2F6FDE", "#C2410C", "#0F766E", "#7C3AED", "#BE185D", "#F5D90A", "#000000", "#FFFFFF", "#808080")


@pytest.mark.parametrize("colours", THEMES, ids=lambda c: c.name)
def test_words_can_be_read_on_every_ground(colours: Colours) -> None:
    grounds = (colours.window, colours.surface, colours.alternate)
    words = (colours.text, colours.muted, colours.off, *(colours.tone(tone).name() for tone in Tone))
    for word, ground in product(words, grounds):
        assert contrast(QColor(word), QColor(ground)) >= TEXT_CONTRAST, f"{word} on {ground}"


@pytest.mark.parametrize("colours", THEMES, ids=lambda c: c.name)
def test_a_pill_can_be_read_on_its_wash(colours: Colours) -> None:
    for tone in Tone:
        assert contrast(colours.tone(tone), colours.wash(tone)) >= TEXT_CONTRAST, tone


@pytest.mark.parametrize("colours", THEMES, ids=lambda c: c.name)
def test_the_empty_part_of_a_bar_is_not_like_the_full_one(colours: Colours) -> None:
    assert colours.groove != QColor(colours.control)
    if colours is CONTRAST:
        assert contrast(colours.groove, QColor(colours.control)) >= MARK_CONTRAST


@pytest.mark.parametrize("colours", THEMES, ids=lambda c: c.name)
@pytest.mark.parametrize("accent", ACCENTS)
def test_every_users_accent_can_be_read(colours: Colours, accent: str) -> None:
    shown = readable(QColor(accent), QColor(colours.window))
    assert contrast(shown, QColor(colours.window)) >= TEXT_CONTRAST
    assert contrast(ink_on(shown), shown) >= TEXT_CONTRAST


@pytest.mark.parametrize("colours", THEMES, ids=lambda c: c.name)
@pytest.mark.parametrize("accent", ACCENTS)
def test_states_stay_readable_in_a_selected_row(colours: Colours, accent: str) -> None:
    behind = selection(readable(QColor(accent), QColor(colours.window)), colours)
    for ink in (QColor(colours.text), *(colours.tone(tone) for tone in Tone)):
        assert contrast(ink, behind) >= TEXT_CONTRAST, f"{ink.name()} on {behind.name()}"


def test_every_state_has_a_word_and_an_icon_of_its_own() -> None:
    styles = [of_state(state) for state in OrderState]
    assert len({style.word for style in styles}) == len(styles)
    assert len({style.icon for style in styles}) == len(styles)
    assert all(of_state(status).word for status in OrderStatus)
    assert len({style.word for style in PHASES.values()}) == len(PHASES)


def test_a_theme_changes_the_running_application(dressed: QApplication) -> None:
    theme.apply(Theme.DARK)
    assert theme.colours() is DARK
    assert dressed.palette().color(QPalette.ColorRole.Window) == palette_of(DARK).color(QPalette.ColorRole.Window)
    theme.apply(Theme.SYSTEM)
    assert theme.colours() is LIGHT  # offscreen tells nothing


def test_a_dressed_window_follows_the_theme(dressed: QApplication) -> None:
    window = QWidget()
    theme.dress_window(window, ACCENTS[0])
    theme.apply(Theme.DARK)
    assert DARK.surface in window.styleSheet()
    assert LIGHT.surface not in window.styleSheet()


def test_the_application_has_no_style_sheet(dressed: QApplication) -> None:
    """Opening a window would take three times as long, see `dress_window`."""
    theme.apply(Theme.DARK)
    assert dressed.styleSheet() == ""


def test_what_cannot_be_used_looks_other_than_what_can_in_every_theme() -> None:
    assert all(colours.off != colours.text for colours in THEMES)
    assert "dashed" in theme_sheet(CONTRAST), "by its frame too"


def test_the_ticks_and_the_plots_of_a_window_have_its_users_colour(dressed: QApplication) -> None:
    window = QWidget()
    plot = Sparkline("rate", str, window)
    theme.dress_window(window, "#0F766E")
    assert plot.ink().name() == theme.accent_of("#0F766E").name()
    theme.apply(Theme.DARK)
    assert plot.ink().name() == theme.accent_of("#0F766E").name() != "#0f766e"
    theme.apply(Theme.LIGHT)
    assert theme.accent_of("#0F766E").name() in window.styleSheet().partition("QCheckBox::indicator:checked")[2]
