"""Every option of messaging.runtime.settings, built from what is declared there: a new option appears by itself."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.connection.address import masked, unmasked
from desktop.text.formats import plain_tip
from desktop.widgets.buttons import button
from desktop.widgets.frame_dialog import MARGINS, FrameDialog, primary
from desktop.widgets.labels import Complaint, PlainLabel, heading, muted
from desktop.widgets.layouts import column
from desktop.widgets.number_field import DecimalField, NumberField, calm, first_refused
from messaging.runtime.option import Group, Option
from messaging.runtime.settings import OPTIONS

translate = QCoreApplication.translate

_SIZE = (680, 640)  # logical pixels
_WIDE, _NARROW = 240, 130
LEAST = 0.01  # the smallest value of an option that is no whole number

Editor: TypeAlias = "AddressField | NumberField | QComboBox"


class PreferencesDialog(FrameDialog):
    """Signal `saved(dict, bool)`: what changed, None for back to the default; and whether to reopen the windows now."""

    saved = Signal(dict, bool)

    def __init__(self, kept: Mapping[str, object], given: Mapping[str, object], parent: QWidget, at: str = "") -> None:
        """`kept` is what settings.toml says, `given` what the command line or environment says; `at`: go there."""
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Preferences"))
        self._kept = dict(kept)
        self.editors: dict[str, Editor] = {}
        self._cards = [self._card(group, given) for group in Group]
        self._shown = {name: _value(editor) for name, editor in self.editors.items()}
        self._lay_out()
        if at in self.editors:
            self.editors[at].setFocus()
            self._scroll_to(self.editors[at])

    def changes(self) -> dict[str, object]:
        """The options the user has changed, None for a default; what was never written stays unwritten."""
        found: dict[str, object] = {}
        for name, editor in self.editors.items():
            value = _value(editor)
            if value != self._shown[name]:
                found[name] = None if value == OPTIONS[name].default else value
        return found

    def _card(self, group: Group, given: Mapping[str, object]) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(14, 10, 14, 12)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(0, 1)
        for line, option in enumerate(option for option in OPTIONS.values() if option.group is group):
            editor = self._make(option)
            grid.addLayout(self._words(option, editor, option.name in given), line, 0)
            grid.addWidget(editor, line, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        whole = QWidget()
        column(whole, heading(translate("Settings", group)), card)
        return whole

    def _make(self, option: Option) -> Editor:
        editor = _editor(option, self._kept.get(option.name, option.default))
        editor.setAccessibleName(translate("Settings", option.title))
        editor.setAccessibleDescription(translate("Settings", option.help))
        editor.setObjectName(f"option_{option.name}")
        editor.setFixedWidth(_WIDE if isinstance(editor, QLineEdit) else _NARROW)
        self.editors[option.name] = editor
        return editor

    def _words(self, option: Option, editor: Editor, is_overruled: bool) -> QVBoxLayout:
        """The title, help and command-line name of an option, with a place for why its value was refused."""
        name = PlainLabel(translate("Settings", option.title))
        name.setToolTip(plain_tip(f"{option.flag}  ·  {option.variable}"))
        help_text = translate("Settings", option.help)
        note = muted(help_text[:1].upper() + help_text[1:])
        note.setWordWrap(True)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(name)
        lines.addWidget(note)
        if is_overruled:
            ruled = PlainLabel(self.tr("The command line or environment overrules this for now."))
            ruled.setProperty("role", "warn")
            ruled.setWordWrap(True)
            lines.addWidget(ruled)
        if isinstance(editor, NumberField):
            wrong = Complaint()
            editor.refused.connect(wrong.show_text)
            lines.addWidget(wrong)
        lines.addStretch(1)  # beside a field that is higher
        return lines

    def _lay_out(self) -> None:
        self.resize(*_SIZE)
        inside = QWidget()
        column(inside, *self._cards, margins=(0, 0, 10, 0)).setSpacing(16)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setAccessibleName(self.tr("Options"))
        self._scroll.setWidget(inside)
        note = muted(self.tr("Kept in settings.toml; it holds from the next start, or when windows reopen."))
        note.setWordWrap(True)
        buttons = QDialogButtonBox()
        self.saving = primary(self.tr("Save"))
        self.reopening = button(self.tr("Save and reopen windows"))
        cancel = button(self.tr("Cancel"))
        buttons.addButton(self.saving, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.reopening, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.saving.clicked.connect(lambda: self._save(False))
        self.reopening.clicked.connect(lambda: self._save(True))
        buttons.rejected.connect(self.reject)
        column(self, self._scroll, note, buttons, margins=MARGINS).setStretch(0, 1)

    def _scroll_to(self, editor: Editor) -> None:
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(editor))  # once laid out

    def _save(self, reopen: bool) -> None:
        numbers = [editor for editor in self.editors.values() if isinstance(editor, NumberField)]
        if (wrong := first_refused(*numbers)) is not None:
            self._scroll_to(wrong)
            return
        self.saved.emit(self.changes(), reopen)
        self.accept()


def _editor(option: Option, value: Any) -> Editor:
    if option.choices:
        box = calm(QComboBox())
        box.addItems(option.choices)
        box.setCurrentText(str(value))
        return box
    if isinstance(option.default, int):
        field = NumberField(1, option.most)
        field.setValue(int(value))
    elif isinstance(option.default, float):
        field = DecimalField(LEAST, option.most)
        field.set_number(float(value))
    else:
        return AddressField(str(value))
    if option.unit:
        field.setSuffix(translate("Settings", " " + option.unit))
    return field


def _value(editor: Editor) -> object:
    if isinstance(editor, QComboBox):
        return editor.currentText()
    if isinstance(editor, DecimalField):
        return editor.number()
    return editor.address() if isinstance(editor, AddressField) else editor.value()


class AddressField(QLineEdit):
    """A field for addresses that hides their passwords."""

    def __init__(self, text: str) -> None:
        super().__init__(masked(text))
        self._known = text
        self.setCursorPosition(0)

    def address(self) -> str:
        return unmasked(self.text().strip(), self._known)
