"""What the demo prints: a line for each order."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.demo.script import ScriptStep
from desktop.text.formats import product, took
from messaging.domain.orders import OrderStatus

_COLUMNS = ("user", "order", "outcome", "click to notice", "why")


@dataclass(frozen=True, slots=True)
class Played:
    """A step that was played: `seconds` from the click to the row in its user's Notifications."""

    user: str
    step: ScriptStep
    identity: str
    outcome: OrderStatus
    seconds: float

    @property
    def as_expected(self) -> bool:
        return self.outcome is self.step.outcome


def table(played: Sequence[Played]) -> str:
    rows = [_COLUMNS, *(_row(one) for one in played)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )


def _row(one: Played) -> tuple[str, ...]:
    lines = ", ".join(f"{quantity} {product(name)}" for name, quantity in one.step.lines)
    outcome = one.outcome if one.as_expected else f"{one.outcome} (expected {one.step.outcome})"
    return (one.user, lines, outcome, took(one.seconds).rjust(len(_COLUMNS[3])), one.step.note)
