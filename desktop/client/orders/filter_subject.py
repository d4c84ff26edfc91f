"""What the user's own orders can be filtered by, and the built-in views of them."""

from PySide6.QtCore import QCoreApplication

from desktop.filtering.keys import BEFORE, IS, OPEN, SINCE, TODAY, FilterSubject
from desktop.filtering.pieces import piece_text
from messaging.history.records import OWED, OrderState
from messaging.history.store.saved_views import SavedView
from messaging.history.store.search.search_terms import Field, Word

translate = QCoreApplication.translate

STILL_OPEN = (
    *sorted(OWED),
    OrderState.ACCEPTED,
    OrderState.BACKORDERED,
    OrderState.PROCESSED,
)  # orders that will change again
ORDERS = FilterSubject(
    (Field.ORDER.value, Field.PRODUCT.value, Field.STATE.value, SINCE, BEFORE, IS), (*OrderState,), (OPEN,)
)


def is_open(wanted: bool) -> Word:
    return Word("", STILL_OPEN, Field.STATE, without=not wanted)


def built_in() -> list[SavedView]:
    refused, waiting, unsent = (
        piece_text(Field.STATE, *states)
        for states in ((OrderState.REJECTED,), (OrderState.BACKORDERED,), sorted(OWED, reverse=True))
    )
    return [
        SavedView(translate("Views", "Open"), piece_text(IS, OPEN)),
        SavedView(translate("Views", "Refused today"), f"{refused} {piece_text(SINCE, TODAY)}"),
        SavedView(translate("Views", "Waiting for stock"), waiting),
        SavedView(translate("Views", "Not sent yet"), unsent),
    ]
