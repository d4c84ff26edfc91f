"""The log under the tabs: levels to choose from, words to search for."""

import logging

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.tables.table import SortedRows, Table, TableWithEmptyState
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.labels import heading
from desktop.widgets.layouts import column, row
from desktop.widgets.number_field import calm
from desktop.widgets.search_fields import search_field
from desktop.window.log_feed import LogFeed, LogLine

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class LogPanel(QWidget):
    """Shows the log. Signal `closed` when the user closes the panel."""

    closed = Signal()

    def __init__(self, feed: LogFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        feed.lines.speak()
        self.levels = LevelRows(feed.lines)
        self.view = Table(self.levels, self.tr("Log"))
        self.levels.setParent(self.view)
        self.view.setObjectName("logView")
        self.view.set_widths(11, 9, 26, 60, stretch=3)
        self.level = calm(QComboBox())
        self.level.setAccessibleName(self.tr("Lowest level"))
        self.level.addItems(LEVELS)
        self.level.setCurrentText("INFO")
        self.level.currentTextChanged.connect(self.levels.set_level)
        self.search = search_field(self.tr("Search the log"), "logSearch")
        self.search.textChanged.connect(self.levels.search)
        self._lay_out(feed)
        self.levels.set_level("INFO")

    def _lay_out(self, feed: LogFeed) -> None:
        closing = icon_button("x", self.tr("Hide the log"))
        closing.clicked.connect(self.closed)
        clearing = button(self.tr("Clear"), "trash-2", "quiet")
        clearing.clicked.connect(feed.lines.clear)
        above = row(heading(self.tr("Log")), self.level, self.search, 1, clearing, closing)
        empty = EmptyState("scroll-text", self.tr("Nothing logged"), self.tr("What the program does appears here."))
        layout = column(self, above, TableWithEmptyState(self.view, empty), margins=(12, 6, 12, 4))
        layout.setSpacing(6)
        layout.setStretch(1, 1)


class LevelRows(SortedRows[LogLine]):
    """Leaves out what is below a level."""

    _least = logging.INFO

    def set_level(self, name: str) -> None:
        self._least = logging.getLevelNamesMapping()[name]
        self.invalidate()

    def accepts(self, row: LogLine) -> bool:
        return row.level >= self._least and super().accepts(row)
