"""The words of the filter language: each is understood in English and in the language of the window."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.style.states import QT_TRANSLATE_NOOP, of_state
from messaging.domain.orders import OrderStatus
from messaging.history.records import OrderState
from messaging.history.store.search.search_terms import Field

SINCE, BEFORE, IS = "since", "before", "is"
KEYS = {  # these stand before the colon
    Field.ORDER.value: QT_TRANSLATE_NOOP("Language", "order"),
    Field.PRODUCT.value: QT_TRANSLATE_NOOP("Language", "product"),
    Field.STATE.value: QT_TRANSLATE_NOOP("Language", "state"),
    Field.USER.value: QT_TRANSLATE_NOOP("Language", "user"),
    SINCE: QT_TRANSLATE_NOOP("Language", "since"),
    BEFORE: QT_TRANSLATE_NOOP("Language", "before"),
    IS: QT_TRANSLATE_NOOP("Language", "is"),
}
UNREAD, MISSED, OPEN = "unread", "missed", "open"
MARKS = {  # these stand after `is:`
    UNREAD: QT_TRANSLATE_NOOP("Language", "unread"),
    MISSED: QT_TRANSLATE_NOOP("Language", "missed"),
    OPEN: QT_TRANSLATE_NOOP("Language", "open"),
}
TODAY, YESTERDAY = QT_TRANSLATE_NOOP("Language", "today"), QT_TRANSLATE_NOOP("Language", "yesterday")


@dataclass(frozen=True, slots=True)
class FilterSubject:
    """What the rows of one table can be filtered by: keys, states and marks."""

    keys: tuple[str, ...]
    states: tuple[OrderState | OrderStatus, ...]
    marks: tuple[str, ...]


def key(name: str) -> str:
    """The key in the window's language."""
    return translated(KEYS[name])


def mark(name: str) -> str:
    return translated(MARKS[name])


def translated(word: str) -> str:
    """The word in the window's language."""
    return QCoreApplication.translate("Language", word)


def key_named(text: str) -> str:
    """The key that was typed, in English or translated; empty for none."""
    return name_of(text, KEYS, key)


def name_of(text: str, names: Iterable[str], translate: Callable[[str], str] = translated) -> str:
    """The one of these names that was typed, in English or translated; empty for none."""
    folded = text.casefold()
    return next((name for name in names if folded in (name, translate(name).casefold())), "")


def find_mark(text: str, subject: FilterSubject) -> str:
    """The first mark that begins with this text, in English or translated; empty for none."""
    folded = text.casefold()
    return next((name for name in subject.marks if name.startswith(folded) or begins(mark(name), folded)), "")


def find_states(text: str, subject: FilterSubject) -> tuple[OrderState | OrderStatus, ...]:
    """The states that begin with this text, in English or translated."""
    folded = text.casefold()
    return tuple(s for s in subject.states if begins(of_state(s).word, folded) or s.value.startswith(folded))


def begins(name: str, folded: str) -> bool:
    """Whether the name or one of its words begins with this text, which is casefolded."""
    known = name.casefold()
    return known.startswith(folded) or any(part.startswith(folded) for part in known.split())
