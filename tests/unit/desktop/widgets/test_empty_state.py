"""What an empty place says, in a high and in a low one."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.empty_state import EmptyState


@pytest.mark.parametrize("width", [300, 900])
def test_a_low_place_does_without_the_picture_and_says_all_words(
    dressed: QApplication, qtbot: QtBot, width: int
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    place = EmptyState("search", "Nothing found", "Another word may be found.", "Show all", page)
    place.resize(width, 300)
    page.show()
    picture, *words = place.findChildren(QLabel)
    assert picture.isVisible()
    high = place.minimumSizeHint().height()
    place.resize(width, high)
    assert not picture.isVisible()
    assert place.minimumSizeHint().height() <= high
    parts = [*words, place.button]
    qtbot.waitUntil(lambda: all(part.height() >= part.minimumSizeHint().height() for part in parts), timeout=20_000)
    assert all(part.isVisible() and place.rect().contains(part.geometry()) for part in parts)
    for height in (high, high + 10, high + 30):
        place.resize(width, height)
        assert not picture.isVisible(), "it does not come and go by turns"
    place.resize(width, 300)
    assert picture.isVisible()
