"""Who reads this history line by line, and how far each has come: one position for each listener's name."""

from messaging.history.records import StoredNotice
from messaging.history.store.database_file import HistoryFile
from messaging.history.store.rows import kept_notice


class ListenerPositions(HistoryFile):
    def notices_after(self, row: int, limit: int) -> list[StoredNotice]:
        """Oldest first: in the order in which they came into the history, whichever window or command heard them."""
        rows = self._read("SELECT * FROM notices WHERE row > ? ORDER BY row LIMIT ?", (row, limit))
        return [kept_notice(found) for found in rows]

    def read_to(self, listener: str) -> int:
        """The row of the last notice that this listener has had; 0 for a new one."""
        return int(self._mark(_key(listener)) or 0)

    def set_read_to(self, listener: str, row: int) -> None:
        """Moves forward only: two of the same name may run at once."""
        with self._writing():
            sql = "INSERT INTO marks VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)"
            self._connection.execute(sql, (_key(listener), row))


def _key(listener: str) -> str:
    return f"listener/{listener}"
