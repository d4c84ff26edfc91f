"""From the events table to RabbitMQ: an event is owed until it is confirmed, and then marked as published."""

import pytest

from messaging.contract.codec import read_inventory
from messaging.domain.stock import StockLevel
from messaging.errors import TooLarge
from messaging.telemetry import tracing
from messaging.telemetry.metrics import Timing
from messaging.warehouse import relay
from messaging.warehouse.relay import event_message, stock_messages
from messaging.warehouse.store.books_identity import BooksIdentity
from tests.helpers.books import an_order, decide
from tests.helpers.warehouse_core import AWAY, WarehouseCore
from tests.unit.messaging.broker.test_publisher import too_large_for


def write(core: WarehouseCore, number: int = 1) -> list[str]:
    """Events that somebody wrote into the books; the identities of their orders."""
    orders = [an_order() for _ in range(number)]
    core.books.peek(lambda store: decide(store, *orders))
    return [order.identity for order in orders]


def sweep(core: WarehouseCore) -> None:
    core.relay.poll()
    core.loop.go_on()


def test_all_that_the_books_owe_is_published_in_order_when_rabbitmq_is_there(core: WarehouseCore) -> None:
    written = write(core, 3)
    assert core.sent() == []
    core.open_notices()
    assert core.identities() == written


def test_an_event_is_marked_as_published_only_after_its_confirm(core: WarehouseCore) -> None:
    write(core, 2)
    sweep(core)
    core.loop.advance(10)
    assert core.owed() == 2
    core.confirm(2)
    core.loop.advance(relay.MARK)
    (owed,) = core.books.peek(lambda store: store.events.unpublished(10))
    assert owed.notice.identity == core.identities()[0]
    core.confirm(1)
    core.loop.advance(relay.MARK)
    assert core.owed() == 0


def test_confirmed_events_gather_and_are_marked_in_one_transaction(core: WarehouseCore) -> None:
    write(core, 3)
    sweep(core)
    pieces = core.books.pieces
    core.confirm(1, 2)
    core.loop.advance(relay.MARK / 2)
    core.confirm(3)
    assert core.books.pieces == pieces
    core.loop.advance(relay.MARK)
    assert (core.books.pieces, core.owed()) == (pieces + 1, 0)


def test_an_event_is_under_way_until_it_is_marked(core: WarehouseCore) -> None:
    write(core)
    (event,) = core.books.peek(lambda store: store.events.unpublished(10))
    assert not core.relay.is_publishing(event.seq)
    sweep(core)
    assert core.relay.is_publishing(event.seq)
    core.confirm(1)
    assert core.relay.is_publishing(event.seq)
    core.loop.advance(relay.MARK)
    assert not core.relay.is_publishing(event.seq)


def test_what_is_under_way_is_not_published_twice(core: WarehouseCore) -> None:
    write(core)
    sweep(core)
    sweep(core)
    core.relay.publish_left_behind([1])
    core.loop.go_on()
    core.confirm(1)
    sweep(core)
    assert len(core.sent()) == 1


def test_an_event_whose_confirm_never_came_is_published_again_with_the_same_id(core: WarehouseCore) -> None:
    write(core, 2)
    sweep(core)
    before = [notice.event_id for notice in core.sent()]
    core.confirm(1)
    core.notices.break_off()
    core.publisher.detach()
    core.open_notices()
    assert [notice.event_id for notice in core.sent()] == before[1:]
    assert [one.properties.message_id for one in core.notices.published] == before[1:]
    core.confirm(1)
    core.loop.advance(relay.MARK)
    assert core.owed() == 0


def test_that_nobody_listens_to_a_notice_is_legal(core: WarehouseCore) -> None:
    write(core)
    sweep(core)
    core.notices.send_back(1)
    core.confirm(1)
    core.loop.advance(relay.MARK)
    assert (core.owed(), core.failures) == (0, [])


def test_what_rabbitmq_refuses_is_published_again_a_second_later(core: WarehouseCore) -> None:
    write(core)
    sweep(core)
    core.notices.refuse(1)
    core.loop.advance(0.9)
    assert len(core.sent()) == 1
    core.loop.advance(0.1)
    assert len(core.sent()) == 2
    core.confirm(2)
    core.loop.advance(relay.MARK)
    assert core.owed() == 0


def test_without_a_connection_or_while_it_is_blocked_the_books_are_not_asked(core: WarehouseCore) -> None:
    write(core)
    pieces = core.books.pieces
    core.relay.is_blocked = True
    sweep(core)
    core.relay.publish_left_behind([1])
    core.relay.is_blocked = False
    core.publisher.detach()
    sweep(core)
    core.relay.publish_left_behind([1])
    assert core.books.pieces == pieces
    core.open_notices()
    assert len(core.sent()) == 1


def test_one_question_for_what_is_owed_at_a_time(core: WarehouseCore) -> None:
    write(core)
    core.books.held = True
    pieces = core.books.pieces
    core.relay.poll()
    core.relay.poll()
    assert core.books.pieces == pieces + 1
    core.books.work_on()
    core.loop.go_on()
    core.relay.poll()
    assert core.books.pieces == pieces + 2


def test_more_than_a_page_is_published_page_by_page(core: WarehouseCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "PAGE", 2)
    written = write(core, 5)
    sweep(core)
    assert core.identities() == written[:2]
    core.confirm(1, 2)
    core.loop.advance(relay.MARK)
    assert core.identities() == written[:4]
    core.confirm(3, 4)
    core.loop.advance(relay.MARK)
    core.confirm(5)
    core.loop.advance(relay.MARK)
    assert (core.identities(), core.owed()) == (written, 0)
    pieces = core.books.pieces
    core.loop.advance(10)
    assert core.books.pieces == pieces


def test_books_that_cannot_be_read_are_told_and_asked_again_at_the_next_sweep(core: WarehouseCore) -> None:
    written = write(core)
    core.books.fault = AWAY
    sweep(core)
    assert (core.failures, core.sent()) == ([AWAY], [])
    core.books.fault = None
    sweep(core)
    assert core.identities() == written


def test_events_that_cannot_be_marked_are_marked_a_second_later_and_not_published_again(core: WarehouseCore) -> None:
    write(core)
    sweep(core)
    core.books.fault = AWAY
    core.confirm(1)
    core.loop.advance(relay.MARK)
    assert core.failures == [AWAY]
    core.books.fault = None
    sweep(core)
    core.loop.advance(1.0)
    assert (core.owed(), len(core.sent())) == (0, 1)


def test_at_the_end_what_was_confirmed_is_marked(core: WarehouseCore) -> None:
    write(core, 2)
    sweep(core)
    core.confirm(1)
    core.relay.finish()
    assert core.owed() == 1


def test_only_events_that_were_left_behind_are_published_when_asked_for_them(core: WarehouseCore) -> None:
    written = write(core, 3)
    core.relay.publish_left_behind([2])
    core.loop.go_on()
    assert core.identities() == written[1:2]
    pieces = core.books.pieces
    core.relay.publish_left_behind([])
    assert core.books.pieces == pieces
    core.books.fault = AWAY
    core.relay.publish_left_behind([1])
    core.loop.go_on()
    assert core.failures == [AWAY]


def test_a_notice_goes_to_its_user_under_its_own_id_and_in_its_orders_trace(core: WarehouseCore) -> None:
    (identity,) = write(core)
    core.relay.books = BooksIdentity("these-books")
    sweep(core)
    ((sent,), (notice,)) = core.notices.published, core.sent()
    assert (sent.exchange, sent.key) == ("notification_exchange", f"client.{notice.user_id}.order.{notice.order_id}")
    assert (sent.properties.message_id, sent.properties.correlation_id) == (notice.event_id, identity)
    assert tracing.trace_id_of(identity) in sent.properties.headers[tracing.HEADER]
    assert notice.books == "these-books"


def test_a_notice_that_is_too_large_for_rabbitmq_is_sent_in_a_shorter_form_and_that_is_told(
    core: WarehouseCore,
) -> None:
    order = an_order(*((f"product {n}", n + 1) for n in range(60)))
    core.books.peek(lambda store: decide(store, order))
    sweep(core)
    whole = len(core.notices.published[0].body)
    core.notices.break_off(too_large_for(whole - 1))
    core.publisher.detach()
    core.open_notices()
    (sent,) = core.notices.published
    assert len(sent.body) < whole
    assert isinstance(core.failures[0], TooLarge)
    assert f"is shortened: RabbitMQ takes at most {whole - 1:,} bytes" in str(core.failures[0])
    core.confirm(1)
    core.loop.advance(relay.MARK)
    assert core.owed() == 0


def test_a_notice_that_is_just_as_large_as_rabbitmq_takes_is_sent(core: WarehouseCore) -> None:
    order = an_order(*((f"product {n}", n + 1) for n in range(60)))
    ((event,),) = (one.events for one in core.books.peek(lambda store: decide(store, order)))
    whole = len(event_message(event, core.relay.books).body)
    shorter = len(event_message(event, core.relay.books, whole - 1).body)
    sweep(core)
    core.notices.break_off(too_large_for(shorter))
    core.publisher.detach()
    core.open_notices()
    assert [len(one.body) for one in core.notices.published] == [shorter]
    assert "is shortened" in str(core.failures[0])


def test_each_notice_is_timed_from_the_commit_to_its_confirm(core: WarehouseCore) -> None:
    core.deliver(an_order())
    core.confirm(1)
    assert core.metrics.snapshot().times[Timing.COMMIT_TO_CONFIRMED].count == 1


def test_a_notice_that_rabbitmq_takes_in_no_form_stays_in_the_books_and_nobody_waits_for_it(
    core: WarehouseCore,
) -> None:
    core.notices.break_off(too_large_for(10))
    core.publisher.detach()
    core.open_notices()
    core.deliver(an_order())
    assert core.orders.acked == [1]
    core.loop.advance(10)
    assert (core.sent(), core.owed()) == ([], 1)
    assert "waits: RabbitMQ takes no more than 10 bytes" in str(core.failures[0])


def test_stock_is_told_in_messages_of_which_only_the_first_is_full(core: WarehouseCore) -> None:
    levels = [StockLevel(f"product {n}", 100, n) for n in range(50)]
    books = BooksIdentity("these", replaces="those")
    told = [read_inventory(one.body) for one in stock_messages(levels, True, books, 1000)]
    assert len(told) > 2
    assert [(one.full, one.more) for one in told[:2]] == [(True, True), (False, True)]
    assert (told[-1].full, told[-1].more) == (False, False)
    assert [level.name for one in told for level in one.levels] == [level.name for level in levels]
    assert {(one.books, one.replaces) for one in told} == {("these", "those")}
    (changes,) = stock_messages(levels[:1], False, books)
    assert not read_inventory(changes.body).full


def test_a_withdrawn_product_is_not_told(core: WarehouseCore) -> None:
    core.relay.publish_stock([StockLevel("gone", 1, 1, withdrawn=True), StockLevel("here", 1, 1)], True)
    (sent,) = core.notices.published
    assert [level.name for level in read_inventory(sent.body).levels] == ["here"]
    assert (sent.exchange, sent.properties.type) == ("inventory_exchange", "inventory")
