"""How far each listener has read this history: one position for each listener's name."""

from messaging.history.store.database.database_file import HistoryFile


class ListenerPositions:
    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def read_to(self, listener: str) -> int:
        """The row of the last notice that this listener has read; 0 for a new listener."""
        return int(self._file.mark(_key(listener)) or 0)

    def set_read_to(self, listener: str, row: int) -> None:
        """Moves forward only: two listeners of the same name may run at once."""
        with self._file.writing():
            sql = "INSERT INTO marks VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)"
            self._file.execute(sql, (_key(listener), row))


def _key(listener: str) -> str:
    return f"listener/{listener}"
