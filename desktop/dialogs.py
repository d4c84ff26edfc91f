"""The window's own dialogs. They are opened, never `exec`uted: a nested loop would lose wake-ups."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from PySide6.QtCore import QProcess, QProcessEnvironment, Qt, qVersion
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

import desktop
from desktop.shared.empty import plain_label
from desktop.shared.theme import sized
from messaging import settings as options
from messaging.errors import UsageError
from messaging.settings import Settings


class NewWindowDialog(QDialog):
    """Asks for a user: one of the known ones, or a new name."""

    def __init__(self, names: Iterable[str], taken: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("New window as...")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name = QComboBox(editable=True)
        self.name.addItems(sorted(names))
        self.name.setCurrentText("")
        self.name.setAccessibleName("User")
        self.name.setMinimumWidth(300)
        field = self.name.lineEdit()
        assert field is not None, "an editable box has a line edit"
        field.setPlaceholderText("A name, known or new")
        self._taken = taken
        self._buttons = QDialogButtonBox()
        self._open = _primary("Open window")
        self._buttons.addButton(self._open, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self._taken(self.name.currentText().strip()))
        self.name.currentTextChanged.connect(lambda text: self._open.setEnabled(bool(text.strip())))
        self._open.setEnabled(False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(plain_label("Who works in the new window?"))
        column.addWidget(self.name)
        note = plain_label("Each user has an own history, colour and notifications.")
        note.setProperty("role", "muted")
        column.addWidget(note)
        column.addSpacing(6)
        column.addWidget(self._buttons)


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Order Desk")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        title = plain_label("Order Desk")
        title.setFont(sized(self.font(), 1.5, bold=True))
        column.addWidget(title)
        column.addWidget(plain_label("Orders, stock and notifications over RabbitMQ in one window."))
        column.addWidget(self._versions())
        closing = _primary("Close")
        closing.clicked.connect(self.accept)
        column.addWidget(closing, alignment=Qt.AlignmentFlag.AlignRight)

    def _versions(self) -> QLabel:
        label = plain_label("\n".join(f"{name} {version}" for name, version in versions()))
        label.setProperty("role", "muted")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label


def versions() -> list[tuple[str, str]]:
    """What a bug report needs."""
    packages = ("order-desk", "PySide6-Essentials", "qasync", "pika", "SQLAlchemy", "msgspec")
    found = [(name, _version(name)) for name in packages]
    return [
        *found,
        ("Qt", qVersion()),
        ("Python", platform.python_version()),
        ("System", platform.platform(terse=True)),
    ]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(from a checkout)"


def start_window_as(name: str, settings: Settings) -> None:
    """A process of its own with the same settings; they go by the environment, where `ps` shows no password.

    Raises UsageError where it could not be started.
    """
    environment = QProcessEnvironment.systemEnvironment()
    for option, value in msgspec.to_builtins(settings).items():
        if value != "":
            environment.insert(options.PREFIX + option.upper(), str(value))
    environment.insert(options.PREFIX + "DATA_DIR", str(settings.folder.root))
    home = str(Path(desktop.__file__).resolve().parent.parent)
    before = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    environment.insert("PYTHONPATH", os.pathsep.join([home, *before]))
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["-m", "desktop", "--user", name])
    process.setProcessEnvironment(environment)
    started, _ = process.startDetached()
    if not started:
        raise UsageError(f"The window of {name} could not be started: {process.errorString()}.")


def _primary(words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "primary")
    return button
