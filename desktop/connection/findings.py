"""What a test found, step by step: a picture, the step, the words and the remedy."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from desktop.shared import icons
from desktop.shared.colours import Tone
from desktop.shared.empty import plain_label
from desktop.shared.panes import muted
from desktop.shared.theme import colours

if TYPE_CHECKING:  # it loads pika, which must not hold up the window
    from messaging.broker.doctor import Finding

_ICON = 16
_LOOKS = {
    "ok": ("circle-check", Tone.GOOD),
    "mended": ("circle-check", Tone.GOOD),
    "problem": ("circle-x", Tone.BAD),
    "unknown": ("triangle-alert", Tone.WARN),
}


class FindingsList(QScrollArea):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("What the test found"))
        self._findings: list[Finding] = []
        self.clear()

    def clear(self) -> None:
        self._findings = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setColumnStretch(2, 1)
        self._grid.setRowStretch(1000, 1)
        self.setWidget(inside)

    def add(self, finding: "Finding") -> None:
        self._findings.append(finding)
        line = len(self._findings)
        icon, tone = _LOOKS[finding.state.value]
        picture = QLabel()
        picture.setFixedSize(QSize(_ICON, _ICON))
        picture.setPixmap(icons.pixmap(icon, _ICON, colours().tone(tone), self.devicePixelRatioF()))
        picture.setAccessibleName(finding.state.value)
        words = "\n".join(
            filter(None, (finding.words, f"\N{RIGHTWARDS ARROW} {finding.repair}" if finding.repair else ""))
        )
        said = muted(words) if finding.state.value in ("ok", "mended") else plain_label(words)
        said.setWordWrap(True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for column, widget in enumerate((picture, plain_label(finding.name), said)):
            self._grid.addWidget(widget, line, column, Qt.AlignmentFlag.AlignTop if column < 2 else Qt.AlignmentFlag(0))

    def problems(self) -> int:
        return sum(finding.state.value == "problem" for finding in self._findings)

    def findings(self) -> "list[Finding]":
        return list(self._findings)
