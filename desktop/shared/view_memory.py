"""What the window remembers of its looks, one INI file per profile in the data directory. Nothing of value is here."""

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from messaging.paths import DataDir
from messaging.profiles import Profile

_LAYOUT = 1  # raise it when the window is laid out anew: what was kept is then left aside


class ViewMemory:
    def __init__(self, folder: DataDir, profile: Profile) -> None:
        path = folder.history(profile.user_id).with_suffix(".ini")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._ini = QSettings(str(path), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        return str(self._ini.value(key, default))

    def flag(self, key: str, default: bool) -> bool:
        return str(self._ini.value(key, default)).lower() == "true"

    def keep(self, key: str, value: str | bool) -> None:
        self._ini.setValue(key, value)

    def keep_geometry(self, window: QMainWindow) -> None:
        self._ini.setValue(f"window{_LAYOUT}/geometry", window.saveGeometry())
        self._ini.sync()

    def restore_geometry(self, window: QMainWindow) -> bool:
        """False where there is none; Qt brings a window back that would be off the screens."""
        kept = self._ini.value(f"window{_LAYOUT}/geometry")
        return isinstance(kept, QByteArray) and window.restoreGeometry(kept)
