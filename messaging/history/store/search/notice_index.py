"""The full-text index over notices, which follows their table.

It is contentless: it holds terms and row numbers only, 80 bytes a notice. It is extended in the write that stores
new notices; what it does not hold yet, after an update or where SQLite has no FTS5, is scanned.
"""

import sqlite3

from messaging.history.store.database.database_file import HistoryFile
from messaging.history.store.search import search_terms

# Prefixes as long as this are looked up at once; longer ones are gathered from the terms that begin so.
INDEX = """CREATE VIRTUAL TABLE IF NOT EXISTS notices_index
    USING fts5(terms, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3 4 5')"""
AT_ONCE = 5000  # notices indexed in one write at least, where some are behind


class NoticeIndex:
    def __init__(self, file: HistoryFile) -> None:
        """Makes the index where there is none, and empties one of a program with another rule for terms."""
        self._file = file
        with file.in_words():
            self.is_there = self._make()
            if self.is_there and file.mark("terms") != search_terms.TERMS:
                self._begin_anew()

    def catch_up(self, limit: int = AT_ONCE) -> int:
        """Add notices that the index lacks, in a write of its own; gives how many it lacks still."""
        if not self.is_there or not self.behind():
            return 0
        with self._file.writing():
            self.extend(limit)
        return self.behind()

    def extend(self, limit: int) -> None:
        """Within a write; adds at most `limit` notices."""
        if not self.is_there:
            return
        sql = "SELECT row, words, status, missed FROM notices WHERE row > ? ORDER BY row LIMIT ?"
        rows = self._file.execute(sql, (self.indexed_to(), limit)).fetchall()
        if rows:
            terms = (
                (r["row"], " ".join(search_terms.notice_terms(r["words"], r["status"], r["missed"]))) for r in rows
            )
            self._file.execute_many("INSERT INTO notices_index (rowid, terms) VALUES (?, ?)", terms)
            self._file.execute("UPDATE marks SET value = ? WHERE key = 'indexed_to'", (rows[-1]["row"],))

    def indexed_to(self) -> int:
        """The last row in the index; 0 where there is none."""
        return int(self._file.mark("indexed_to") or 0) if self.is_there else 0

    def behind(self) -> int:
        """How many rows the index lacks."""
        return max(self.last_row() - self.indexed_to(), 0)

    def last_row(self) -> int:
        """The newest notice's row; 0 where there is none."""
        return int(self._file.read("SELECT ifnull(max(row), 0) FROM notices")[0][0])

    def _make(self) -> bool:
        """False where this Python's SQLite has no FTS5."""
        try:
            self._file.execute("SELECT rowid FROM notices_index LIMIT 0")
        except sqlite3.OperationalError as error:
            if "notices_index" in str(error):
                return self._create()
            if "fts5" not in str(error):
                raise
            return False
        return True

    def _create(self) -> bool:
        try:
            self._file.execute(INDEX)
        except sqlite3.OperationalError as error:
            if "fts5" not in str(error):
                raise
            return False
        return True

    def _begin_anew(self) -> None:
        """The index of a program with another rule; `index_more` fills it."""
        with self._file.writing():
            self._file.execute("DROP TABLE IF EXISTS notices_index")
            self._file.execute(INDEX)
            self._file.execute("UPDATE marks SET value = 0 WHERE key = 'indexed_to'")
            self._file.put_mark("terms", search_terms.TERMS)
