"""Where things are kept: one folder per person, or wherever --data-dir says."""

from pathlib import Path

import platformdirs
from msgspec import Struct

from messaging.errors import UsageError
from messaging.phrases import phrase


class DataDir(Struct, frozen=True):
    """The names inside the data directory."""

    root: Path

    @classmethod
    def at(cls, path: str) -> "DataDir":
        """Make the folder, readable by its owner alone. Raises UsageError where that cannot be."""
        root = Path(path).expanduser().resolve() if path else Path(platformdirs.user_data_dir("order-desk", False))
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UsageError(
                phrase(f"The data directory {root} cannot be made: {error.strerror}. Name another with --data-dir.")
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
