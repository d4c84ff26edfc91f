"""An order's steps as each desk takes them: counted, timed, and told in the log, a line per order and step.

The lines are of level DEBUG (`--log-level DEBUG`): measured, a line costs more than ten times what reading an order
costs, so an order's three at the warehouse nearly as much as all its other work; and the log's 15 MB would hold 10,000
orders and nothing else. Counting and timing an order costs as much as reading one.
"""

import logging

from messaging.telemetry.tracing import trace_id_of

LOG = logging.getLogger("order-desk.steps")
LEVEL = logging.DEBUG


def tell(
    step: str, order: str, user: str | int, status: str, *, seconds: float | None = None, trace_id: str = ""
) -> None:
    """`seconds` since the step before that this process knows of; None where it knows of none."""
    LOG.log(
        LEVEL,
        step,
        extra={
            "order": order,
            "user": user,
            "step": step,
            "status": status,
            "ms": None if seconds is None else round(seconds * 1000, 1),
            "trace": trace_id or trace_id_of(order),
        },
    )


def are_told() -> bool:
    return LOG.isEnabledFor(LEVEL)
