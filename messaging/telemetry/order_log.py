"""Logging the steps of an order in each service, a line for each order and step.

The lines are of level DEBUG (`--log-level DEBUG`): measured, a line costs ten times as much as decoding an
order, so that an order's three lines at the warehouse cost nearly as much as all its other work, and the log's 15 MB
would hold 10,000 orders. Counting and timing an order costs as much as decoding one.
"""

import logging

from messaging.telemetry.tracing import trace_id_of

LOG = logging.getLogger("order-desk.steps")
LEVEL = logging.DEBUG


def log_step(
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


def is_enabled() -> bool:
    return LOG.isEnabledFor(LEVEL)
