"""Counts and logs the notices that a listener receives."""

from collections.abc import Sequence
from datetime import UTC, datetime

from messaging.broker.delivery import Delivery
from messaging.contract.codec import Events
from messaging.domain.notices import Notice
from messaging.telemetry import order_log
from messaging.telemetry.metrics import Count, Metrics
from messaging.telemetry.tracing import trace_id_in


class ListenerOrderLog:
    """In the loop's thread."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def received(self, batch: Sequence[tuple[Delivery, Notice]]) -> None:
        """Live ones, once they are on disk."""
        self._metrics.count(Count.HEARD, len(batch))
        if order_log.is_enabled():
            for delivery, notice in batch:
                _log(notice, "heard", trace_id_in(delivery.headers, notice.identity))

    def caught_up(self, events: Events) -> None:
        self._metrics.count(Count.CAUGHT_UP, len(events.notices))
        if order_log.is_enabled():
            for notice in events.notices:
                _log(notice, "caught up", "")


def _log(notice: Notice, step: str, trace_id: str) -> None:
    seconds = _since(notice.occurred_at)
    order_log.log_step(step, notice.identity, notice.user_id, notice.status, seconds=seconds, trace_id=trace_id)


def _since(occurred_at: str) -> float | None:
    """Seconds by the clocks of two machines; None where the warehouse's time cannot be read."""
    try:
        seconds = (datetime.now(UTC) - datetime.fromisoformat(occurred_at)).total_seconds()
    except (ValueError, TypeError):  # also a time without a zone, of a program written to the seed
        return None
    return max(seconds, 0.0)
