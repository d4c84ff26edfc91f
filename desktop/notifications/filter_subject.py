"""What notices can be filtered by, and the built-in views of them."""

from PySide6.QtCore import QCoreApplication

from desktop.filtering.keys import BEFORE, IS, MISSED, SINCE, TODAY, UNREAD, FilterSubject
from desktop.filtering.pieces import piece_text
from messaging.domain.orders import OrderStatus
from messaging.history.store.saved_views import SavedView
from messaging.history.store.search.search_terms import Field

translate = QCoreApplication.translate

NOTICE_STATES = tuple(status for status in OrderStatus if status is not OrderStatus.NEW)
NOTICES = FilterSubject(
    (Field.ORDER.value, Field.PRODUCT.value, Field.STATE.value, Field.USER.value, SINCE, BEFORE, IS),
    NOTICE_STATES,
    (UNREAD, MISSED),
)


def built_in() -> list[SavedView]:
    refused, waiting = (piece_text(Field.STATE, status) for status in (OrderStatus.REJECTED, OrderStatus.BACKORDERED))
    return [
        SavedView(translate("Views", "Refused today"), f"{refused} {piece_text(SINCE, TODAY)}"),
        SavedView(translate("Views", "Waiting for stock"), waiting),
        SavedView(translate("Views", "Unread"), piece_text(IS, UNREAD)),
        SavedView(translate("Views", "Missed and unread"), f"{piece_text(IS, MISSED)} {piece_text(IS, UNREAD)}"),
    ]
