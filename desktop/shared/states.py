"""How a state looks, in one table: a word, an icon and a tone, so that colour never stands alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop.shared.colours import Tone
from messaging.history.records import OrderState
from messaging.orders import OrderStatus
from messaging.ports import Phase


@dataclass(frozen=True, slots=True)
class StateStyle:
    word: str
    icon: str
    tone: Tone
    hint: str = ""


_AT_WAREHOUSE = {
    "processed": StateStyle("Processed", "circle-check", Tone.GOOD, "The stock is reserved"),
    "backordered": StateStyle("Waiting for stock", "hourglass", Tone.WARN, "It is served when stock arrives"),
    "rejected": StateStyle("Refused", "circle-x", Tone.BAD, "The warehouse could not take it; see the reason"),
    "cancelled": StateStyle("Cancelled", "ban", Tone.NEUTRAL, "Its stock is free again"),
    "shipped": StateStyle("Shipped", "truck", Tone.GOOD, "It has left the warehouse"),
    "returned": StateStyle("Returned", "undo-2", Tone.NEUTRAL, "It came back into stock"),
}

STATES: Mapping[StrEnum, StateStyle] = {
    OrderState.WAITING: StateStyle("Waiting to send", "clock", Tone.WARN, "On disk here; it leaves with RabbitMQ"),
    OrderState.UNKNOWN: StateStyle("Sending again", "refresh-cw", Tone.WARN, "The connection went before the confirm"),
    OrderState.ACCEPTED: StateStyle("Accepted", "send", Tone.INFO, "RabbitMQ has it; the warehouse will answer"),
    OrderStatus.NEW: StateStyle("New", "circle-dot", Tone.INFO, "Not decided yet"),
}

PHASES: Mapping[Phase, StateStyle] = {
    Phase.STARTING: StateStyle("Starting RabbitMQ", "loader-circle", Tone.INFO),
    Phase.CONNECTING: StateStyle("Connecting", "plug", Tone.INFO),
    Phase.READY: StateStyle("Ready", "circle-check", Tone.GOOD),
    Phase.BLOCKED: StateStyle("RabbitMQ is full", "circle-pause", Tone.WARN),
    Phase.WAITING: StateStyle("Offline", "wifi-off", Tone.WARN),
    Phase.REFUSED: StateStyle("Refused", "circle-x", Tone.BAD),
    Phase.CLOSED: StateStyle("Stopped", "circle", Tone.NEUTRAL),
}


def of_state(state: OrderState | OrderStatus) -> StateStyle:
    """OrderState and OrderStatus share the words for what the warehouse says."""
    return STATES.get(state) or _AT_WAREHOUSE[state.value]


def of_phase(phase: Phase) -> StateStyle:
    return PHASES[phase]
