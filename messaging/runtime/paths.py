"""The data directory: one folder per person, or the one of --data-dir."""

from pathlib import Path

import platformdirs
from msgspec import Struct

from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.texts import printable


class DataDir(Struct, frozen=True):
    """The names inside the data directory."""

    root: Path

    @classmethod
    def at(cls, path: str) -> "DataDir":
        """Make the folder, readable by its owner alone. Raises UsageError where that cannot be."""
        where = path or platformdirs.user_data_dir("order-desk", False)
        try:
            root = Path(where).expanduser().resolve()
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except (OSError, RuntimeError, ValueError) as error:  # also where `~name` is nobody, and for a NUL
            why = getattr(error, "strerror", None) or printable(str(error))
            raise UsageError(
                phrase("paths.the_data_directory_cannot_be_made", where=printable(where), why=why)
            ) from error
        return cls(root)

    @property
    def broker(self) -> Path:
        return self.root / "broker"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.sqlite"

    @property
    def profiles(self) -> Path:
        return self.root / "profiles.json"

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    @property
    def log(self) -> Path:
        return self.root / "order-desk.log"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics"

    @property
    def histories(self) -> Path:
        return self.root / "users"

    def history(self, user_id: str) -> Path:
        return self.histories / f"{user_id}.sqlite"
