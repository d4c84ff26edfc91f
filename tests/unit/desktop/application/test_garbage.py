import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.application.gc_policy import GuiGarbage
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus, new_order
from messaging.domain.stock import DecidedLine, StockLevel
from messaging.history.records import OrderState, PlacedOrder, StoredNotice
from messaging.warehouse.records import Decided, Event, Verdict


class Cycle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage(qtbot: QtBot) -> Iterator[GuiGarbage]:
    made = GuiGarbage()
    yield made
    made.close()


def test_what_has_been_loaded_is_not_looked_through_again(garbage: GuiGarbage) -> None:
    """With it a look takes longer than a window may stand still."""
    garbage.collect()
    assert gc.get_freeze_count() > 10 * sum(len(gc.get_objects(generation)) for generation in range(3))


def test_what_was_in_use_at_one_look_is_found_after_its_window_has_gone(garbage: GuiGarbage) -> None:
    window, cycle = QWidget(), Cycle()
    window.show()
    gone = weakref.ref(cycle)
    garbage.collect()
    del cycle
    garbage.collect()
    assert gone() is not None, "it was set aside while it was in use"
    window.close()
    del window
    garbage.collect()
    assert gone() is None


def test_young_garbage_is_found_at_once(garbage: GuiGarbage) -> None:
    gone = weakref.ref(Cycle())
    garbage.collect()
    assert gone() is None


def test_nobody_else_collects(garbage: GuiGarbage) -> None:
    assert not gc.isenabled()


def test_orders_and_notices_are_not_looked_through() -> None:
    """A window holds them by the thousand, and none can be part of a cycle."""
    order, line = new_order("alice", [("milk", 1)]), DecidedLine("milk", 1)
    notice = Notice(order.order_id, order.user_id, (line,), order.created_at, OrderStatus.PROCESSED)
    kept = StoredNotice(1, notice, order.created_at)
    placed = PlacedOrder(1, order, OrderState.WAITING, (), order.created_at)
    event = Event(1, notice)
    decided = Decided(Verdict.ACCEPT, (event,), order)
    data = (order, *order.lines, line, StockLevel("milk", 100, 1), notice, kept, placed, event, decided)
    assert [one for one in data if gc.is_tracked(one)] == []
