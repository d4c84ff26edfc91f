"""The words of the language, in English and in the window's: each is understood in both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.style.states import QT_TRANSLATE_NOOP, of_state
from messaging.domain.orders import OrderStatus
from messaging.history.records import OrderState
from messaging.history.store.search_terms import Field

SINCE, BEFORE, IS = "since", "before", "is"
KEYS = {  # what stands before the colon
    Field.ORDER.value: QT_TRANSLATE_NOOP("Language", "order"),
    Field.PRODUCT.value: QT_TRANSLATE_NOOP("Language", "product"),
    Field.STATE.value: QT_TRANSLATE_NOOP("Language", "state"),
    Field.USER.value: QT_TRANSLATE_NOOP("Language", "user"),
    SINCE: QT_TRANSLATE_NOOP("Language", "since"),
    BEFORE: QT_TRANSLATE_NOOP("Language", "before"),
    IS: QT_TRANSLATE_NOOP("Language", "is"),
}
UNREAD, MISSED, OPEN = "unread", "missed", "open"
MARKS = {  # what a row may be
    UNREAD: QT_TRANSLATE_NOOP("Language", "unread"),
    MISSED: QT_TRANSLATE_NOOP("Language", "missed"),
    OPEN: QT_TRANSLATE_NOOP("Language", "open"),
}
TODAY, YESTERDAY = QT_TRANSLATE_NOOP("Language", "today"), QT_TRANSLATE_NOOP("Language", "yesterday")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rows of a table can be asked for."""

    keys: tuple[str, ...]
    states: tuple[OrderState | OrderStatus, ...]
    marks: tuple[str, ...]


def key(name: str) -> str:
    """A key as the window's language has it."""
    return here(KEYS[name])


def mark(name: str) -> str:
    return here(MARKS[name])


def here(word: str) -> str:
    """In the window's language."""
    return QCoreApplication.translate("Language", word)


def key_named(text: str) -> str:
    """Empty where it is none."""
    return meant(text, KEYS, key)


def meant(text: str, names: Iterable[str], translated: Callable[[str], str] = here) -> str:
    folded = text.casefold()
    return next((name for name in names if folded in (name, translated(name).casefold())), "")


def mark_begun(text: str, subject: Subject) -> str:
    folded = text.casefold()
    return next((name for name in subject.marks if name.startswith(folded) or begins(mark(name), folded)), "")


def states_begun(text: str, subject: Subject) -> tuple[OrderState | OrderStatus, ...]:
    """Those whose word, or own name, begins so."""
    folded = text.casefold()
    return tuple(s for s in subject.states if begins(of_state(s).word, folded) or s.value.startswith(folded))


def begins(name: str, folded: str) -> bool:
    known = name.casefold()
    return known.startswith(folded) or any(part.startswith(folded) for part in known.split())
