"""The window's parts under the product's own theme."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from desktop.style import theme
from desktop.style.theme import Theme


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(Theme.LIGHT)
    yield qapp
    theme.apply(Theme.LIGHT)


@pytest.fixture(autouse=True)
def figures_in_english() -> None:
    """Whatever the machine's language is, and whatever a test before chose."""
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
