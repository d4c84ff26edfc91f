"""Fields for numbers and choices that never change unnoticed: no key is dropped, the wheel changes none in passing."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator
from PySide6.QtWidgets import QSpinBox, QToolTip, QWidget

from desktop.text.formats import plain_tip
from desktop.text.phrases import said
from messaging.errors import UsageError
from messaging.files.amounts import MINOR_UNITS, decimal_text, read_decimal, read_whole

F = TypeVar("F", bound=QWidget)
_MINUS = ("-", "\N{MINUS SIGN}")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def calm(field: F) -> F:
    """Make a field ignore the wheel, which then scrolls the page, unless it has the focus; the wheel gives no focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_LeavesWheel(field))
    return field


class _LeavesWheel(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def first_refused(*fields: "NumberField") -> "NumberField | None":
    """Take the texts of all fields; the first that cannot be taken says why, gets the focus and is returned."""
    wrong = next((field for field in fields if not field.is_right()), None)
    if wrong is not None:
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        wrong.is_right()  # last, for the field that loses the focus may have emitted its own words
    return wrong


class NumberField(QSpinBox):
    """A whole number. Any text can be typed; what is no number within the range is refused in words when it is
    entered, and the value stays.

    Signal `refused(words)`; empty words once it is typed anew.
    """

    refused = Signal(str)

    def __init__(self, least: int = 0, most: int = 99, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        self.setKeyboardTracking(False)  # half of what is typed is no value
        self.lineEdit().textEdited.connect(self._begin_anew)
        calm(self)

    def is_right(self) -> bool:
        """Take what is typed, or say why it cannot be taken and return False. Call it before `value` is used."""
        words = self._wrong_words()
        if words:
            self.refused.emit(words)
            self.selectAll()
        else:
            self.interpretText()
        return not words

    def typed(self) -> int | None:
        """The number that is typed, entered or not; None where it is none within the range."""
        try:
            return self._read(self.text())
        except UsageError:
            return None

    def setValue(self, value: int) -> None:
        """Set the value in place of what is typed, refused or not."""
        super().setValue(value)
        self._begin_anew()

    def show_beside(self) -> None:
        """Show the words of a refusal in a tooltip below the field, for places without room for them."""
        self.refused.connect(self._show_beside)

    def _show_beside(self, words: str) -> None:
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), plain_tip(words), self)

    def _begin_anew(self) -> None:
        self.refused.emit("")

    def _read(self, text: str) -> int:
        """The number a text stands for. Raises UsageError where it is none within the range."""
        if text and text == self.specialValueText():
            return self.minimum()
        return self._read_number(text.strip().removesuffix(self.suffix().strip()).strip())

    def _read_number(self, text: str) -> int:
        """The number a text without its unit stands for. Raises UsageError."""
        if self.minimum() < 0 and text.startswith(_MINUS):
            return -read_whole(text[1:], 0, -self.minimum())
        return read_whole(text.removeprefix("+") if self.minimum() < 0 else text, self.minimum(), self.maximum())

    def _wrong_words(self) -> str:
        try:
            self._read(self.text())
        except UsageError as error:
            return said(error.words)
        return ""

    # --- what Qt asks

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        try:
            self._read(text)
        except UsageError:
            return QValidator.State.Intermediate, text, at
        return QValidator.State.Acceptable, text, at

    def valueFromText(self, text: str) -> int:
        try:
            return self._read(text)
        except UsageError:
            return self.value()

    def fixup(self, text: str) -> str:
        """Say what is wrong, also when a table reads the text: the old number takes its place."""
        self.refused.emit(self._wrong_words())
        return text

    def stepBy(self, steps: int) -> None:
        if self.is_right():
            super().stepBy(steps)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ENTER or self.is_right():
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave a refused text in the field: Qt would replace it by the old number."""
        text, words = self.text(), self._wrong_words()
        super().focusOutEvent(event)
        if words:
            self.lineEdit().setText(text)
            self.refused.emit(words)


class DecimalField(NumberField):
    """A number with up to two decimals; value and range are in hundredths."""

    def __init__(self, least: float, most: float, parent: QWidget | None = None) -> None:
        super().__init__(_hundredths(least), _hundredths(most), parent)
        self.setSingleStep(MINOR_UNITS)

    def number(self) -> float:
        return self.value() / MINOR_UNITS

    def set_number(self, number: float) -> None:
        self.setValue(_hundredths(number))

    def textFromValue(self, value: int) -> str:
        """The value with the decimal mark of the language, without trailing zeros."""
        return decimal_text(value).rstrip("0").rstrip(".").replace(".", QLocale().decimalPoint())

    def _read_number(self, text: str) -> int:
        return read_decimal(text, self.minimum(), self.maximum())


def _hundredths(number: float) -> int:
    return round(number * MINOR_UNITS)
