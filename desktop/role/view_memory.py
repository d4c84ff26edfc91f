"""Remembers how a window looked, in one INI file per profile in the data directory. No data of value is in it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QLocale, QSettings
from PySide6.QtWidgets import QHeaderView, QMainWindow

from desktop.tables.table import Table
from messaging.runtime.paths import DataDir
from messaging.runtime.profiles import Profile

_LAYOUT = 2  # raise it when the layout changes: what was kept before is then ignored


class ViewMemory:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._ini = QSettings(str(path), QSettings.Format.IniFormat)
        self._language = QLocale().name().partition("_")[0]  # kept: it may change before the window closes

    @classmethod
    def of(cls, folder: DataDir, profile: Profile) -> "ViewMemory":
        return cls(folder.history(profile.user_id).with_suffix(".ini"))

    @classmethod
    def of_program(cls, folder: DataDir) -> "ViewMemory":
        """The memory shared by all users of the data directory: the language, and whether the first steps are shown."""
        return cls(folder.root / "window.ini")

    def text(self, key: str, default: str = "") -> str:
        return str(self._ini.value(key, default))

    def flag(self, key: str, default: bool) -> bool:
        return str(self._ini.value(key, default)).lower() == "true"

    def keep(self, key: str, value: str | bool) -> None:
        self._ini.setValue(key, value)

    def write(self) -> None:
        """Write the file now, for another process that will read it."""
        self._ini.sync()

    def _widths_key(self, table: Table[Any]) -> str:
        """The key of a table's widths, one for each language: titles differ in length."""
        return f"{_key(table)}/{self._language}"

    def keep_geometry(self, window: QMainWindow) -> None:
        self._ini.setValue(f"window{_LAYOUT}/geometry", window.saveGeometry())
        for table in window.findChildren(Table):
            self._ini.setValue(self._widths_key(table), _columns(table.horizontalHeader()))
            shown = ";".join(f"{column}:{int(is_shown)}" for column, is_shown in table.choices.items())
            self._ini.setValue(f"{_key(table)}/chosen", shown)
        self.write()

    def restore_geometry(self, window: QMainWindow) -> bool:
        """Restore size, position and columns; returns False where none are kept. Qt keeps the window on a screen."""
        for table in window.findChildren(Table):
            _restore_columns(table.horizontalHeader(), self.text(self._widths_key(table)))
            _restore_choices(table, self.text(f"{_key(table)}/chosen"))
        kept = self._ini.value(f"window{_LAYOUT}/geometry")
        return isinstance(kept, QByteArray) and window.restoreGeometry(kept)


def _key(table: Table[Any]) -> str:
    return f"columns{_LAYOUT}/{table.objectName().replace('/', '-')}"


def _columns(header: QHeaderView) -> str:
    """The order and widths of the columns as text. Which are hidden is up to their tab and the user."""
    return ";".join(f"{header.visualIndex(n)}:{header.sectionSize(n)}" for n in range(header.count()))


def _restore_choices(table: Table[Any], kept: str) -> None:
    for column, _, is_shown in (part.partition(":") for part in kept.split(";")):
        if column.isdigit() and int(column) < table.horizontalHeader().count():
            table.choose_column(int(column), is_shown == "1")


def _restore_columns(header: QHeaderView, kept: str) -> None:
    """Restore order and widths; nothing happens where the table had other columns then."""
    pairs = [part.partition(":")[::2] for part in kept.split(";")]
    if len(pairs) != header.count() or not all(a.isdigit() and b.isdigit() for a, b in pairs):
        return
    places = [int(place) for place, _ in pairs]
    if sorted(places) != list(range(len(places))):
        return
    for section, (_, width) in enumerate(pairs):
        if int(width) > 0 and header.sectionResizeMode(section) is not QHeaderView.ResizeMode.Stretch:
            header.resizeSection(section, int(width))
    for place in range(len(places)):
        header.moveSection(header.visualIndex(places.index(place)), place)
