"""Which ways a message has gone, by what is heard of it: one piece of news may tell of several steps."""

from collections import OrderedDict

from msgspec import Struct

from desktop.flow.nodes import (
    CLIENT,
    COMMANDS_QUEUE,
    DEAD_LETTER_QUEUE,
    DEAD_LETTERS,
    INVENTORY,
    LISTENER,
    MINE,
    NEW_ORDERS,
    NOTIFICATIONS,
    ORDERS_QUEUE,
    OTHERS,
    OUTBOX,
    WAREHOUSE,
    PictureEdge,
    along,
)
from messaging.history.records import OrderState, PlacedOrder
from messaging.warehouse.records import Decided

REMEMBERED = 5000  # orders whose last place is known

PLACING = along(CLIENT, OUTBOX)
SENDING = along(OUTBOX, NEW_ORDERS, ORDERS_QUEUE)
TAKING = along(ORDERS_QUEUE, WAREHOUSE)
TELLING = along(WAREHOUSE, NOTIFICATIONS)
HEARING = along(NOTIFICATIONS, MINE, LISTENER)
TELLING_OTHERS = along(NOTIFICATIONS, OTHERS)
ASKING_TO_CANCEL = along(CLIENT, OUTBOX, NEW_ORDERS, COMMANDS_QUEUE, WAREHOUSE)
SETTING_ASIDE = along(ORDERS_QUEUE, DEAD_LETTERS, DEAD_LETTER_QUEUE, WAREHOUSE)
TELLING_STOCK = along(WAREHOUSE, INVENTORY, CLIENT)

_STEPS = (PLACING, SENDING, TAKING, TELLING, HEARING)  # an order's way, from its client and back
PLACED, SENT, TAKEN, TOLD, HEARD = range(1, len(_STEPS) + 1)  # how many of them it has behind it
_OF_STATE = {OrderState.WAITING: PLACED, OrderState.UNKNOWN: PLACED, OrderState.ACCEPTED: SENT}


class _Known(Struct, frozen=True):
    """`come`: how many of the steps are behind it; `state` and `cancel_asked` as last heard."""

    come: int
    state: OrderState | None = None
    cancel_asked: bool = False


class Routes:
    """Knows how far each order has come, so that none of its steps is shown twice, in whatever order news come."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def of_mine(self, order: PlacedOrder) -> tuple[PictureEdge, ...]:
        """The ways that one of my orders has gone since the last news of it."""
        known = self._known.get(order.identity)
        wanted = _OF_STATE.get(order.state, HEARD)
        if order.state is OrderState.CANCELLED and not order.accepted_at and (known is None or known.come <= PLACED):
            return ()  # it never left
        come = min(wanted - 1, TAKEN) if known is None else known.come
        if come == HEARD and known is not None and known.state is not order.state:
            come = TAKEN  # it was told before, and this is more of it
        self._remember(order.identity, _Known(max(come, wanted), order.state, order.cancel_asked))
        if known is not None and order.cancel_asked and not known.cancel_asked:
            return ASKING_TO_CANCEL
        return _between(come, wanted)

    def of_decided(self, decided: Decided, my_user: str) -> tuple[PictureEdge, ...]:
        """The ways of an order that the warehouse of this window has taken; what was refused also goes aside."""
        if decided.order is None or decided.repeated:
            return ()
        identity, reached = decided.order.identity, TOLD if decided.events else TAKEN
        is_mine = str(decided.order.user_id) == my_user
        known = self._known.get(identity, _Known(0 if is_mine else SENT))
        if known.come >= reached:
            return ()
        self._remember(identity, _Known(reached, known.state, known.cancel_asked))
        return _between(known.come, reached) + (TELLING_OTHERS if decided.events and not is_mine else ())

    def _remember(self, identity: str, known: _Known) -> None:
        self._known[identity] = known
        self._known.move_to_end(identity)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _between(come: int, wanted: int) -> tuple[PictureEdge, ...]:
    return tuple(way for step in _STEPS[come:wanted] for way in step)
