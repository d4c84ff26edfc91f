"""A short table, as high as its rows and with columns as wide as their words: what stands around it scrolls instead."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.tables.row_model import Columns
from desktop.tables.table import Table

MOST_SHOWN = 60  # rows without scrolling in itself


R = TypeVar("R")


class FittedTable(Table[R]):
    def __init__(
        self, model: Columns[R], name: str, stretch: int, has_titles: bool = True, parent: QWidget | None = None
    ) -> None:
        """`stretch`: the index of the column that takes the remaining width."""
        super().__init__(model, name, parent)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setVisible(has_titles)
        for column in range(model.columnCount()):
            mode = QHeaderView.ResizeMode.Stretch if column == stretch else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for changed in (self.rows.rowsInserted, self.rows.rowsRemoved, self.rows.modelReset):
            changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        shown = min(max(self.rows.rowCount(), 1), MOST_SHOWN)
        is_whole = self.rows.rowCount() <= MOST_SHOWN
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if is_whole else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        header = self.horizontalHeader()
        titles = header.sizeHint().height() if not header.isHidden() else 0
        self.setFixedHeight(titles + shown * self.verticalHeader().defaultSectionSize() + 4)
