"""The consumer over a channel that the test answers: which tags are sent, and when."""

from typing import Any

import pytest

from messaging.broker.consumer import Consumer
from messaging.broker.delivery import Delivery
from messaging.contract.codec import MAX_BYTES
from messaging.errors import BrokerUnavailable, UnreadableMessage
from messaging.phrases import Words
from tests.helpers.fake_channel import FakeChannel, FakeOwner


class Taken:
    """A consumer with what it was given."""

    def __init__(self, prefetch: int = 8, **options: Any) -> None:
        self.deliveries: list[Delivery] = []
        self.begun = 0
        self.owner = FakeOwner()
        options.setdefault("queues", ("orders",))
        self.consumer = Consumer(self.deliveries.append, prefetch, on_consuming=self._count, **options)

    def attach(self, *, answer: bool = True) -> FakeChannel:
        channel = FakeChannel()
        self.consumer.attach(self.owner, channel)
        if answer:
            channel.answer()
        return channel

    @property
    def last(self) -> Delivery:
        return self.deliveries[-1]

    def _count(self) -> None:
        self.begun += 1


@pytest.fixture
def taken() -> Taken:
    return Taken()


def test_a_delivery_is_given_as_it_came(taken: Taken) -> None:
    channel = taken.attach()
    channel.deliver(b'{"a": 1}', key="a.key", headers={"h": 1}, message_id="m", user_id="alice", redelivered=True)
    one = taken.last
    assert (one.epoch, one.tag, one.queue, one.key, one.body) == (1, 1, "orders", "a.key", b'{"a": 1}')
    assert (one.headers, one.properties) == ({"h": 1}, {"message_id": "m", "user_id": "alice"})
    assert (one.redelivered, one.length) == (True, 8)
    one.check()


def test_a_name_that_is_no_text_is_still_given(taken: Taken) -> None:
    taken.attach().deliver(key=b"caf\xe9")  # type: ignore[arg-type]  # as pika gives it
    assert taken.last.key == "caf\\xe9"


def test_nothing_is_acknowledged_that_was_not_told_to(taken: Taken) -> None:
    channel = taken.attach()
    channel.deliver()
    channel.deliver()
    assert (channel.acked, channel.nacked, channel.unacked) == ([], [], [1, 2])
    assert taken.consumer.ack(1, 2)
    assert (channel.acked, channel.unacked) == ([2], [1])


def test_one_acknowledgement_may_stand_for_all_before_it(taken: Taken) -> None:
    channel = taken.attach()
    for _ in range(3):
        channel.deliver()
    taken.consumer.ack(1, 2, multiple=True)
    assert (channel.acked, channel.unacked) == ([1, 2], [3])


def test_a_delivery_tag_of_an_older_channel_is_never_sent(taken: Taken) -> None:
    taken.attach().deliver()
    old = taken.last
    taken.consumer.detach()
    newer = taken.attach()
    newer.deliver()
    assert not taken.consumer.ack(old.epoch, old.tag)
    assert not taken.consumer.ack(old.epoch, old.tag, multiple=True)
    assert not taken.consumer.refuse(old)
    assert (newer.acked, newer.nacked) == ([], [])
    assert taken.consumer.ack(taken.last.epoch, taken.last.tag)


def test_without_a_channel_no_tag_is_sent(taken: Taken) -> None:
    channel = taken.attach()
    channel.deliver()
    channel.break_off()
    assert not taken.consumer.ack(1, 1)
    assert not taken.consumer.refuse(taken.last)
    taken.consumer.detach()
    assert not taken.consumer.is_consuming
    assert not taken.consumer.ack(1, 1)
    assert not taken.consumer.refuse(taken.last)


def test_what_is_refused_goes_to_the_dead_letters_and_not_back_into_the_queue(taken: Taken) -> None:
    channel = taken.attach()
    for _ in range(3):
        channel.deliver()
    assert taken.consumer.refuse(taken.deliveries[1])
    assert channel.nacked == [(2, False)]
    assert channel.unacked == [1, 3]


def test_what_must_not_be_refused_is_acknowledged(taken: Taken) -> None:
    channel = taken.attach()
    channel.deliver(headers={"x-death": "forged"})
    channel.deliver(fault=Words("Its headers cannot be read."), raw=b"\x01")
    for delivery in taken.deliveries:
        assert not delivery.can_be_refused
        assert taken.consumer.refuse(delivery)
    assert (channel.acked, channel.nacked) == ([1, 2], [])


def test_a_message_whose_headers_cannot_be_read_says_why(taken: Taken) -> None:
    taken.attach().deliver(fault=Words("Its headers cannot be read."), raw=b"\x01\x02")
    assert taken.last.raw_headers == b"\x01\x02"
    with pytest.raises(UnreadableMessage, match=r"Its headers cannot be read\."):
        taken.last.check()


def test_a_message_that_was_cut_is_too_large_to_be_read(taken: Taken) -> None:
    taken.attach().deliver(b"beginning", length=70_000, digest="abc")
    assert (taken.last.length, taken.last.digest) == (70_000, "abc")
    with pytest.raises(UnreadableMessage):
        taken.last.check()


def test_it_consumes_from_each_queue_with_its_prefetch_and_acknowledges_by_itself(taken: Taken) -> None:
    taken = Taken(queues=("orders", "commands"))
    channel = taken.attach()
    assert channel.prefetch == [8]
    assert sorted(channel.consumed.values()) == [("commands", False), ("orders", False)]
    channel.deliver(queue="commands")
    channel.deliver(queue="orders")
    assert [one.queue for one in taken.deliveries] == ["commands", "orders"]
    assert taken.consumer.limit == 8


def test_it_consumes_only_after_the_prefetch_is_set_and_says_so_only_when_rabbitmq_does(taken: Taken) -> None:
    channel = taken.attach(answer=False)
    assert channel.consumed == {}
    assert taken.consumer.is_attached
    assert not taken.consumer.is_consuming
    assert taken.owner.open_starts == [taken.consumer]
    channel.answer()
    assert taken.consumer.is_consuming
    assert (taken.begun, taken.owner.open_starts) == (1, [])


def test_a_connection_does_not_wait_for_a_consumer_whose_channel_went(taken: Taken) -> None:
    channel = taken.attach(answer=False)
    channel.break_off()
    taken.consumer.detach()
    assert (taken.owner.open_starts, taken.begun) == ([], 0)
    assert not taken.consumer.is_attached
    assert not taken.consumer.is_consuming


def test_an_answer_that_comes_while_the_channel_closes_begins_nothing(taken: Taken) -> None:
    channel = taken.attach(answer=False)
    channel.is_open = False
    channel.answer()
    assert not taken.consumer.is_consuming
    other = Taken(queues=(), bindings=(("notices", "k"),))
    channel = other.attach(answer=False)
    channel.is_open = False
    channel.answer()
    assert not other.consumer.is_consuming


def test_with_no_prefetch_a_delivery_is_acknowledged_by_being_sent() -> None:
    taken = Taken(prefetch=0)
    channel = taken.attach()
    assert (channel.prefetch, list(channel.consumed.values())) == ([], [("orders", True)])
    channel.deliver()
    assert (len(taken.deliveries), channel.unacked) == (1, [])


def test_a_listener_consumes_from_a_queue_of_its_own_once_that_is_bound() -> None:
    taken = Taken(queues=(), bindings=(("notices", "client.a.#"), ("inventory", "")))
    channel = taken.attach()
    assert channel.declared == [("", True, True)]
    assert channel.bound == [("amq.gen-1", "notices", "client.a.#"), ("amq.gen-1", "inventory", "")]
    assert list(channel.consumed.values()) == [("amq.gen-1", False)]
    assert taken.consumer.is_consuming


def test_a_listener_whose_channel_closes_before_its_queue_is_there_begins_nothing() -> None:
    for answers in range(1, 4):
        taken = Taken(queues=(), bindings=(("notices", "k"),))
        channel = taken.attach(answer=False)
        channel.answer(answers)
        channel.is_open = False
        if answers < 3:
            channel.answer()
            assert not taken.consumer.is_consuming


def test_a_queue_that_was_deleted_drops_the_connection(taken: Taken) -> None:
    taken.attach().delete_queue()
    (error,) = taken.owner.dropped
    assert isinstance(error, BrokerUnavailable)
    assert "orders" in str(error)
    other = Taken(queues=(), bindings=(("notices", "k"),))
    other.attach().delete_queue()
    assert "of this listener" in str(other.owner.dropped[0])


def test_a_careful_consumer_begins_with_one_message_at_a_time_on_each_channel() -> None:
    taken = Taken(careful=True)
    channel = taken.attach()
    assert (channel.prefetch, taken.consumer.limit) == ([1], 1)
    taken.consumer.widen(4)
    channel.answer()
    assert (channel.prefetch, taken.consumer.limit) == ([1, 4], 4)
    taken.consumer.detach()
    assert taken.attach().prefetch == [1]


def test_a_wider_limit_holds_for_consumers_that_begin_after_it() -> None:
    taken = Taken(careful=True)
    channel = taken.attach()
    taken.consumer.widen(4)
    assert channel.consumed == {}
    channel.answer()
    assert list(channel.consumed) == ["ctag2"]
    taken.consumer.widen(100)
    channel.answer()
    assert (channel.prefetch, list(channel.consumed)) == ([1, 4, 8], ["ctag3"])


def test_it_is_not_widened_where_that_changes_nothing_or_nothing_consumes() -> None:
    taken = Taken(careful=True)
    taken.consumer.widen(4)
    channel = taken.attach(answer=False)
    taken.consumer.widen(4)
    channel.answer()
    assert channel.prefetch == [1]
    taken.consumer.widen(1)
    assert (channel.prefetch, list(channel.consumed)) == ([1], ["ctag1"])
    taken.consumer.widen(8)
    channel.answer()
    taken.consumer.widen(9)
    assert channel.prefetch == [1, 8]
    channel.is_open = False
    taken.consumer.widen(2)
    assert channel.prefetch == [1, 8]


def test_before_it_began_its_limit_is_its_prefetch(taken: Taken) -> None:
    assert taken.consumer.limit == 8


def test_a_consumer_of_an_older_channel_is_not_cancelled_on_a_newer_one() -> None:
    taken = Taken(careful=True)
    taken.attach()
    taken.consumer.detach()
    newer = taken.attach(answer=False)
    taken.consumer.widen(4)
    assert newer.prefetch == [1]
    newer.answer()
    taken.consumer.widen(4)
    newer.answer()
    assert newer.prefetch == [1, 4]


def test_of_a_large_body_no_more_is_kept_than_may_be(taken: Taken) -> None:
    kept = vars(Taken(most_bytes=17).attach())["_content_assembler"]
    assert (kept._most, vars(taken.attach())["_content_assembler"]._most) == (17, MAX_BYTES)


def test_closing_gives_back_what_is_not_acknowledged(taken: Taken) -> None:
    channel = taken.attach()
    channel.deliver()
    taken.consumer.close()
    assert not channel.is_open
    assert (channel.acked, channel.nacked) == ([], [])
    assert not taken.consumer.is_attached
    taken.consumer.close()  # again, without a channel
    other = taken.attach()
    other.break_off()
    taken.consumer.close()
    assert not taken.consumer.is_attached
