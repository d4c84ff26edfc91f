"""Completes what is being typed: keys, and after a key the values that are known."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from desktop.filtering.keys import (
    BEFORE,
    IS,
    SINCE,
    TODAY,
    YESTERDAY,
    FilterSubject,
    begins,
    key,
    key_named,
    mark,
    translated,
)
from desktop.filtering.pieces import last_piece, quoted
from desktop.style.states import of_state
from messaging.history.store.search.search_terms import Field

FROM = 3  # letters of a key at least: fewer begin too many other words
MOST = 12  # values offered


def completions(text: str, subject: FilterSubject, names: Iterable[str]) -> list[str]:
    """The texts that may replace the last piece; none where it is complete. `names` are those of users."""
    last = last_piece(text)
    if last is None:
        return []
    minus, name, value = last[1], last[2], last[3]
    if name is None:
        found = [f"{minus}{key(known)}:" for known in subject.keys if begins(key(known), value.casefold())]
        return found if len(value) >= FROM else []
    before, comma, typed = value.rpartition(",")
    folded = typed.strip('"').casefold()
    known = [one for one in _values(key_named(name), subject, names) if begins(one, folded)][:MOST]
    if [one.casefold() for one in known] == [folded]:
        return []
    return [f"{minus}{name}:{before}{comma}{quoted(one)}" for one in known]


def completed(text: str, chosen: str) -> str:
    """The text with what was chosen in place of its last piece."""
    last = last_piece(text)
    return (text if last is None else text[: last.start()]) + chosen


def _values(name: str, subject: FilterSubject, names: Iterable[str]) -> list[str]:
    if name not in subject.keys:
        return []
    if name == Field.STATE:
        return [of_state(state).typed for state in subject.states]
    if name == Field.USER:
        return sorted(set(names), key=str.casefold)
    if name == IS:
        return [mark(one) for one in subject.marks]
    return ["1h", translated(TODAY), translated(YESTERDAY), "7d", "30d"] if name in (SINCE, BEFORE) else []


class Completion(QObject):
    """Offers completions below the field while the user types at its end."""

    def __init__(self, field: QLineEdit, subject: FilterSubject) -> None:
        super().__init__(field)
        self._field, self._subject = field, subject
        self.names: Mapping[str, str] = {}  # of users, by their ids
        self._offered = QStringListModel(self)
        self.completer = QCompleter(self._offered, self)
        self.completer.setWidget(field)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.popup = QListView()
        self.popup.setAccessibleName(self.tr("What may be meant"))
        self.completer.setPopup(self.popup)
        self.popup.setParent(field, Qt.WindowType.Popup)  # the completer has taken its parent away
        self.popup.setProperty("role", "offers")
        self.completer.activated.connect(self._take)
        self._offer_later = QTimer(self, singleShot=True, interval=0)  # once the list that was chosen from is gone
        self._offer_later.timeout.connect(self._offer_more)
        field.textEdited.connect(self._offer)

    def _offer(self, text: str) -> None:
        is_at_end = self._field.cursorPosition() == len(text)
        found = completions(text, self._subject, self.names.values()) if is_at_end else []
        self._offered.setStringList(found)
        if found:
            self.completer.complete()
        else:
            self.popup.hide()

    def _offer_more(self) -> None:
        self._offer(self._field.text())

    def _take(self, chosen: str) -> None:
        self._field.setText(completed(self._field.text(), chosen))
        if chosen.endswith(":"):
            self._offer_later.start()
