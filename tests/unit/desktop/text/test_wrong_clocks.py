"""Machines whose clocks differ: how long a step took is told by one clock or not at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop.client.orders.order_details import StepsModel, steps_of
from desktop.notifications.notice_details import TimelineModel
from desktop.tables.row_model import RowModel
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus, new_order, new_order_id
from messaging.domain.stock import DecidedLine
from messaging.history.records import OrderState, PlacedOrder, StoredNotice

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
AFTER = 1  # the column
AHEAD = [timedelta(hours=-1), timedelta(0), timedelta(hours=1), timedelta(days=1)]


def at(seconds: float, ahead: timedelta = timedelta(0)) -> str:
    return (NOON + timedelta(seconds=seconds) + ahead).isoformat()


def an_order() -> PlacedOrder:
    order = new_order(str(new_order_id()), [("laptop", 1)])
    return PlacedOrder(1, order, OrderState.SHIPPED, (), at(0), at(0.5))


def heard(order: PlacedOrder, ahead: timedelta, missed: bool = False) -> list[StoredNotice]:
    """Two seconds after it was placed, and half a minute later, by a warehouse whose clock is ahead."""

    def told(seq: int, status: OrderStatus, seconds: float) -> StoredNotice:
        lines, body = (DecidedLine("laptop", 1, 1),), order.order
        event, occurred_at = str(new_order_id()), at(seconds, ahead)
        notice = Notice(
            body.order_id, body.user_id, lines, at(0), status, event_id=event, seq=seq, occurred_at=occurred_at
        )
        return StoredNotice(seq, notice, at(90 if missed else seconds), missed)

    return [told(1, OrderStatus.PROCESSED, 2.5), told(2, OrderStatus.SHIPPED, 32.5)]


def after(model: RowModel[Any]) -> list[str]:
    return [model.index(n, AFTER).data(Qt.ItemDataRole.DisplayRole) for n in range(model.rowCount())]


@pytest.mark.parametrize("ahead", AHEAD)
def test_the_steps_of_my_order_are_told_by_my_clock_and_in_their_order(ahead: timedelta) -> None:
    order, model = an_order(), StepsModel()
    model.synchronise(steps_of(order, reversed(heard(order, ahead))))
    assert after(model) == ["", "+500 ms", "+2.0 s", "+30.0 s"]
    assert [model.index(n, 2).data() for n in range(4)] == ["Placed", "Accepted", "Processed", "Shipped"]
    assert [model.row(n).at for n in range(4)] == [at(0), at(0.5), at(2.5), at(32.5)]


@pytest.mark.parametrize("ahead", AHEAD)
def test_the_timeline_of_a_notice_tells_how_long_each_step_took(ahead: timedelta) -> None:
    model = TimelineModel()
    model.synchronise(heard(an_order(), ahead))
    assert after(model) == ["+2.5 s", "+30.0 s"]


def test_what_was_missed_has_only_the_warehouse_s_times() -> None:
    order, model = an_order(), StepsModel()
    model.synchronise(steps_of(order, heard(order, timedelta(hours=-1), missed=True)))
    assert after(model) == ["", "+500 ms", "", "+30.0 s"]
