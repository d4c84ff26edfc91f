"""What notices can be asked for, and the filters that the desk brings along."""

from PySide6.QtCore import QCoreApplication

from desktop.filtering.keys import BEFORE, IS, MISSED, SINCE, TODAY, UNREAD, Subject
from desktop.filtering.pieces import said
from messaging.domain.orders import OrderStatus
from messaging.history.store.saved_views import SavedView
from messaging.history.store.search_terms import Field

translate = QCoreApplication.translate

TOLD = tuple(status for status in OrderStatus if status is not OrderStatus.NEW)  # what notices tell
NOTICES = Subject(
    (Field.ORDER.value, Field.PRODUCT.value, Field.STATE.value, Field.USER.value, SINCE, BEFORE, IS),
    TOLD,
    (UNREAD, MISSED),
)


def built_in() -> list[SavedView]:
    refused, waiting = (said(Field.STATE, status) for status in (OrderStatus.REJECTED, OrderStatus.BACKORDERED))
    return [
        SavedView(translate("Views", "Refused today"), f"{refused} {said(SINCE, TODAY)}"),
        SavedView(translate("Views", "Waiting for stock"), waiting),
        SavedView(translate("Views", "Unread"), said(IS, UNREAD)),
        SavedView(translate("Views", "Missed and unread"), f"{said(IS, MISSED)} {said(IS, UNREAD)}"),
    ]
