"""Parses what is typed to find rows of a table: words, and words behind a key.

In `state:refused,shipped -milk since:2h is:unread "whole milk"` all pieces must hold; a comma means or, a minus not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from msgspec import structs
from PySide6.QtCore import QCoreApplication

from desktop.filtering.keys import BEFORE, IS, SINCE, FilterSubject, begins, find_mark, find_states, key, mark
from desktop.filtering.pieces import Piece, pieces
from desktop.filtering.times import moment_of
from desktop.style.states import of_state
from desktop.text.formats import plain
from messaging.history.store.search.search_terms import Field, Word

translate = QCoreApplication.translate

LONGEST = 30  # characters that are shown of what is not understood
MOST = 40  # pieces, and values of a piece: nobody types more


@dataclass(frozen=True, slots=True)
class ParsedFilter:
    """`since` and `until` in ISO 8601, empty where no time is asked for; `marks` that must or must not hold.

    `unclear` says in words what was not understood; it filters nothing.
    """

    words: tuple[Word, ...] = ()
    since: str = ""
    until: str = ""
    marks: Mapping[str, bool] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()


def parse_filter(
    text: str, subject: FilterSubject, names: Mapping[str, str], now: datetime | None = None
) -> ParsedFilter:
    """`names` of users by their ids. A key without a value filters nothing."""
    parser = _Parser(subject, names, now or datetime.now().astimezone())
    found = list(islice(pieces(text), MOST + 1))
    for piece in found[:MOST]:
        parser.add(piece)
    if len(found) > MOST:
        parser.unclear.append(translate("Language", "Only the first {0} words are looked for").format(MOST))
    return parser.result()


class _Parser:
    def __init__(self, subject: FilterSubject, names: Mapping[str, str], now: datetime) -> None:
        self._subject, self._names, self._now = subject, names, now
        self._words: list[Word] = []
        self._times: dict[str, list[str]] = {SINCE: [], BEFORE: []}
        self._marks: dict[str, bool] = {}
        self.unclear: list[str] = []

    def result(self) -> ParsedFilter:
        since, until = max(self._times[SINCE], default=""), min(self._times[BEFORE], default="")
        return ParsedFilter(tuple(self._words), since, until, self._marks, tuple(self.unclear))

    def add(self, piece: Piece) -> None:
        values = piece.values[:MOST]
        if piece.key and piece.key not in self._subject.keys:
            self.unclear.append(translate("Language", "{0}: cannot be asked for here").format(key(piece.key)))
        elif piece.key in (SINCE, BEFORE, IS) and len(values) > 1:
            self.unclear.append(translate("Language", "{0}: takes one word").format(key(piece.key)))
        elif values and piece.key == IS:
            self._add_mark(piece, values[0])
        elif values and piece.key in self._times:
            self._add_time(piece, values[0])
        elif values:
            self._add_word(piece, values)

    def _add_time(self, piece: Piece, value: str) -> None:
        moment = moment_of(value, self._now)
        if moment is None:
            words = translate("Language", "{0} is no time: try 30min, 2h, 14:05, today or 2026-11-20")
            self.unclear.append(words.format(_cut(value)))
        else:
            is_since = (piece.key == SINCE) is not piece.without  # not since then: before
            self._times[SINCE if is_since else BEFORE].append(moment.isoformat(timespec="milliseconds"))

    def _add_mark(self, piece: Piece, value: str) -> None:
        if name := find_mark(value, self._subject):
            self._marks[name] = not piece.without
        else:
            known = ", ".join(mark(one) for one in self._subject.marks)
            self.unclear.append(translate("Language", "No row is {0}: try {1}").format(_cut(value), known))

    def _add_word(self, piece: Piece, values: Sequence[str]) -> None:
        words = [self._word(value, Field(piece.key)) for value in values]
        self._words.append(structs.replace(words[0], without=piece.without, others=tuple(words[1:])))
        for value in (word.text for word in words if not word.ways):
            self.unclear.append(
                translate("Language", "{0} is not looked for: type letters or figures").format(_cut(value))
            )
        for value in values if piece.key == Field.STATE else ():
            if not find_states(value, self._subject):
                known = ", ".join(of_state(state).word for state in self._subject.states)
                self.unclear.append(translate("Language", "No state is called {0}: try {1}").format(_cut(value), known))

    def _word(self, text: str, field: Field) -> Word:
        folded = text.casefold()
        by_state, by_name = field in (Field.ANY, Field.STATE), field in (Field.ANY, Field.USER)
        states = tuple(s for s in self._subject.states if begins(of_state(s).word, folded)) if by_state else ()
        users = tuple(user for user, name in self._names.items() if begins(name, folded)) if by_name else ()
        return Word(text, states, field, users)


def _cut(value: str) -> str:
    return plain(value, LONGEST)
