"""One user's notices: subscribe first, then ask for what was missed; each notice once, acknowledged when on disk."""

from pathlib import Path

from messaging.contract import codec
from messaging.contract.codec import AskEvents, read_question
from messaging.errors import UnreadableMessage
from messaging.history.subscription import ASK_AGAIN, CONFIRM_EVERY, KEEP_AGAIN, POLL, PREFETCH
from messaging.telemetry.metrics import Count
from tests.helpers.history_core import FULL_DISK, USER, ListenerCore, a_notice
from tests.helpers.stores import newest_notices


def caught_up(listener: ListenerCore) -> ListenerCore:
    """Connected, and complete up to event 10 of the books `a`."""
    listener.connect()
    listener.answer(upto=10, books="a")
    if len(listener.asked()) > 1:
        listener.answer(upto=10, books="a")
    listener.complete.clear()
    listener.failures.clear()
    return listener


def test_a_notice_is_acknowledged_only_once_it_is_on_disk(listener: ListenerCore) -> None:
    listener.connect()
    listener.history.held = True
    listener.deliver(a_notice(1))
    assert (listener.kept(), listener.live.acked) == ([], [])
    listener.history.work_on()
    listener.loop.go_on()
    assert (listener.kept(), listener.live.acked) == (["event-1"], [1])


def test_it_listens_to_its_own_users_notices_on_a_queue_of_its_own(listener: ListenerCore) -> None:
    listener.connect()
    assert listener.live.bound == [("amq.gen-1", "notification_exchange", f"client.{USER}.order.#")]
    assert listener.live.prefetch == [PREFETCH]


def test_with_no_user_it_listens_to_everybodys_notices_and_asks_for_them(tmp_path: Path) -> None:
    listener = ListenerCore(tmp_path, None)
    listener.connect()
    assert listener.live.bound == [("amq.gen-1", "notification_exchange", "client.#")]
    (question,) = [read_question(one.body) for one in listener.questions.published]
    assert question == AskEvents(0, None)
    listener.close()


def test_it_asks_for_what_was_missed_only_after_its_queue_is_bound(listener: ListenerCore) -> None:
    listener.connect(live=False)
    listener.subscription.catch_up()
    listener.loop.go_on()
    assert listener.asked() == []
    listener.connect(questions=False)
    assert listener.asked() == [0]


def test_it_asks_nothing_while_there_is_nobody_to_ask(listener: ListenerCore) -> None:
    listener.connect(questions=False)
    assert listener.asked() == []
    listener.connect(live=False)
    listener.subscription.catch_up()
    listener.loop.go_on()
    assert listener.asked() == [0]


def test_what_was_missed_is_kept_in_order_before_the_history_counts_as_complete(listener: ListenerCore) -> None:
    listener.connect()
    listener.history.held = True
    listener.answer(a_notice(1), a_notice(2), upto=2)
    assert listener.caught_up_to() == 0
    listener.history.held = False
    listener.history.work_on()
    listener.loop.go_on()
    assert (listener.kept(), listener.caught_up_to()) == (["event-1", "event-2"], 2)
    assert [events.upto for events in listener.complete] == [2]


def test_the_next_question_asks_from_where_the_last_answer_ended(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.subscription.catch_up()
    listener.loop.go_on()
    assert listener.asked()[-1] == 10


def test_it_asks_on_until_the_warehouse_has_no_more(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.subscription.catch_up()
    listener.loop.go_on()
    before = len(listener.asked())
    listener.answer(a_notice(11, "a"), upto=11, more=True, books="a")
    assert listener.asked()[before:] == [11]
    assert listener.complete == []
    listener.answer(a_notice(12, "a"), upto=12, books="a")
    assert listener.asked()[before:] == [11]
    assert [events.upto for events in listener.complete] == [12]
    assert listener.kept() == ["event-11", "event-12"]


def test_a_notice_that_comes_live_and_by_asking_is_kept_once(listener: ListenerCore) -> None:
    listener.connect()
    listener.deliver(a_notice(1))
    listener.answer(a_notice(1), a_notice(2), upto=2)
    listener.deliver(a_notice(2), redelivered=True)
    assert listener.kept() == ["event-1", "event-2"]
    assert listener.live.acked == [1, 2]


def test_a_live_notice_says_nothing_of_those_before_it(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.deliver(a_notice(15, "a"))
    assert listener.caught_up_to() == 10


def test_notices_that_come_while_one_write_runs_are_written_and_acknowledged_together(
    listener: ListenerCore,
) -> None:
    caught_up(listener)
    listener.history.held = True
    listener.deliver(a_notice(11, "a"))
    before = listener.history.pieces
    listener.deliver(a_notice(12, "a"), a_notice(13, "a"))
    assert listener.history.pieces == before
    listener.history.work_on()
    listener.loop.go_on()
    assert (listener.live.acked, listener.history.pieces) == ([1], before + 1)
    listener.history.work_on()
    listener.loop.go_on()
    assert listener.live.acked == [1, 2, 3]


def test_a_notice_is_held_on_to_while_the_disk_is_full(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.history.fault = FULL_DISK
    listener.deliver(a_notice(11, "a"))
    listener.deliver(a_notice(12, "a"))
    assert (listener.live.acked, listener.failures) == ([], [FULL_DISK])
    listener.history.fault = None
    listener.loop.advance(KEEP_AGAIN)
    assert listener.kept() == ["event-11", "event-12"]
    assert listener.live.acked == [1, 2]


def test_what_cannot_be_read_is_told_and_acknowledged_and_stops_nothing(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.live.deliver(b"not json")
    listener.live.deliver(codec.encode(a_notice(11, "a")), length=70_000)
    listener.loop.go_on()
    assert (listener.live.acked, listener.kept()) == ([1, 2], [])
    assert [type(error) for error in listener.failures] == [UnreadableMessage, UnreadableMessage]
    listener.deliver(a_notice(12, "a"))
    assert (listener.live.acked, listener.kept()) == ([1, 2, 3], ["event-12"])


def test_a_notice_of_an_older_channel_is_kept_and_its_tag_never_sent(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.history.held = True
    listener.deliver(a_notice(11, "a"))
    listener.live.break_off()
    listener.subscription.consumer.detach()
    listener.history.held = False
    listener.connect(questions=False)
    listener.history.work_on()
    listener.loop.go_on()
    assert listener.kept() == ["event-11"]
    assert listener.live.acked == []


def test_how_a_notice_travelled_is_kept_with_it(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.deliver(a_notice(11, "a"), headers={"h": 1}, message_id="m", redelivered=True)
    (kept,) = listener.history.peek(lambda store: newest_notices(store, 10))
    (travelled,) = listener.history.peek(lambda store: [store.notices.headers(kept.row)])
    assert '"routing_key":"client.a.order.b"' in travelled
    assert '"redelivered":true' in travelled
    assert '"message_id":"m"' in travelled
    assert '"headers":{"h":1}' in travelled
    assert not kept.missed


def test_where_nobody_answers_it_asks_again_a_little_later_and_once(listener: ListenerCore) -> None:
    listener.connect()
    listener.questions.send_back(1)
    listener.loop.go_on()
    assert listener.asked() == [0]
    listener.loop.advance(ASK_AGAIN)
    assert listener.asked() == [0, 0]
    listener.answer(upto=0)
    listener.loop.advance(10 * ASK_AGAIN)
    assert listener.asked() == [0, 0]


def test_an_answer_that_cannot_be_read_is_told_and_asked_for_again(listener: ListenerCore) -> None:
    listener.connect()
    listener.answer_with(b"not json")
    assert [type(error) for error in listener.failures] == [UnreadableMessage]
    listener.loop.advance(ASK_AGAIN)
    assert listener.asked() == [0, 0]


def test_an_answer_that_cannot_be_kept_is_asked_for_again(listener: ListenerCore) -> None:
    listener.connect()
    listener.history.fault = FULL_DISK
    listener.answer(a_notice(1), upto=1)
    assert (listener.failures, listener.complete) == ([FULL_DISK], [])
    listener.history.fault = None
    listener.loop.advance(ASK_AGAIN)
    assert listener.asked() == [0, 0]
    listener.answer(a_notice(1), upto=1)
    assert (listener.kept(), listener.caught_up_to()) == (["event-1"], 1)


def test_a_history_that_cannot_be_read_is_asked_again_how_far_it_is(listener: ListenerCore) -> None:
    caught_up(listener)
    before = len(listener.asked())
    listener.history.fault = FULL_DISK
    listener.subscription.catch_up()
    listener.loop.go_on()
    assert (listener.failures, len(listener.asked())) == ([FULL_DISK], before)
    listener.history.fault = None
    listener.loop.advance(ASK_AGAIN)
    assert listener.asked()[before:] == [10]


def test_one_question_at_a_time_and_one_more_where_it_was_wanted_meanwhile(listener: ListenerCore) -> None:
    listener.connect()
    listener.subscription.catch_up()
    listener.subscription.catch_up()
    listener.loop.go_on()
    assert listener.asked() == [0]
    listener.answer(upto=0)
    assert listener.asked() == [0, 0]
    listener.answer(upto=0)
    assert listener.asked() == [0, 0]


def test_it_asks_now_and_then_whether_the_live_notices_were_all(listener: ListenerCore) -> None:
    listener.subscription.start()
    caught_up(listener)
    before = len(listener.asked())
    listener.loop.advance(CONFIRM_EVERY)
    assert listener.asked()[before:] == [10]
    listener.answer(upto=10, books="a")
    listener.loop.advance(CONFIRM_EVERY)
    assert listener.asked()[before:] == [10, 10]


def test_it_looks_now_and_then_what_other_windows_of_the_user_have_written(listener: ListenerCore) -> None:
    listener.subscription.start()
    listener.loop.go_on()
    before = listener.history.pieces
    listener.loop.advance(3 * POLL)
    assert listener.history.pieces == before + 3


# Whose books


def test_notices_of_other_books_are_acknowledged_and_not_kept(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.deliver(a_notice(3, "b"), a_notice(11, "a"))
    assert (listener.kept(), listener.live.acked) == (["event-11"], [1, 2])


def test_about_other_books_the_warehouse_is_asked_and_not_at_every_notice(listener: ListenerCore) -> None:
    caught_up(listener)
    before = len(listener.asked())
    listener.deliver(a_notice(3, "b"))
    listener.deliver(a_notice(4, "b"))
    assert len(listener.asked()) == before + 1


def test_an_answer_of_other_books_is_not_kept_and_is_asked_for_again_later(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.subscription.catch_up()
    listener.loop.go_on()
    before = len(listener.asked())
    listener.answer(a_notice(11, "b"), upto=11, books="b")
    assert (listener.kept(), listener.caught_up_to(), listener.complete) == ([], 10, [])
    assert len(listener.failures) == 1
    assert len(listener.asked()) == before
    listener.loop.advance(ASK_AGAIN)
    assert len(listener.asked()) == before + 1


def test_books_that_took_the_place_of_those_followed_are_asked_from_their_beginning(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.subscription.catch_up()
    listener.loop.go_on()
    before = len(listener.asked())
    listener.answer(a_notice(11, "b"), upto=11, books="b", replaces="a")
    assert listener.asked()[before:] == [0]
    assert listener.kept() == []
    listener.answer(a_notice(11, "b"), upto=11, books="b", replaces="a")
    assert (listener.kept(), listener.caught_up_to()) == (["event-11"], 11)


def test_books_with_fewer_events_than_were_heard_of_are_new_and_asked_for_all_of_them(
    listener: ListenerCore,
) -> None:
    caught_up(listener)
    listener.subscription.catch_up()
    listener.loop.go_on()
    before = len(listener.asked())
    listener.answer(upto=9, books="a")
    assert listener.asked()[before:] == [0]
    listener.answer(a_notice(1, "a", "new-1"), upto=1, books="a")
    assert (listener.kept(), listener.caught_up_to()) == (["new-1"], 1)


def test_books_with_as_many_events_as_were_heard_of_are_the_same(listener: ListenerCore) -> None:
    caught_up(listener)
    listener.subscription.catch_up()
    listener.loop.go_on()
    before = len(listener.asked())
    listener.answer(upto=10, books="a")
    assert len(listener.asked()) == before
    assert [events.upto for events in listener.complete] == [10]


def test_live_notices_and_those_missed_are_counted(listener: ListenerCore) -> None:
    listener.connect()
    listener.answer(a_notice(1, "a"), upto=1, books="a")
    while listener.caught_up_to() == 0:
        listener.answer(a_notice(1, "a"), upto=1, books="a")
    listener.deliver(a_notice(2, "a"), a_notice(3, "a"))
    counts = listener.metrics.snapshot().counts
    assert (counts[Count.HEARD], counts[Count.CAUGHT_UP]) == (2, 1)
