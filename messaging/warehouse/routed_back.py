"""The warehouse's own messages that somebody has routed back into its queues."""

from collections.abc import Callable

from messaging.broker import error_messages
from messaging.broker.delivery import Delivery
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import APP_ID
from messaging.contract.codec import MessageType
from messaging.errors import BrokerRefused, OrderDeskError
from messaging.phrases import phrase

QUIET = 60.0  # seconds between two warnings
OURS_ALONE = frozenset((MessageType.INVENTORY, MessageType.NOTICE, MessageType.ANSWER))


class RoutedBack:
    """Counts them and warns once a minute, in the loop's thread. A row for each would let whoever binds two
    exchanges, or dead-letters a queue of his own into ours, fill the books with every change of stock."""

    def __init__(self, loop: BrokerLoop, warn: Callable[[OrderDeskError], None], counted: Callable[[], None]) -> None:
        self._loop, self._warn, self._counted = loop, warn, counted
        self._count = 0  # since the last warning
        self._quiet = False

    def is_one(self, delivery: Delivery) -> bool:
        """True: it is one, to be acknowledged and forgotten."""
        if not is_routed_back(delivery):
            return False
        self._count += 1
        self._counted()
        if not self._quiet:
            self._warn_now()
        return True

    def _warn_now(self) -> None:
        self._quiet = True
        self._loop.later(QUIET, self._end_quiet)
        count, self._count = self._count, 0
        self._warn(
            BrokerRefused(
                phrase("routed_back.messages_of_the_warehouse_itself_came", count=count, doctor=error_messages.DOCTOR)
            )
        )

    def _end_quiet(self) -> None:
        self._quiet = False
        if self._count:
            self._warn_now()


def is_routed_back(delivery: Delivery) -> bool:
    properties = delivery.properties
    return properties.get("app_id") == APP_ID and properties.get("type") in OURS_ALONE
