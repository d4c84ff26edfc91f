"""The client's steps of an order: placed, sent, accepted, and the outcome as it comes back."""

import time
from collections.abc import Sequence

from messaging.broker.publisher import Receipt
from messaging.history.records import OWED, OrderState, Owed, PlacedMany, PlacedOrder
from messaging.telemetry import order_log
from messaging.telemetry.metrics import Count, Metrics, Timing

MOST_TIMED = 50_000  # orders under way whose times are remembered; further ones are counted and not timed
UNDER_WAY = OWED | {OrderState.ACCEPTED}

RECEIPTS = {
    Receipt.CONFIRMED: Count.ACCEPTED,
    Receipt.UNROUTABLE: Count.RETURNED,
    Receipt.REFUSED: Count.REFUSED_BY_BROKER,
    Receipt.TOO_LARGE: Count.REFUSED_BY_BROKER,
    Receipt.LOST: Count.UNKNOWN,
}


class ClientOrderLog:
    """Called in the service's threads. Only what was placed here is timed: clocks of other runs tell nothing."""

    def __init__(self, metrics: Metrics, user_id: str) -> None:
        self._metrics, self._user_id = metrics, user_id
        self._placed: dict[str, float] = {}  # by identity, monotonic

    def placed(self, many: PlacedMany, identities: Sequence[str]) -> None:
        """`identities`: of those that are new."""
        now = time.monotonic()
        self._metrics.count(Count.PLACED, many.placed)
        for identity in identities:
            if len(self._placed) < MOST_TIMED:
                self._placed[identity] = now
            if order_log.is_enabled():
                order_log.log_step("placed", identity, self._user_id, OrderState.WAITING)

    def sent(self, owed: Sequence[Owed]) -> None:
        self._metrics.count(Count.SENT, len(owed))
        if order_log.is_enabled():
            for one in owed:
                order_log.log_step("sent", one.identity, self._user_id, _kind(one), seconds=self._since_placed(one))

    def answered(self, owed: Owed, receipt: Receipt) -> None:
        seconds = self._since_placed(owed)
        self._metrics.count(RECEIPTS[receipt])
        if receipt is Receipt.CONFIRMED and seconds is not None:
            self._metrics.time(Timing.PLACED_TO_ACCEPTED, seconds)
        if order_log.is_enabled():
            step = "accepted" if receipt is Receipt.CONFIRMED else "not accepted"
            order_log.log_step(step, owed.identity, self._user_id, receipt, seconds=seconds)

    def changed(self, orders: Sequence[PlacedOrder]) -> None:
        """The first time that an order placed here is seen with an outcome."""
        now = time.monotonic()
        done = [order.identity for order in orders if order.state not in UNDER_WAY]
        began = [self._placed.pop(identity, None) for identity in done]
        self._metrics.time_all(Timing.PLACED_TO_OUTCOME, [now - one for one in began if one is not None])

    def _since_placed(self, owed: Owed) -> float | None:
        began = None if owed.is_command else self._placed.get(owed.identity)
        return None if began is None else time.monotonic() - began


def _kind(owed: Owed) -> str:
    return "cancel" if owed.is_command else "order"
