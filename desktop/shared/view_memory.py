"""What the window remembers of its looks, one INI file per profile in the data directory. Nothing of value is here."""

import getpass

from messaging.profiles import Profile
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from messaging.paths import DataDir

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


class LastUser:
    """Who was here last, for a start without --user."""

    def __init__(self, folder: DataDir) -> None:
        self._ini = QSettings(str(folder.root / "window.ini"), QSettings.Format.IniFormat)

    def name(self) -> str:
        """The first time the name of the account on this machine, where that can be a user's name."""
        kept = str(self._ini.value("user", ""))
        return kept or _account_name() or "me"

    def keep(self, name: str) -> None:
        self._ini.setValue("user", name)
        self._ini.sync()


def _account_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return ""
