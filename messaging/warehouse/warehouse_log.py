"""The warehouse's steps of an order: received, decided, its notice published."""

import time
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from messaging.broker.delivery import Delivery
from messaging.contract.codec import read_order
from messaging.domain.orders import OrderStatus
from messaging.errors import UnreadableMessage
from messaging.telemetry import order_log, tracing
from messaging.telemetry.metrics import Count, Metrics, Timing
from messaging.warehouse.records import Decided, Event, Verdict

OUTCOMES = {
    OrderStatus.PROCESSED: Count.PROCESSED,
    OrderStatus.BACKORDERED: Count.BACKORDERED,
    OrderStatus.REJECTED: Count.REFUSED,
    OrderStatus.CANCELLED: Count.CANCELLED,
}


class WarehouseOrderLog:
    """In the loop's thread."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._committed: dict[int, float] = {}  # by seq, monotonic

    def received(self, delivery: Delivery) -> None:
        if order_log.is_enabled():
            identity, user = _whose(delivery)
            status = "redelivered" if delivery.redelivered else "new"
            order_log.log_step(
                "received", identity, user, status, trace_id=tracing.trace_id_in(delivery.headers, identity)
            )

    def decided(self, deliveries: Sequence[tuple[Delivery, float]], decided: Sequence[tuple[Decided, float]]) -> None:
        """`settled` with the seconds since arrival."""
        counted = Counter(_outcomes(decided))
        counted[Count.RECEIVED] = len(deliveries)
        counted[Count.REDELIVERED] = sum(delivery.redelivered for delivery, _ in deliveries)
        self._metrics.count_all(counted)
        self._metrics.time_all(Timing.ARRIVAL_TO_COMMIT, [seconds for _, seconds in decided])
        if order_log.is_enabled():
            for (delivery, _), (one, seconds) in zip(deliveries, decided, strict=True):
                identity, user = _whose(delivery, one)
                trace_id = tracing.trace_id_in(delivery.headers, identity)
                order_log.log_step(
                    "settled", identity, user, one.status or _without_status(one), seconds=seconds, trace_id=trace_id
                )

    def routed_back(self) -> None:
        self._metrics.count(Count.STRAYED)

    def committed(self, event: Event) -> None:
        self._committed.setdefault(event.seq, time.monotonic())

    def published(self, event: Event) -> None:
        began = self._committed.pop(event.seq, None)
        seconds = None if began is None else time.monotonic() - began
        self._metrics.count(Count.PUBLISHED)
        if seconds is not None:
            self._metrics.time(Timing.COMMIT_TO_CONFIRMED, seconds)
        if order_log.is_enabled():
            notice = event.notice
            order_log.log_step(
                "published", notice.identity, notice.user_id, notice.status, seconds=seconds, trace_id=event.trace_id
            )


def in_its_trace(delivery: Delivery, decided: Decided) -> tuple[Event, ...]:
    """The events; those of the order itself in the trace that its sender began, where it began one."""
    if decided.order is None or tracing.HEADER not in delivery.headers:
        return decided.events
    identity = decided.order.identity
    if tracing.trace_id_of(identity) in str(delivery.headers[tracing.HEADER]):
        return decided.events
    trace_id = tracing.trace_id_in(delivery.headers, identity)
    return tuple(replace(one, trace_id=trace_id) if one.notice.identity == identity else one for one in decided.events)


def _outcomes(decided: Sequence[tuple[Decided, float]]) -> list[Count]:
    found: list[Count] = []
    for one, _ in decided:
        if one.repeated:
            found.append(Count.REPEATED)
        elif one.status is None and one.verdict is Verdict.REFUSE:
            found.append(Count.SET_ASIDE)
        else:
            found += [OUTCOMES[event.notice.status] for event in one.events]
    return found


def _without_status(one: Decided) -> str:
    return "set aside" if one.verdict is Verdict.REFUSE else "remembered"


def _whose(delivery: Delivery, decided: Decided | None = None) -> tuple[str, str | int]:
    """The order's identity and user; of what cannot be read the identity that its sender claims."""
    if decided is not None and decided.order is not None:
        return decided.order.identity, decided.order.user_id
    if decided is not None and decided.events:
        return decided.events[0].notice.identity, decided.events[0].notice.user_id
    try:
        order = read_order(delivery.body)
    except UnreadableMessage:
        return str(delivery.properties.get("correlation_id", "")), ""
    return order.identity, order.user_id
