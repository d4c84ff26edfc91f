"""Shortens an order's id for places with little room."""

from messaging.domain.orders import order_id_in

SHORT = 8  # characters of a UUID that distinguish it from its neighbours


def short_id(order_id: str | int) -> str:
    """The end of a UUID, for those made in one hour begin alike; numbers and short texts stay as they are.

    Of an order's identity its id.
    """
    text = order_id_in(str(order_id))
    return text if len(text) <= SHORT else f"\N{HORIZONTAL ELLIPSIS}{text[-SHORT:]}"
