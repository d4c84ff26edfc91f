"""Works out which edges a message has passed from the news of it: one piece of news may stand for several steps."""

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

REMEMBERED = 5000  # orders of which it is known how far they have come

PLACING = along(CLIENT, OUTBOX)
SENDING = along(OUTBOX, NEW_ORDERS, ORDERS_QUEUE)
TAKING = along(ORDERS_QUEUE, WAREHOUSE)
PUBLISHING = along(WAREHOUSE, NOTIFICATIONS)
RECEIVING = along(NOTIFICATIONS, MINE, LISTENER)
PUBLISHING_TO_OTHERS = along(NOTIFICATIONS, OTHERS)
ASKING_TO_CANCEL = along(CLIENT, OUTBOX, NEW_ORDERS, COMMANDS_QUEUE, WAREHOUSE)
SETTING_ASIDE = along(ORDERS_QUEUE, DEAD_LETTERS, DEAD_LETTER_QUEUE, WAREHOUSE)
PUBLISHING_STOCK = along(WAREHOUSE, INVENTORY, CLIENT)

_STEPS = (PLACING, SENDING, TAKING, PUBLISHING, RECEIVING)  # the path of an order, from its client and back
PLACED, SENT, TAKEN, PUBLISHED, RECEIVED = range(1, len(_STEPS) + 1)  # so many steps are behind the order
_OF_STATE = {OrderState.WAITING: PLACED, OrderState.UNKNOWN: PLACED, OrderState.ACCEPTED: SENT}


class _Known(Struct, frozen=True):
    """`come` counts the steps behind the order; `state` and `cancel_asked` are as last received."""

    come: int
    state: OrderState | None = None
    cancel_asked: bool = False


class Routes:
    """Knows how far each order has come, so that no step is shown twice, in whatever order the news arrives."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def of_mine(self, order: PlacedOrder) -> tuple[PictureEdge, ...]:
        """The edges that one of this user's orders has passed since the last news of it."""
        known = self._known.get(order.identity)
        wanted = _OF_STATE.get(order.state, RECEIVED)
        if order.state is OrderState.CANCELLED and not order.accepted_at and (known is None or known.come <= PLACED):
            return ()  # it never left
        come = min(wanted - 1, TAKEN) if known is None else known.come
        if come == RECEIVED and known is not None and known.state is not order.state:
            come = TAKEN  # the warehouse has changed it once more
        self._remember(order.identity, _Known(max(come, wanted), order.state, order.cancel_asked))
        if known is not None and order.cancel_asked and not known.cancel_asked:
            return ASKING_TO_CANCEL
        return _between(come, wanted)

    def of_decided(self, decided: Decided, my_user: str) -> tuple[PictureEdge, ...]:
        """The edges of an order that this window's warehouse has decided; none where that is known already."""
        if decided.order is None or decided.repeated:
            return ()
        identity, reached = decided.order.identity, PUBLISHED if decided.events else TAKEN
        is_mine = str(decided.order.user_id) == my_user
        known = self._known.get(identity, _Known(0 if is_mine else SENT))
        if known.come >= reached:
            return ()
        self._remember(identity, _Known(reached, known.state, known.cancel_asked))
        return _between(known.come, reached) + (PUBLISHING_TO_OTHERS if decided.events and not is_mine else ())

    def _remember(self, identity: str, known: _Known) -> None:
        self._known[identity] = known
        self._known.move_to_end(identity)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _between(come: int, wanted: int) -> tuple[PictureEdge, ...]:
    return tuple(edge for step in _STEPS[come:wanted] for edge in step)
