"""How each state looks: a word, an icon and a tone, so that colour never stands alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QCoreApplication

from desktop.style.colours import Tone
from messaging.domain.orders import OrderStatus
from messaging.history.records import OrderState
from messaging.ports import Phase


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # the name that lupdate looks for
    """Marks a text for translation where it is used, not where it stands."""
    return text


@dataclass(frozen=True, slots=True)
class StateStyle:
    word: str
    icon: str
    tone: Tone
    hint: str = ""

    @property
    def typed(self) -> str:
        """The word as it is typed into a filter; the nouns of it keep their capitals."""
        return self.word[:1].lower() + self.word[1:]


_AT_WAREHOUSE = {
    "processed": StateStyle(
        QT_TRANSLATE_NOOP("States", "Processed"),
        "circle-check",
        Tone.GOOD,
        QT_TRANSLATE_NOOP("States", "The stock is reserved"),
    ),
    "backordered": StateStyle(
        QT_TRANSLATE_NOOP("States", "Waiting for stock"),
        "hourglass",
        Tone.WARN,
        QT_TRANSLATE_NOOP("States", "It is served when stock arrives"),
    ),
    "rejected": StateStyle(
        QT_TRANSLATE_NOOP("States", "Refused"),
        "circle-x",
        Tone.BAD,
        QT_TRANSLATE_NOOP("States", "The warehouse could not take it; see the reason"),
    ),
    "cancelled": StateStyle(
        QT_TRANSLATE_NOOP("States", "Cancelled"),
        "ban",
        Tone.NEUTRAL,
        QT_TRANSLATE_NOOP("States", "Its stock is free again"),
    ),
    "shipped": StateStyle(
        QT_TRANSLATE_NOOP("States", "Shipped"),
        "truck",
        Tone.GOOD,
        QT_TRANSLATE_NOOP("States", "It has left the warehouse"),
    ),
    "returned": StateStyle(
        QT_TRANSLATE_NOOP("States", "Returned"),
        "undo-2",
        Tone.NEUTRAL,
        QT_TRANSLATE_NOOP("States", "It came back into stock"),
    ),
}

STATES: Mapping[StrEnum, StateStyle] = {
    OrderState.WAITING: StateStyle(
        QT_TRANSLATE_NOOP("States", "Waiting to send"),
        "clock",
        Tone.WARN,
        QT_TRANSLATE_NOOP("States", "On disk here; it leaves with RabbitMQ"),
    ),
    OrderState.UNKNOWN: StateStyle(
        QT_TRANSLATE_NOOP("States", "Sending again"),
        "refresh-cw",
        Tone.WARN,
        QT_TRANSLATE_NOOP("States", "The connection went before the confirm"),
    ),
    OrderState.ACCEPTED: StateStyle(
        QT_TRANSLATE_NOOP("States", "Accepted"),
        "send",
        Tone.INFO,
        QT_TRANSLATE_NOOP("States", "RabbitMQ has it; the warehouse will answer"),
    ),
    OrderStatus.NEW: StateStyle(
        QT_TRANSLATE_NOOP("States", "New"), "circle-dot", Tone.INFO, QT_TRANSLATE_NOOP("States", "Not decided yet")
    ),
}

PHASES: Mapping[Phase, StateStyle] = {
    Phase.STARTING: StateStyle(QT_TRANSLATE_NOOP("States", "Starting RabbitMQ"), "loader-circle", Tone.INFO),
    Phase.CONNECTING: StateStyle(QT_TRANSLATE_NOOP("States", "Connecting"), "plug", Tone.INFO),
    Phase.READY: StateStyle(QT_TRANSLATE_NOOP("States", "Ready"), "circle-check", Tone.GOOD),
    Phase.BLOCKED: StateStyle(QT_TRANSLATE_NOOP("States", "RabbitMQ is full"), "circle-pause", Tone.WARN),
    Phase.DATABASE_AWAY: StateStyle(QT_TRANSLATE_NOOP("States", "Database not reachable"), "triangle-alert", Tone.BAD),
    Phase.OTHER_BOOKS: StateStyle(QT_TRANSLATE_NOOP("States", "Other books"), "triangle-alert", Tone.BAD),
    Phase.WAITING: StateStyle(QT_TRANSLATE_NOOP("States", "Offline"), "wifi-off", Tone.WARN),
    Phase.REFUSED: StateStyle(QT_TRANSLATE_NOOP("States", "Refused"), "circle-x", Tone.BAD),
    Phase.CLOSED: StateStyle(QT_TRANSLATE_NOOP("States", "Stopped"), "circle", Tone.NEUTRAL),
}


def of_state(state: OrderState | OrderStatus) -> StateStyle:
    """The style of an OrderState or OrderStatus, whose values for the warehouse's outcomes are the same."""
    return spoken(STATES.get(state) or _AT_WAREHOUSE[state.value])


def of_phase(phase: Phase) -> StateStyle:
    return spoken(PHASES[phase])


def spoken(style: StateStyle) -> StateStyle:
    """The same style with its words in the current language."""
    translate = QCoreApplication.translate
    return _worded(style, translate("States", style.word), translate("States", style.hint) if style.hint else "")


@cache
def _worded(style: StateStyle, word: str, hint: str) -> StateStyle:
    """A style with these words; cached, because every painted row asks for one."""
    return replace(style, word=word, hint=hint)
