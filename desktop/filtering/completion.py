"""What may be meant by what is being typed: keys, and after a key the values that are known."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from desktop.filtering.keys import BEFORE, IS, SINCE, TODAY, YESTERDAY, Subject, begins, here, key, key_named, mark
from desktop.filtering.pieces import begun, quoted
from desktop.style.states import of_state
from messaging.history.store.search_terms import Field

FROM = 3  # letters of a key: shorter ones begin too many other words
MOST = 12


def completions(text: str, subject: Subject, names: Iterable[str]) -> list[str]:
    """What the last piece of the text may become, instead of it; nothing where it is whole."""
    last = begun(text)
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
    """With what was chosen in place of the last piece."""
    last = begun(text)
    return (text if last is None else text[: last.start()]) + chosen


def _values(name: str, subject: Subject, names: Iterable[str]) -> list[str]:
    if name not in subject.keys:
        return []
    if name == Field.STATE:
        return [of_state(state).typed for state in subject.states]
    if name == Field.USER:
        return sorted(set(names), key=str.casefold)
    if name == IS:
        return [mark(one) for one in subject.marks]
    return ["1h", here(TODAY), here(YESTERDAY), "7d", "30d"] if name in (SINCE, BEFORE) else []


class Completion(QObject):
    """Offers them below the field while its user types at its end."""

    def __init__(self, field: QLineEdit, subject: Subject) -> None:
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
        self.popup.setParent(field, Qt.WindowType.Popup)  # the completer takes it from whatever would dress it
        self.popup.setProperty("role", "offers")
        self.completer.activated.connect(self._take)
        self._go_on = QTimer(self, singleShot=True, interval=0)  # the list that was chosen from has to go first
        self._go_on.timeout.connect(self._offer_more)
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
            self._go_on.start()
