"""The results of a connection test: for each step a picture, its name, the words and the repair."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from desktop.style import icons
from desktop.style.colours import Tone
from desktop.style.theme import colours
from desktop.text.formats import number
from desktop.text.phrases import said
from desktop.widgets.labels import PlainLabel, muted, selectable

if TYPE_CHECKING:  # it loads pika, which must not hold up the window
    from messaging.broker.diagnostics.doctor import CheckResult

translate = QCoreApplication.translate

_ICON = 16
_NAME = 110  # logical pixels of a step's name
_LOOKS = {
    "ok": ("circle-check", Tone.GOOD),
    "mended": ("circle-check", Tone.GOOD),
    "problem": ("circle-x", Tone.BAD),
    "unknown": ("triangle-alert", Tone.WARN),
    "note": ("info", Tone.INFO),
}
_STEPS = ("name", "TCP", "TLS", "login", "virtual host", "rights", "topology")
_ADDRESS = "address"


class CheckList(QScrollArea):
    """Lists the steps, those to come in grey; results of single queues and exchanges are counted in one step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("What the test found"))
        self._findings: list[CheckResult] = []
        self.clear()

    def clear(self) -> None:
        self._findings, self._steps, self._line = [], dict[str, _Step](), 0
        self._good = 0
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(2, 4, 8, 4)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnMinimumWidth(1, _NAME)
        self._grid.setColumnStretch(2, 1)
        self._grid.setRowStretch(1000, 1)
        self.setWidget(inside)

    def expect(self, tls: bool) -> None:
        """Show in grey the steps that the test of one address will take."""
        self._good = 0
        words = self._words()
        self._steps = {name: self._add(words[name]) for name in _STEPS if tls or name != "TLS"}

    def add(self, finding: "CheckResult") -> None:
        self._findings.append(finding)
        if finding.name == _ADDRESS and finding.state.value == "ok":
            self._begin_another(finding)
        elif finding.name in self._steps:
            self._steps[finding.name].show_result(finding)
        elif finding.state.value in ("ok", "mended") and "topology" in self._steps:
            self._good += 1
            self._steps["topology"].show(finding.state.value, self._all_well())
        else:
            self._add(said(finding.name)).show_result(finding)

    def problems(self) -> int:
        return sum(finding.state.value == "problem" for finding in self._findings)

    def _begin_another(self, finding: "CheckResult") -> None:
        """Add the name of the next of several addresses, with its steps below it."""
        heading = selectable(PlainLabel(finding.words))
        self._line += 1
        self._grid.addWidget(heading, self._line, 0, 1, 3)
        self.expect(finding.words.startswith("amqps"))

    def _add(self, name: str) -> "_Step":
        self._line += 1
        return _Step(self._grid, self._line, name)

    def _all_well(self) -> str:
        return self.tr("{n} exchanges, queues, bindings and rules are as they should be").format(n=number(self._good))

    def _words(self) -> dict[str, str]:
        return {
            "name": self.tr("Name"),
            "TCP": "TCP",
            "TLS": "TLS",
            "login": self.tr("Login"),
            "virtual host": self.tr("Virtual host"),
            "rights": self.tr("Rights"),
            "topology": self.tr("Topology"),
        }


class _Step:
    """One line of the list."""

    def __init__(self, grid: QGridLayout, line: int, name: str) -> None:
        self._picture, self._name, self._said = StepIcon(), muted(name), selectable(muted())
        self._name.setWordWrap(True)
        self._said.setWordWrap(True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop)  # in line with its name
        for column, widget in enumerate((self._picture, self._name, self._said)):
            grid.addWidget(widget, line, column, Qt.AlignmentFlag.AlignTop if column < 2 else Qt.AlignmentFlag(0))

    def show_result(self, finding: "CheckResult") -> None:
        repair = f"\N{RIGHTWARDS ARROW} {said(finding.repair)}" if finding.repair else ""
        self.show(finding.state.value, "\n".join(filter(None, (said(finding.words), repair))))

    def show(self, state: str, words: str) -> None:
        self._picture.show_icon(*_LOOKS[state])
        self._picture.setAccessibleName(_spoken(state))
        is_well = state in ("ok", "mended")
        for label, role in ((self._name, ""), (self._said, "muted" if is_well else "")):
            label.setProperty("role", role)
            label.style().polish(label)
        self._said.setText(words or translate("CheckList", "in order"))


def _spoken(state: str) -> str:
    return {
        "ok": translate("CheckList", "in order"),
        "mended": translate("CheckList", "mended"),
        "problem": translate("CheckList", "Problem"),
        "note": translate("CheckList", "made by others"),
    }.get(state, translate("CheckList", "not known"))


class StepIcon(QWidget):
    """An icon that follows the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(_ICON, _ICON))
        self._icon, self._tone = "circle", Tone.NEUTRAL

    def show_icon(self, icon: str, tone: Tone) -> None:
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.draw(painter, self._icon, self.rect(), colours().tone(self._tone))
        painter.end()
