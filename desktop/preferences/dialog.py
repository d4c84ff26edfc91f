"""Every option of messaging.settings, built from what is declared there: a new option appears by itself."""

from collections.abc import Mapping
from dataclasses import Field
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.frame.parts import MARGINS, FrameDialog, primary
from desktop.shared.empty import plain_label
from desktop.shared.panes import button, muted
from messaging.settings import CHOICES, options

translate = QCoreApplication.translate

_SIZE = (640, 640)  # logical pixels
_MOST = 1_000_000
LEFT_OUT = frozenset({"data_dir"})  # settings.toml stands in it

Editor = QLineEdit | QSpinBox | QDoubleSpinBox | QComboBox


class PreferencesDialog(FrameDialog):
    """Signal `saved(dict, bool)`: what changed, None for back to the default; and whether to reopen the windows now."""

    saved = Signal(dict, bool)

    def __init__(self, kept: Mapping[str, object], given: Mapping[str, object], parent: QWidget, at: str = "") -> None:
        """`kept` is what settings.toml says, `given` what the command line or environment says; `at`: go there."""
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Preferences"))
        self._kept = dict(kept)
        self.editors: dict[str, Editor] = {}
        self._form = QFormLayout()
        self._form.setVerticalSpacing(4)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for option in options():
            if option.name not in LEFT_OUT:
                self._add(option, given)
        self._lay_out()
        if at in self.editors:
            self._scroll.ensureWidgetVisible(self.editors[at])
            self.editors[at].setFocus()

    def changes(self) -> dict[str, object]:
        """Against what settings.toml says; a default that was never written stays unwritten."""
        found: dict[str, object] = {}
        for option in options():
            if option.name in self.editors:
                value = _value(self.editors[option.name])
                if value != self._kept.get(option.name, option.default):
                    found[option.name] = None if value == option.default else value
        return found

    def _add(self, option: Field[Any], given: Mapping[str, object]) -> None:
        editor = _editor(option, self._kept.get(option.name, option.default))
        words = translate("Settings", option.metadata["help"])
        editor.setAccessibleName(option.name.replace("_", " "))
        editor.setAccessibleDescription(words)
        editor.setObjectName(f"option_{option.name}")
        self.editors[option.name] = editor
        self._form.addRow(plain_label(option.name.replace("_", " ")), editor)
        note = muted(words)
        note.setWordWrap(True)
        self._form.addRow("", note)
        if option.name in given:
            ruled = plain_label(self.tr("The command line or environment overrules this for now."))
            ruled.setProperty("role", "warn")
            self._form.addRow("", ruled)

    def _lay_out(self) -> None:
        self.resize(*_SIZE)
        inside = QWidget()
        inside.setLayout(self._form)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setAccessibleName(self.tr("Options"))
        self._scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        column.addWidget(self._scroll, 1)
        column.addWidget(muted(self.tr("Kept in settings.toml; it holds from the next start, or when windows reopen.")))
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
        column.addWidget(buttons)

    def _save(self, reopen: bool) -> None:
        self.saved.emit(self.changes(), reopen)
        self.accept()


def _editor(option: Field[Any], value: Any) -> Editor:
    if option.name in CHOICES:
        box = QComboBox()
        box.addItems(CHOICES[option.name])
        box.setCurrentText(str(value))
        return box
    if isinstance(option.default, int):
        return QSpinBox(minimum=1, maximum=_MOST, value=int(value))
    if isinstance(option.default, float):
        return QDoubleSpinBox(minimum=0.1, maximum=_MOST, decimals=1, value=float(value))
    field = QLineEdit(str(value))
    if option.name in ("broker", "database"):
        field.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)  # they may hold passwords
    return field


def _value(editor: Editor) -> object:
    if isinstance(editor, QComboBox):
        return editor.currentText()
    if isinstance(editor, QLineEdit):
        return editor.text().strip()
    return editor.value()
