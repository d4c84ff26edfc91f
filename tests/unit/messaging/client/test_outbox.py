"""From disk to RabbitMQ: an order leaves in its turn, and is done with only when RabbitMQ has confirmed it."""

import time
from typing import Any, cast

import pytest

from messaging.broker.publisher import Receipt
from messaging.client import outbox
from messaging.client.outbox import LEASE, PROBLEMS, REST
from messaging.contract.codec import read_command, read_order
from messaging.errors import NotRoutable
from messaging.history.records import OrderState
from messaging.telemetry import tracing
from messaging.telemetry.metrics import Count
from tests.helpers.history_core import FULL_DISK, USER, WINDOW, ClientCore
from tests.unit.messaging.broker.test_publisher import too_large_for


def test_an_order_is_accepted_only_after_rabbitmqs_confirm_is_on_disk(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    assert (client.state(order), client.owed()) == (OrderState.WAITING, 1)
    client.history.held = True
    client.confirm(1)
    assert client.state(order) is OrderState.WAITING
    client.history.work_on()
    client.loop.go_on()
    assert (client.state(order), client.owed()) == (OrderState.ACCEPTED, 0)


def test_orders_leave_in_the_order_in_which_they_were_placed_and_as_they_are_on_disk(client: ClientCore) -> None:
    orders = client.place(3)
    client.wake()
    assert [read_order(one.body) for one in client.channel.published] == orders
    assert client.ids() == [order.order_id for order in orders]


def test_no_more_leave_than_there_is_room_for_and_the_rest_follow(client: ClientCore) -> None:
    orders = client.place(WINDOW + 2)
    client.wake()
    assert len(client.ids()) == WINDOW
    client.confirm(1, 2)
    assert client.ids() == [order.order_id for order in orders]
    client.confirm(3, 4, 5)
    assert client.owed() == 0


def test_no_order_leaves_twice_however_often_it_is_woken(client: ClientCore) -> None:
    client.place(2)
    client.wake()
    client.wake()
    client.outbox.wake()
    client.outbox.wake()
    client.loop.go_on()
    assert len(client.ids()) == 2


def test_one_claim_at_a_time(client: ClientCore) -> None:
    client.place(1)
    client.history.held = True
    before = client.history.pieces
    client.outbox.wake()
    client.outbox.wake()
    assert client.history.pieces == before + 1


def test_without_a_connection_nothing_is_claimed(client: ClientCore) -> None:
    client.place(1)
    client.disconnect()
    before = client.history.pieces
    client.wake()
    assert client.history.pieces == before


def test_an_order_whose_confirm_never_came_is_unknown_and_leaves_again_the_same(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    first = client.channel.published[0]
    client.disconnect()
    assert (client.state(order), client.owed()) == (OrderState.UNKNOWN, 1)
    client.connect()
    client.wake()
    again = client.channel.published[0]
    assert (again.body, again.properties.message_id) == (first.body, first.properties.message_id)
    client.confirm(1)
    assert (client.state(order), client.owed()) == (OrderState.ACCEPTED, 0)


def test_an_order_that_no_queue_takes_is_not_accepted_and_is_tried_again_after_a_rest(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    client.channel.send_back(1)
    client.confirm(1)
    assert (client.state(order), client.owed()) == (OrderState.WAITING, 1)
    assert client.problem(order) == str(PROBLEMS[Receipt.UNROUTABLE])
    assert [str(error) for error in client.failures] == [str(PROBLEMS[Receipt.UNROUTABLE])]
    assert isinstance(client.failures[0], NotRoutable)
    client.loop.advance(REST / 2)
    client.wake()
    assert len(client.ids()) == 1
    client.loop.advance(REST / 2)
    assert len(client.ids()) == 2
    client.confirm(2)
    assert (client.state(order), client.problem(order)) == (OrderState.ACCEPTED, "")


def test_an_order_that_rabbitmq_refuses_waits_with_the_reason_and_is_tried_again(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    client.channel.refuse(1)
    client.loop.go_on()
    assert client.problem(order) == str(PROBLEMS[Receipt.REFUSED])
    client.loop.advance(REST)
    assert len(client.ids()) == 2


def test_an_order_that_is_too_large_is_not_sent_again_and_holds_up_no_other(client: ClientCore) -> None:
    (large,) = client.place(lines=20)
    client.wake()
    client.channel.break_off(too_large_for(len(client.channel.published[0].body) - 1))
    client.publisher.detach()
    client.loop.go_on()
    assert client.problem(large) == str(PROBLEMS[Receipt.TOO_LARGE])
    client.connect()
    client.wake()
    client.loop.advance(REST)
    assert client.ids() == []
    (other,) = client.place()
    client.wake()
    assert client.ids() == [other.order_id]


def test_a_wish_to_cancel_leaves_as_a_command(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    client.confirm(1)
    client.history.peek(lambda store: store.outbox.place_cancel(order.identity, "too late"))
    client.wake()
    first, wish = client.channel.published
    assert (first.exchange, first.key, first.properties.type) == ("new_orders_exchange", "", "new_order")
    assert (wish.exchange, wish.key, wish.properties.type) == ("new_orders_exchange", "command", "order_command")
    assert read_command(wish.body).order_id == order.order_id
    assert wish.properties.message_id == f"cancel-{order.order_id}"
    client.confirm(2)
    assert client.owed() == 0


def test_a_message_names_its_order_its_sender_and_its_trace(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    properties = client.channel.published[0].properties
    assert (properties.correlation_id, properties.user_id) == (order.identity, USER)
    assert tracing.trace_id_of(order.identity) in properties.headers[tracing.HEADER]


def test_receipts_that_come_while_one_write_runs_are_written_together_in_the_next(client: ClientCore) -> None:
    orders = client.place(3)
    client.wake()
    client.history.held = True
    client.confirm(1)
    before = client.history.pieces
    client.confirm(2, 3)
    assert client.history.pieces == before
    client.history.held = False
    client.history.work_on()
    client.loop.go_on()
    assert {client.state(order) for order in orders} == {OrderState.ACCEPTED}


def test_receipts_are_not_forgotten_while_the_disk_is_full(client: ClientCore) -> None:
    orders = client.place(3)
    client.wake()
    client.history.fault = FULL_DISK
    client.confirm(1)
    client.confirm(2)
    assert client.failures == [FULL_DISK]
    assert not client.outbox.is_idle
    client.history.fault = None
    client.loop.advance(REST)
    assert [client.state(order) for order in orders] == [
        OrderState.ACCEPTED,
        OrderState.ACCEPTED,
        OrderState.WAITING,
    ]
    client.confirm(3)
    assert client.outbox.is_idle


def test_a_write_that_fails_again_is_tried_again(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    client.history.fault = FULL_DISK
    client.confirm(1)
    client.loop.advance(REST)
    client.loop.advance(REST)
    assert client.failures == [FULL_DISK] * 3
    client.history.fault = None
    client.loop.advance(REST)
    assert client.state(order) is OrderState.ACCEPTED


def test_where_nothing_can_be_claimed_it_rests_and_tries_again(client: ClientCore) -> None:
    client.place()
    client.history.fault = FULL_DISK
    client.wake()
    assert client.failures == [FULL_DISK]
    before = client.history.pieces
    client.wake()
    assert client.history.pieces == before
    client.history.fault = None
    client.loop.advance(REST)
    assert len(client.ids()) == 1


def test_another_window_of_the_user_sends_nothing_that_this_one_sends(client: ClientCore) -> None:
    client.place(2)
    client.wake()
    assert client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE)) == []


def test_what_was_not_sent_is_given_to_another_window_at_once(client: ClientCore) -> None:
    client.place(2)
    client.wake()
    client.outbox.release()
    assert len(client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE))) == 2


def test_while_confirms_are_slow_its_messages_stay_its_own(client: ClientCore, monkeypatch: pytest.MonkeyPatch) -> None:
    client.place()
    client.wake()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LEASE - 1)
    client.outbox.hold()
    monkeypatch.setattr(time, "time", lambda: now + 2 * LEASE - 2)
    assert client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE)) == []
    monkeypatch.setattr(time, "time", lambda: now + 3 * LEASE)
    assert len(client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE))) == 1


def test_nothing_is_held_where_nothing_is_under_way(client: ClientCore) -> None:
    before = client.history.pieces
    client.outbox.hold()
    assert client.history.pieces == before


def test_after_its_end_nothing_more_leaves_and_what_left_is_still_confirmed(client: ClientCore) -> None:
    first, second = client.place(2)
    client.history.held = True
    client.outbox.wake()
    client.outbox.end()
    client.history.work_on()
    client.loop.go_on()
    assert client.ids() == []
    client.wake()
    assert client.ids() == []
    assert {client.state(first), client.state(second)} == {OrderState.WAITING}


def test_a_confirm_after_its_end_is_written_down(client: ClientCore) -> None:
    (order,) = client.place()
    client.wake()
    client.outbox.end()
    assert not client.outbox.is_idle
    client.confirm(1)
    assert client.outbox.is_idle
    assert client.state(order) is OrderState.ACCEPTED


def test_it_tells_when_messages_have_left_and_when_their_fate_is_on_disk(client: ClientCore) -> None:
    client.wake()
    assert client.moves == 0
    client.place()
    client.wake()
    assert client.moves == 1
    client.confirm(1)
    assert client.moves == 2


def test_windows_are_told_of_an_order_whose_fate_is_written_down(client: ClientCore) -> None:
    states: list[OrderState] = []

    class Watcher:
        def orders_changed(self, orders: list[Any]) -> None:
            states.extend(order.state for order in orders)

        def notices_arrived(self, notices: list[Any]) -> None:
            raise AssertionError(notices)

    client.place()
    client.wake()
    client.history.poll()
    client.history.subscribe(cast("Any", Watcher()))
    client.confirm(1)
    assert states == [OrderState.ACCEPTED]


def test_what_is_sent_and_what_came_of_it_is_counted(client: ClientCore) -> None:
    client.place(2)
    client.wake()
    client.confirm(1)
    client.channel.send_back(2)
    client.confirm(2)
    counts = client.metrics.snapshot().counts
    assert (counts[Count.SENT], counts[Count.ACCEPTED], counts[Count.RETURNED]) == (2, 1, 1)


def test_one_rest_after_several_refusals(client: ClientCore) -> None:
    client.place(3)
    client.wake()
    for tag in (1, 2, 3):
        client.channel.refuse(tag)
    client.loop.advance(outbox.REST)
    assert len(client.ids()) == 6


def test_a_placed_order_leaves_without_a_second_write(client: ClientCore) -> None:
    before = client.history.pieces
    (order,) = client.place_and_send()
    client.loop.go_on()
    assert client.ids() == [order.order_id]
    assert client.history.pieces == before, "the history was asked for nothing more"


def test_a_placed_order_belongs_to_its_window_from_its_commit_on(client: ClientCore) -> None:
    client.place_and_send()
    assert client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE)) == []
    client.loop.go_on()
    client.wake()
    assert len(client.ids()) == 1


def test_an_order_placed_by_a_window_that_was_killed_is_sent_by_another_after_the_lease(
    client: ClientCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order,) = client.place_and_send()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LEASE - 1)
    assert client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE)) == []
    monkeypatch.setattr(time, "time", lambda: now + LEASE + 1)
    (owed,) = client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE))
    assert owed.identity == order.identity


@pytest.mark.parametrize("number", [1, 2, WINDOW, WINDOW + 1, 3 * WINDOW])
def test_orders_placed_behind_others_that_wait_leave_after_them(client: ClientCore, number: int) -> None:
    client.disconnect()
    first = client.place(2)
    client.connect()
    then = client.place_and_send(number)
    client.loop.go_on()
    for tag in range(1, number + 3):
        client.confirm(tag)
    assert client.ids() == [order.order_id for order in [*first, *then]]


def test_orders_placed_without_a_connection_wait_unclaimed(client: ClientCore) -> None:
    client.disconnect()
    client.place_and_send(2)
    client.loop.go_on()
    assert len(client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE))) == 2


def test_orders_placed_while_it_rests_wait_for_the_end_of_the_rest(client: ClientCore) -> None:
    client.place_and_send()
    client.loop.go_on()
    client.channel.refuse(1)
    client.loop.go_on()
    client.place_and_send()
    client.loop.go_on()
    assert len(client.ids()) == 1
    client.loop.advance(REST)
    assert len(client.ids()) == 3


def test_an_order_placed_after_its_end_is_left_to_other_windows(client: ClientCore) -> None:
    client.outbox.end()
    client.place_and_send()
    client.loop.go_on()
    assert client.ids() == []
    assert len(client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE))) == 1


def test_an_order_claimed_as_the_loop_ends_is_given_back(client: ClientCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.loop, "post", lambda _work: False)
    client.place_and_send()
    assert len(client.history.peek(lambda store: store.outbox.claim("another", 10, LEASE))) == 1


def test_an_order_counts_as_placed_before_it_counts_as_sent(client: ClientCore) -> None:
    client.place_and_send()
    counts = client.metrics.snapshot().counts
    assert (counts[Count.PLACED], counts[Count.SENT]) == (1, 0)
    client.loop.go_on()
    assert client.metrics.snapshot().counts[Count.SENT] == 1
