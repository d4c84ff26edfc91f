"""Shows errors: what went wrong, what to do, and a button to dismiss it."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.style import icons
from desktop.style.colours import Tone
from desktop.style.theme import colours
from desktop.text.phrases import said
from desktop.widgets.buttons import icon_button
from desktop.widgets.labels import PlainLabel, selectable
from messaging.errors import OrderDeskError
from messaging.texts import redacted

translate = QCoreApplication.translate

_MOST = 3  # problems shown at once; the oldest goes
_LONGEST = 400  # characters


@dataclass(slots=True)
class _Problem:
    row: "_ProblemRow"
    count: int = 1


class ProblemBar(QWidget):
    """Hidden while it has no errors. An error with the same words raises a count instead of a new line.

    `report` may be called from any thread. Signal `log_wanted`.
    """

    log_wanted = Signal()
    _reported = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: dict[str, _Problem] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 4)
        self._column.setSpacing(4)
        self._reported.connect(self.show_words)
        self.hide()

    def report(self, error: BaseException) -> None:
        """Show a known error in its own words; a bug as such, with a hint to the log."""
        self._reported.emit(words_for(error), details_for(error))

    def show_words(self, words: str, details: str = "") -> None:
        known = self._problems.get(words)
        if known:
            known.count += 1
            known.row.show_count(known.count)
            return
        if len(self._problems) >= _MOST:
            self.dismiss(next(iter(self._problems)))
        row = _ProblemRow(words, details)
        row.log_wanted.connect(self.log_wanted)
        row.dismissed.connect(self.dismiss)  # no lambda: the last one to go would take the bar with it
        self._problems[words] = _Problem(row)
        self._column.addWidget(row)
        self.show()

    def dismiss(self, words: str) -> None:
        problem = self._problems.pop(words, None)
        if problem:
            problem.row.hide()
            problem.row.deleteLater()  # not removeWidget: PySide would then delete the row inside its own click
        self.setVisible(bool(self._problems))

    def problems(self) -> tuple[str, ...]:
        return tuple(self._problems)


def words_for(error: BaseException) -> str:
    if isinstance(error, OrderDeskError):
        return said(error.words)[:_LONGEST]
    words = translate("ProblemBar", "Something went wrong inside Order Desk ({kind}). The log has the details.")
    return words.format(kind=type(error).__name__)


def details_for(error: BaseException) -> str:
    """The causes of a known error as text, without passwords; empty for a bug, whose details are in the log."""
    if not isinstance(error, OrderDeskError):
        return ""
    whole = said(error.words)
    lines = [whole] if len(whole) > _LONGEST else []
    cause = error.__cause__
    while cause is not None:
        lines.append(
            f"{type(cause).__name__}: {said(cause.words if isinstance(cause, OrderDeskError) else str(cause))}"[
                :_LONGEST
            ]
        )
        cause = cause.__cause__
    return redacted("\n".join(lines))


class _ProblemRow(QFrame):
    dismissed = Signal(str)
    log_wanted = Signal()

    def __init__(self, words: str, details: str) -> None:
        super().__init__()
        self.setProperty("role", "problem")
        self._words, self._details = words, details
        self._picture = QLabel()
        self._label = _text(words)
        self._more = _text(details)
        self._more.setProperty("role", "muted")
        self._more.hide()
        self._when = PlainLabel()
        self._when.setProperty("role", "muted")
        self.show_count(1)
        self.opening = icon_button("chevron-right", self.tr("Show what led to it"))
        self.opening.clicked.connect(self._open)
        self.opening.setVisible(bool(details))
        self.log = icon_button("scroll-text", self.tr("Show the log"))
        self.log.clicked.connect(self.log_wanted)
        self.copying = icon_button("copy", self.tr("Copy these words"))
        self.copying.clicked.connect(self._copy)
        self.closing = icon_button("x", self.tr("Dismiss"))
        self.closing.clicked.connect(self._dismiss)
        self._lay_out()
        self._dress()

    def _dismiss(self) -> None:
        self.dismissed.emit(self._words)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(filter(None, (self._words, self._details))))

    def _open(self) -> None:
        self._more.setVisible(self._more.isHidden())

    def show_count(self, count: int) -> None:
        """Show when it happened last, and how often: an error stays until it is dismissed and may be over by then."""
        now = datetime.now().strftime("%H:%M:%S")
        self._when.setText(now if count == 1 else self.tr("{n} times, last {time}").format(n=count, time=now))

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 4, 4, 4)
        line.addWidget(self._picture)
        texts = QVBoxLayout()
        texts.addWidget(self._label)
        texts.addWidget(self._more)
        line.addLayout(texts, 1)
        for widget in (self._when, self.opening, self.log, self.copying, self.closing):
            line.addWidget(widget)

    def _dress(self) -> None:
        ink = colours().tone(Tone.BAD)
        self._picture.setPixmap(icons.pixmap("triangle-alert", 18, ink, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()


def _text(words: str) -> QLabel:
    label = selectable(PlainLabel(words))
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
