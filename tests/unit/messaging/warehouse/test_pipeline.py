"""The way of an order through the warehouse: when it is decided, published and acknowledged, whatever breaks."""

from collections.abc import Sequence
from pathlib import Path

from messaging.contract import codec, topology
from messaging.contract.codec import MessageType
from messaging.domain.orders import OrderStatus
from messaging.telemetry.metrics import Count
from messaging.warehouse.pipeline import MOST_OPEN
from tests.helpers.books import an_order
from tests.helpers.warehouse_core import AWAY, MOST, WarehouseCore


def wide(core: WarehouseCore) -> None:
    """Past its careful beginning."""
    core.deliver(an_order())
    core.confirm(1)
    assert core.orders.acked == [1]
    assert core.pipeline.consumer.limit == MOST * MOST_OPEN


def test_an_order_is_acknowledged_only_after_its_notice_is_confirmed(core: WarehouseCore) -> None:
    order = an_order()
    core.deliver(order)
    assert core.identities() == [order.identity]
    assert core.orders.acked == []
    core.confirm(1)
    assert core.orders.acked == [1]


def test_an_order_is_told_as_decided_only_once_it_is_in_the_books(core: WarehouseCore) -> None:
    core.books.held = True
    core.deliver(an_order())
    assert (core.decided, core.sent(), core.orders.acked) == ([], [], [])
    core.books.work_on()
    core.go_on()
    ((decided, seconds),) = core.decided
    assert decided.status is OrderStatus.PROCESSED
    assert seconds >= 0
    assert len(core.sent()) == 1


def test_what_comes_while_a_transaction_runs_is_decided_together_in_the_next(core: WarehouseCore) -> None:
    wide(core)
    core.books.held = True
    orders = [an_order() for _ in range(3)]
    core.deliver(*orders)
    pieces = core.books.pieces
    core.books.work_on()
    core.go_on()
    assert core.books.pieces == pieces + 1
    core.books.work_on()
    core.go_on()
    assert core.identities()[1:] == [order.identity for order in orders]
    assert len(core.decided) == 4


def test_a_transaction_takes_no_more_messages_than_it_may(core: WarehouseCore) -> None:
    wide(core)
    core.books.held = True
    core.deliver(*(an_order() for _ in range(MOST + 2)))
    counts = []
    while len(core.decided) < MOST + 3:
        before = len(core.decided)
        core.books.work_on()
        core.go_on()
        counts.append(len(core.decided) - before)
    assert counts == [1, MOST, 1]


def test_an_order_behind_another_is_not_acknowledged_before_it(core: WarehouseCore) -> None:
    wide(core)
    core.deliver(an_order())
    core.deliver(an_order())
    core.confirm(3)
    assert core.orders.acked == [1]
    core.confirm(2)
    assert core.orders.acked == [1, 2, 3]


def test_a_batch_is_acknowledged_when_its_last_notice_is_confirmed(core: WarehouseCore) -> None:
    wide(core)
    core.books.held = True
    core.deliver(an_order(), an_order(), an_order())
    core.books.work_on()
    core.go_on()
    core.books.work_on()
    core.go_on()
    core.confirm(2)
    core.confirm(4)
    assert core.orders.acked == [1, 2]
    core.confirm(3)
    assert core.orders.acked == [1, 2, 3, 4]


def test_no_more_batches_are_begun_than_may_be_unconfirmed(core: WarehouseCore) -> None:
    wide(core)
    for _ in range(MOST_OPEN + 1):
        core.deliver(an_order())
    assert len(core.decided) == 1 + MOST_OPEN
    core.confirm(2)
    assert len(core.decided) == 2 + MOST_OPEN


def test_a_refused_order_goes_to_the_dead_letters_after_its_notice_is_confirmed(core: WarehouseCore) -> None:
    core.deliver(an_order(("unicorn", 1)))
    assert (core.orders.acked, core.orders.nacked) == ([], [])
    core.confirm(1)
    assert (core.orders.acked, core.orders.nacked) == ([], [(1, False)])
    assert core.sent()[0].status is OrderStatus.REJECTED


def test_among_others_only_the_refused_order_is_refused(core: WarehouseCore) -> None:
    wide(core)
    core.books.held = True
    core.deliver(an_order(), an_order(), an_order(("unicorn", 1)), an_order(), an_order(("unicorn", 1)))
    for _ in range(2):
        core.books.work_on()
        core.go_on()
    core.confirm(2, 3, 4, 5, 6)
    assert sorted(core.orders.nacked) == [(4, False), (6, False)]
    assert sorted(core.orders.acked) == [1, 2, 3, 5]


def test_what_cannot_be_read_is_kept_and_refused_and_holds_nobody_up(core: WarehouseCore) -> None:
    core.orders.deliver(b"not json", topology.NEW_ORDERS_QUEUE.name)
    core.go_on()
    assert core.orders.nacked == [(1, False)]
    (kept,) = core.books.peek(lambda store: store.set_aside.page())
    assert kept.body == b"not json"


def test_the_same_order_again_takes_no_more_stock_and_its_user_is_told_again(core: WarehouseCore) -> None:
    order = an_order(("laptop", 2))
    core.deliver(order)
    core.deliver(order, redelivered=True)
    core.confirm(1, 2)
    assert core.identities() == [order.identity, order.identity]
    assert core.orders.acked == [1, 2]
    (level,) = core.books.peek(lambda store: store.stock.levels(["laptop"]))
    assert level.reserved == 2
    assert [decided.repeated for decided, _ in core.decided] == [False, True]


def test_where_the_database_cannot_be_used_nothing_is_acknowledged_and_nothing_refused(core: WarehouseCore) -> None:
    core.books.fault = AWAY
    core.deliver(an_order())
    assert (core.orders.acked, core.orders.nacked, core.sent()) == ([], [], [])
    assert core.times_lost == 1
    core.pipeline.give_back()
    assert not core.orders.is_open
    assert core.pipeline.is_idle


def test_orders_are_taken_again_after_the_database_came_back(core: WarehouseCore) -> None:
    core.books.fault = AWAY
    order = an_order()
    core.deliver(order)
    core.pipeline.give_back()
    core.books.fault = None
    core.loop.advance(1.0)
    assert core.health.is_usable
    core.open_orders()
    core.deliver(order, redelivered=True)
    core.confirm(1)
    assert core.orders.acked == [1]


def test_a_trial_of_the_database_ends_with_the_first_order_that_is_decided(core: WarehouseCore) -> None:
    core.books.fault = AWAY
    core.deliver(an_order())
    core.pipeline.give_back()
    core.books.fault = None
    core.loop.advance(1.0)
    core.open_orders()
    core.deliver(an_order())
    core.books.fault = AWAY
    core.deliver(an_order())
    assert core.times_lost == 2
    core.books.fault = None
    core.loop.advance(1.0)  # and not two: the trial before had ended well
    assert core.health.is_usable


def test_when_the_channel_goes_what_waited_is_forgotten_and_its_tags_are_never_sent(core: WarehouseCore) -> None:
    wide(core)
    core.books.held = True
    core.deliver(an_order(), an_order())
    core.orders.break_off()
    core.pipeline.lost()
    newer = core.open_orders()
    core.books.work_on()
    core.go_on()
    assert len(core.decided) == 2  # the one under way; the other comes again
    core.confirm(2)
    assert (newer.acked, newer.nacked) == ([], [])
    assert core.pipeline.is_idle


def test_a_notice_whose_confirm_never_came_is_sent_again_and_then_acknowledged(core: WarehouseCore) -> None:
    order = an_order()
    core.deliver(order)
    core.notices.break_off()
    core.publisher.detach()
    assert core.orders.acked == []
    core.open_notices()
    assert core.identities() == [order.identity]
    core.confirm(1)
    assert core.orders.acked == [1]


def test_while_rabbitmq_is_blocked_an_order_is_acknowledged_once_it_is_on_disk(core: WarehouseCore) -> None:
    core.relay.is_blocked = True
    core.books.held = True
    core.deliver(an_order())
    assert core.orders.acked == []
    core.books.work_on()
    core.go_on()
    assert (core.orders.acked, core.sent()) == ([1], [])
    assert core.owed() == 1


def test_what_waits_for_confirms_is_let_go_when_rabbitmq_blocks(core: WarehouseCore) -> None:
    wide(core)
    core.deliver(an_order())
    core.deliver(an_order())
    core.relay.is_blocked = True
    core.pipeline.let_go()
    assert core.orders.acked == [1, 2, 3]
    core.confirm(2, 3)  # late
    assert core.orders.acked == [1, 2, 3]
    core.deliver(an_order())
    assert core.orders.acked == [1, 2, 3, 4]


def test_the_warehouses_own_messages_are_acknowledged_and_not_decided(core: WarehouseCore) -> None:
    core.orders.deliver(b"{}", topology.NEW_ORDERS_QUEUE.name, app_id="order-desk", type=MessageType.NOTICE.value)
    core.go_on()
    assert core.orders.acked == [1]
    assert (core.decided, core.books.peek(lambda store: store.set_aside.page())) == ([], [])
    assert len(core.failures) == 1


def test_after_its_end_no_further_order_is_begun_and_what_has_begun_is_acknowledged(core: WarehouseCore) -> None:
    wide(core)
    core.books.held = True
    core.deliver(an_order(), an_order())
    core.pipeline.end()
    core.deliver(an_order())
    core.books.work_on()
    core.go_on()
    assert len(core.decided) == 2
    assert not core.pipeline.is_idle
    core.confirm(2)
    assert core.orders.acked == [1, 2]
    assert core.orders.unacked == [3, 4]
    assert core.pipeline.is_idle


def test_it_is_idle_only_when_nothing_waits_is_decided_or_unconfirmed(core: WarehouseCore) -> None:
    assert core.pipeline.is_idle
    core.books.held = True
    core.deliver(an_order())
    assert not core.pipeline.is_idle
    core.books.work_on()
    core.go_on()
    assert not core.pipeline.is_idle
    core.confirm(1)
    assert core.pipeline.is_idle


def test_what_waits_behind_a_full_window_is_not_idle(core: WarehouseCore) -> None:
    wide(core)
    for _ in range(MOST_OPEN + 1):
        core.deliver(an_order())
    core.confirm(*range(2, 2 + MOST_OPEN))
    assert not core.pipeline.is_idle
    core.confirm(2 + MOST_OPEN)
    assert core.pipeline.is_idle


# A message that brings the process down takes no others with it


def redelivered(core: WarehouseCore, number: int) -> Sequence[int]:
    """So many orders that came before, each decided and confirmed."""
    limits = []
    for _ in range(number):
        core.deliver(an_order(), redelivered=True)
        core.confirm(len(core.notices.published))
        limits.append(core.pipeline.consumer.limit)
    return limits


def test_it_begins_with_one_message_and_doubles_while_what_came_before_goes_well(core: WarehouseCore) -> None:
    assert core.orders.prefetch == [1]
    assert redelivered(core, 7) == [2, 2, 4, 4, 4, 4, 8]
    assert core.orders.prefetch == [1, 2, 4, 8]


def test_a_message_that_was_not_delivered_before_ends_the_caution(core: WarehouseCore) -> None:
    redelivered(core, 1)
    core.deliver(an_order())
    core.confirm(2)
    assert core.orders.prefetch == [1, 2, MOST * MOST_OPEN]


def test_it_is_not_widened_before_the_message_is_acknowledged(core: WarehouseCore) -> None:
    core.deliver(an_order())
    assert core.orders.prefetch == [1]


def test_the_caution_begins_again_on_each_channel(core: WarehouseCore) -> None:
    redelivered(core, 2)
    core.orders.break_off()
    core.pipeline.lost()
    core.open_orders()
    assert redelivered(core, 3) == [2, 2, 4]


def test_what_goes_well_of_an_older_channel_says_nothing_of_a_newer_one(core: WarehouseCore) -> None:
    core.deliver(an_order())
    core.orders.break_off()
    core.pipeline.lost()
    core.open_orders()
    core.confirm(1)
    assert core.orders.prefetch == [1]
    assert core.pipeline.consumer.limit == 1


# What is counted, and whom RabbitMQ vouches for


def test_every_order_is_counted_as_received_and_every_repeat_as_such(core: WarehouseCore) -> None:
    order = an_order()
    core.deliver(order)
    core.deliver(order, redelivered=True)
    core.confirm(1, 2)
    counts = core.metrics.snapshot().counts
    assert (counts[Count.RECEIVED], counts[Count.REDELIVERED], counts[Count.REPEATED]) == (2, 1, 1)
    assert (counts[Count.PROCESSED], counts[Count.PUBLISHED]) == (1, 2)


def test_where_senders_must_be_vouched_for_an_order_of_nobody_is_set_aside(tmp_path: Path) -> None:
    core = WarehouseCore(tmp_path, validated_only=True)
    order = an_order()
    core.orders.deliver(codec.encode(order), topology.NEW_ORDERS_QUEUE.name)
    core.go_on()
    core.confirm(*range(1, 1 + len(core.notices.published)))
    assert core.orders.nacked == [(1, False)]
    core.deliver(order, user_id=str(order.user_id))
    core.confirm(len(core.notices.published))
    assert core.orders.acked == [2]
    core.close()
