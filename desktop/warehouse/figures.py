"""The figures of the warehouse's toolbar: a number over the word that says what it counts, and a rate."""

import time
from collections import deque

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.style.theme import sized
from desktop.text.formats import plain_tip
from desktop.widgets.labels import PlainLabel, muted

SPAN = 5.0  # seconds over which the rate is taken


class DecisionRate:
    """Decided orders per second over the last SPAN seconds; times are monotonic."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, count: int, at: float | None = None) -> None:
        self._seen.append((time.monotonic() if at is None else at, count))

    def per_second(self, now: float | None = None) -> float:
        since = (time.monotonic() if now is None else now) - SPAN
        while self._seen and self._seen[0][0] < since:
            self._seen.popleft()
        return sum(count for _, count in self._seen) / SPAN


class Figure(QWidget):
    """A number over the word that says what it counts."""

    def __init__(self, word: str, hint: str, value: str = "0", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word, self._shown = word, ""
        self.value = PlainLabel()
        self.value.setFont(sized(self.font(), 1.1, bold=True))
        label = muted(word)
        label.setFont(sized(self.font(), 0.85))
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self.value)
        stack.addWidget(label)
        self.setToolTip(plain_tip(hint))
        self.show_value(value)

    def show_value(self, text: str) -> None:
        if text != self._shown:
            self._shown = text
            self.value.setText(text)
            self.setAccessibleName(f"{self._word}: {text}")
