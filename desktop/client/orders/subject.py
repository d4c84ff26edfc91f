"""What my orders can be asked for, and the filters that the desk brings along."""

from PySide6.QtCore import QCoreApplication

from desktop.filtering.keys import BEFORE, IS, OPEN, SINCE, TODAY, Subject
from desktop.filtering.pieces import said
from messaging.history.records import OWED, OrderState
from messaging.history.store.saved_views import View
from messaging.history.store.search_terms import Field, Word

translate = QCoreApplication.translate

STILL_OPEN = (*sorted(OWED), OrderState.ACCEPTED, OrderState.BACKORDERED, OrderState.PROCESSED)  # more will happen
ORDERS = Subject(
    (Field.ORDER.value, Field.PRODUCT.value, Field.STATE.value, SINCE, BEFORE, IS), (*OrderState,), (OPEN,)
)


def is_open(wanted: bool) -> Word:
    return Word("", STILL_OPEN, Field.STATE, without=not wanted)


def built_in() -> list[View]:
    refused, waiting, unsent = (
        said(Field.STATE, *states)
        for states in ((OrderState.REJECTED,), (OrderState.BACKORDERED,), sorted(OWED, reverse=True))
    )
    return [
        View(translate("Views", "Open"), said(IS, OPEN)),
        View(translate("Views", "Refused today"), f"{refused} {said(SINCE, TODAY)}"),
        View(translate("Views", "Waiting for stock"), waiting),
        View(translate("Views", "Not sent yet"), unsent),
    ]
