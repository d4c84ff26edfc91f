"""A table that grows at the top, and holds still for a reader who has scrolled down or paused it."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

from desktop.tables.table import Table, TableWithEmptyState
from desktop.text.formats import number
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.layouts import column, row

R = TypeVar("R")  # a row
H = TypeVar("H")  # what is held of a row that waits for the reader


class LiveTable(QWidget, Generic[R, H]):
    """Rows come in batches by `add`. While the view is not at its top they wait behind a button "N new"."""

    def __init__(
        self, table: Table[R], empty: EmptyState, most_held: int | None = None, parent: QWidget | None = None
    ) -> None:
        """`most_held`: where more rows wait than this, the oldest of them are left out."""
        super().__init__(parent)
        self.table = table
        self._held: deque[H] = deque(maxlen=most_held)
        self._is_paused = False
        self.more_button = button("", "chevron-right", hint=self.tr("Show them"))
        self.more_button.hide()
        self.more_button.clicked.connect(self.show_held)
        self._column = column(self, row(1, self.more_button, 1), TableWithEmptyState(table, empty))
        self._column.setSpacing(0)
        table.verticalScrollBar().valueChanged.connect(self._scrolled)

    # --- what a subclass says

    def grows_at_top(self) -> bool:
        """False while the table is sorted another way: then every row waits."""
        return True

    def put_on_top(self, rows: Sequence[R]) -> None:
        """Show these rows; the last one is topmost."""
        raise NotImplementedError

    def put_held_on_top(self, held: Sequence[H]) -> None:
        """Show the rows that have waited; called once for all of them."""
        raise NotImplementedError

    def hold(self, rows: Sequence[R]) -> Iterable[H]:
        """Give what is to be kept of these rows until the reader wants them."""
        raise NotImplementedError

    # --- the rest is common

    @property
    def held(self) -> int:
        return len(self._held)

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def pause(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        if not is_paused and self.is_at_top():
            self.show_held()
        self._show_count()

    def add(self, rows: Sequence[R]) -> None:
        """Add new rows, the oldest first: on top, or behind the button while the reader is elsewhere or has paused."""
        if self.is_at_top() and not self._held and not self._is_paused and self.grows_at_top():
            self.put_on_top(rows)
            return
        self._held.extend(self.hold(rows))
        self._show_count()

    def add_below(self, part: QWidget) -> None:
        self._column.addWidget(part)

    def show_held(self) -> None:
        held = list(self._held)
        self._held.clear()
        self.put_held_on_top(held)
        if self.grows_at_top():
            self.table.scrollToTop()
        self._show_count()

    def forget_held(self) -> None:
        """Drop the rows that wait: they are among those that are shown now."""
        self._held.clear()
        self._show_count()

    def is_at_top(self) -> bool:
        bar = self.table.verticalScrollBar()
        return bar.value() == bar.minimum()

    def _scrolled(self) -> None:
        if self._held and self.is_at_top() and not self._is_paused and self.grows_at_top():
            self.show_held()

    def _show_count(self) -> None:
        words = self.tr("Paused: {0} new") if self._is_paused else self.tr("{0} new")
        self.more_button.setText(words.format(number(len(self._held))))
        self.more_button.setVisible(bool(self._held) or self._is_paused)
