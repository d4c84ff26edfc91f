"""The window's own dialogs. They are opened, never `exec`uted: a nested loop would lose wake-ups."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations_with_replacement
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QProcessEnvironment, QSize, Qt, qVersion
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QWidget,
)

import desktop
from desktop.style.theme import sized
from desktop.text.phrases import said
from desktop.widgets.frame_dialog import MARGINS, FrameDialog, primary
from desktop.widgets.keycap import KeyCaps
from desktop.widgets.labels import Complaint, PlainLabel, heading, muted, selectable
from desktop.widgets.layouts import column, row
from desktop.widgets.number_field import calm
from desktop.window.user_chip import avatar
from messaging.errors import OrderDeskError, UsageError
from messaging.phrases import phrase
from messaging.runtime.paths import DataDir
from messaging.runtime.profiles import COLOURS, MAX_NAME, Profile
from messaging.runtime.settings import OPTIONS

_AVATAR, _SWATCH = 20, 20  # logical pixels
_SHEET = (1080, 640)

Group = tuple[str, Sequence[tuple[str, str]]]  # a place and what is done there by which keys


class NewWindowDialog(FrameDialog):
    """Asks for a user: a known one or a new name. Calls `apply(name, second)`; `second`: open a second window."""

    def __init__(self, profiles: Iterable[Profile], apply: Callable[[str, bool], None], parent: QWidget) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("New window as..."))
        self.name = calm(QComboBox(editable=True))
        for profile in sorted(profiles, key=lambda one: one.name.casefold()):
            self.name.addItem(QIcon(avatar(profile, _AVATAR, self.devicePixelRatioF())), profile.name)
        self.name.setCurrentIndex(-1)
        self.name.setAccessibleName(self.tr("User"))
        self.name.setMinimumWidth(300)
        field = self.name.lineEdit()
        assert field is not None, "an editable box has a line edit"
        field.setPlaceholderText(self.tr("A name, known or new"))
        self.second = QCheckBox(self.tr("A second window, where this user has one already"))
        self._apply = apply
        self._open = primary(self.tr("Open window"))
        self._connect()
        self.stack(
            PlainLabel(self.tr("Who works in the new window?")),
            self.name,
            self.second,
            muted(self.tr("Each user has an own history, colour and notifications.")),
            self.choice_buttons(self._open, self.tr("Cancel")),
        ).insertSpacing(4, 6)

    def _connect(self) -> None:
        self.accepted.connect(lambda: self._apply(self.name.currentText().strip(), self.second.isChecked()))
        self.name.currentTextChanged.connect(lambda text: self._open.setEnabled(bool(text.strip())))
        self._open.setEnabled(False)


class ProfileDialog(FrameDialog):
    """Asks for another name and colour of the user. Calls `apply(name, colour)`, which may raise OrderDeskError."""

    def __init__(self, profile: Profile, apply: Callable[[str, str], None], parent: QWidget) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Name and colour"))
        self._apply = apply
        self.name = QLineEdit(profile.name)
        self.name.setMaxLength(MAX_NAME)
        self.name.setAccessibleName(self.tr("Name"))
        self.colours = QButtonGroup(self)
        self.wrong = Complaint()
        self._lay_out(profile)

    def colour(self) -> str:
        chosen = self.colours.checkedButton()
        return str(chosen.property("colour")) if chosen else COLOURS[0]

    def accept(self) -> None:
        try:
            self._apply(self.name.text(), self.colour())
        except OrderDeskError as error:
            self.wrong.show_text(said(error.words))
            return
        super().accept()

    def _lay_out(self, profile: Profile) -> None:
        swatches = row()
        for number, colour in enumerate(dict.fromkeys((*COLOURS, profile.colour)), 1):
            swatches.addWidget(self._swatch(colour, number, colour == profile.colour))
        self.stack(
            PlainLabel(self.tr("Name")),
            self.name,
            PlainLabel(self.tr("Colour")),
            swatches,
            muted(self.tr("Orders and notifications stay with the user, whatever the name.")),
            self.wrong,
            self.choice_buttons(primary(self.tr("Save")), self.tr("Cancel")),
        )

    def _swatch(self, colour: str, number: int, chosen: bool) -> QToolButton:
        swatch = QToolButton()
        swatch.setCheckable(True)
        swatch.setChecked(chosen)
        swatch.setProperty("colour", colour)
        square = QPixmap(_SWATCH, _SWATCH)
        square.fill(QColor(colour))
        swatch.setIcon(QIcon(square))
        swatch.setIconSize(QSize(_SWATCH, _SWATCH))
        swatch.setAccessibleName(self.tr("Colour {n}").format(n=number))
        swatch.setToolTip(colour)
        self.colours.addButton(swatch)
        return swatch


class ShortcutsDialog(FrameDialog):
    """Lists what each key does, by place, as the window has it now."""

    def __init__(self, keys: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Keyboard"))
        self.resize(*_SHEET)
        columns = row(*(self._column(dict(part)) for part in _thirds(list(keys.items()))))
        columns.setSpacing(36)
        inside = QWidget()
        inside.setLayout(columns)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(self.tr("Keys"))
        area.setWidget(inside)
        area.setMinimumWidth(inside.sizeHint().width() + area.verticalScrollBar().sizeHint().width())
        column(self, area, self.closing_buttons(), margins=MARGINS).setStretch(0, 1)

    def _column(self, groups: Mapping[str, Sequence[tuple[str, str]]]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(5)
        line = 0
        for place, members in groups.items():
            grid.addWidget(heading(place), line, 0, 1, 2)
            for words, pressed in members:
                line += 1
                grid.addWidget(PlainLabel(words), line, 0)
                grid.addWidget(KeyCaps(pressed), line, 1, Qt.AlignmentFlag.AlignLeft)
            line += 1
            grid.setRowMinimumHeight(line, 10)
            line += 1
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(line, 1)
        return made


def _thirds(groups: list[Group]) -> list[list[Group]]:
    """Split the places into three columns, of which the longest is as short as possible."""
    cuts = combinations_with_replacement(range(len(groups) + 1), 2)
    return min(([groups[:a], groups[a:b], groups[b:]] for a, b in cuts), key=lambda parts: max(map(_height, parts)))


def _height(groups: list[Group]) -> int:
    return sum(len(members) + 2 for _, members in groups)


class AboutDialog(FrameDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("About Order Desk"))
        title = PlainLabel("Order Desk")
        title.setFont(sized(self.font(), 1.5, bold=True))
        about = PlainLabel(self.tr("Orders, stock and notifications over RabbitMQ in one window."))
        numbers = selectable(muted("\n".join(f"{name} {version}" for name, version in versions())))
        column(self, title, about, numbers, self.closing_buttons(), margins=(24, 20, 24, 16))


def versions() -> list[tuple[str, str]]:
    """The versions of the program and its libraries, for a bug report."""
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
        return QCoreApplication.translate("AboutDialog", "(from a checkout)")


def start_window_as(name: str, folder: DataDir, given: Mapping[str, object], second: bool = False) -> None:
    """Start a window in a process of its own. Settings `given` by hand go by its environment: `ps` shows arguments.

    Raises UsageError where it could not be started.
    """
    environment = QProcessEnvironment.systemEnvironment()
    for option, value in {**given, "data_dir": folder.root}.items():
        environment.insert(OPTIONS[option].variable, str(value))
    home = str(Path(desktop.__file__).resolve().parent.parent)
    before = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    environment.insert("PYTHONPATH", os.pathsep.join([home, *before]))
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["-m", "desktop", "--user", name, *(["--new-window"] if second else [])])
    process.setProcessEnvironment(environment)
    started: object = process.startDetached()  # a bool, whatever the stubs of PySide6 say
    if started is not True:
        raise UsageError(phrase("dialogs.the_window_of_could_not_be", name=name, errorstring=process.errorString()))
