"""The three pages in a language whose words are a third longer: nothing is cut, and nothing is left in English."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabBar,
    QTableView,
    QWidget,
)

from desktop.client.tab import ClientTab
from desktop.notifications.tab import NotificationsTab
from desktop.role.session import Session
from desktop.role.tab import AnyTab
from desktop.warehouse.tab import WarehouseTab
from tests.helpers.longer_texts import longer_texts
from tests.helpers.pages import a_page, run

Page = Callable[[Session], AnyTab]
WORD = re.compile(r"[A-Za-z]{3}")
OF_THE_CONTRACT = {"name", "quantity", "reject", "partial", "wait", "alice"}  # as they travel, and the user's name


@pytest.fixture(params=[ClientTab, WarehouseTab, NotificationsTab])
def page(request: pytest.FixtureRequest) -> Page:
    kind: Page = request.param
    return kind


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[None]:
    with longer_texts(qapp):
        yield


def texts(widget: QWidget) -> list[str]:
    """What it says of its own, not what it shows of the data."""
    if isinstance(widget, QTabBar):
        return [widget.tabText(number) for number in range(widget.count())]
    if isinstance(widget, QComboBox):
        return [widget.itemText(number) for number in range(widget.count())]
    if isinstance(widget, QTableView):
        model = widget.model()
        across = Qt.Orientation.Horizontal
        return [str(model.headerData(number, across) or "") for number in range(model.columnCount())]
    if isinstance(widget, QLineEdit):
        return [widget.placeholderText()]
    return [widget.text()] if isinstance(widget, QLabel | QAbstractButton) else []


def cut_titles(table: QTableView) -> list[str]:
    """Titles of columns whose width is given, not what is left."""
    header, letters = table.horizontalHeader(), QFontMetrics(table.horizontalHeader().font())
    titles = {number: text for number, text in enumerate(texts(table)) if not header.isSectionHidden(number)}
    return [
        text
        for number, text in titles.items()
        if header.sectionResizeMode(number) is QHeaderView.ResizeMode.Interactive
        and header.sectionSize(number) < letters.horizontalAdvance(text) + 16
    ]


def test_every_text_of_a_page_is_translated(longer: None, page: Page, qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(page, tmp_path) as tab:
            parts = [widget for widget in tab.findChildren(QWidget) if not widget.objectName().startswith("qt_")]
            said = {text for part in parts for text in (*texts(part), part.accessibleName(), part.toolTip())}
            known = {text for text in said if WORD.search(text) and "ÄÖÜ" not in text} - OF_THE_CONTRACT
            assert known == set()

    run(qapp, main())


def test_longer_texts_of_a_page_are_not_cut(longer: None, page: Page, qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(page, tmp_path) as tab:
            tab.resize(1600, 800)
            parts: list[QLabel | QPushButton] = [*tab.findChildren(QLabel), *tab.findChildren(QPushButton)]
            cut = [part.text() for part in parts if part.isVisible() and part.width() < part.minimumSizeHint().width()]
            assert cut == []
            assert [title for table in tab.findChildren(QTableView) for title in cut_titles(table)] == []

    run(qapp, main())
