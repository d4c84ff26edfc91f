"""Which books are followed at each broker, and up to which of their events this history is complete."""

from messaging.history.store.database.database_file import HistoryFile

OWNER = "caught_up_of"  # whose events `caught_up_to` counts; a history of before does not say
OF_NOBODY = -1  # as an order's `seq`: whatever the books say of it is news


class FollowedBooksTable:
    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def followed(self, broker: str) -> str:
        """The id of the books followed at this broker; empty where none is known yet."""
        books = str(self._file.mark(_key(broker)) or "")
        if books and self._file.mark(OWNER) not in (None, books):
            self.follow(broker, books)  # back from another broker: their events count from the beginning
        return books

    def follow(self, broker: str, books: str) -> None:
        """Follow these books from now on. Outcomes from others stay; event numbers are those of these books."""
        with self._file.writing():
            if self._file.mark(OWNER) not in (None, books):
                self._file.put_mark("caught_up_to", 0)
                self._file.execute(f"UPDATE orders SET seq = {OF_NOBODY} WHERE seq IS NOT NULL")
            self._file.put_mark(OWNER, books)
            self._file.put_mark(_key(broker), books)

    def caught_up_to(self) -> int:
        """The warehouse's event number up to which this history is complete."""
        return int(self._file.mark("caught_up_to") or 0)

    def set_caught_up_to(self, seq: int, books: str = "", backwards: bool = False) -> None:
        """Moves forward only, as another window may be further on; `backwards` where the warehouse started anew.

        `books`: whose events are counted; nothing is written where others are followed by now.
        """
        if not backwards and seq <= self.caught_up_to():
            return
        with self._file.writing():
            if books in ("", self._file.mark(OWNER)) and (backwards or seq > self.caught_up_to()):
                self._file.put_mark("caught_up_to", seq)

    def doubt(self, upto: int, asked_at: int, books: str) -> int:
        """Take all that these books say of an order as news, where a live notice with a number beyond `upto`, which
        these books have not reached, moved it before version `asked_at`. Gives how many orders."""
        doubtful = ("seq > ? AND version <= ?", (upto, asked_at))
        if self._file.mark(OWNER) != books or not self._file.read(
            f"SELECT 1 FROM orders WHERE {doubtful[0]} LIMIT 1", doubtful[1]
        ):
            return 0
        with self._file.writing():
            changed = f"UPDATE orders SET seq = {OF_NOBODY} WHERE {doubtful[0]}"
            return self._file.execute(changed, doubtful[1]).rowcount


def _key(broker: str) -> str:
    return f"books/{broker}"
