"""The getter over a channel that the test answers: one message each time somebody asks, every caller answered once."""

import pytest

from messaging.broker.delivery import Delivery
from messaging.broker.getter import Getter
from messaging.contract.codec import MAX_BYTES
from tests.helpers.fake_channel import FakeChannel, FakeOwner


class Got:
    """A getter with what it was given and what its callers were answered."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.answers: list[bool] = []
        self.getter = Getter(self.deliveries.append, ("orders", "commands"))

    def attach(self) -> FakeChannel:
        channel = FakeChannel()
        self.getter.attach(FakeOwner(), channel)
        channel.answer()
        return channel

    def get(self) -> None:
        self.getter.get(self.answers.append)


@pytest.fixture
def got() -> Got:
    return Got()


def test_nothing_is_got_that_nobody_asked_for(got: Got) -> None:
    channel = got.attach()
    assert (channel.consumed, channel.asked) == ({}, [])


def test_each_queue_is_asked_in_turn_until_one_has_a_message(got: Got) -> None:
    channel = got.attach()
    got.get()
    assert channel.asked == ["orders"]
    channel.give_nothing()
    assert (channel.asked, got.answers) == (["orders", "commands"], [])
    channel.give(b"wish")
    (delivery,) = got.deliveries
    assert (got.answers, delivery.queue, delivery.body) == ([True], "commands", b"wish")
    got.get()
    assert channel.asked[2:] == ["orders"]
    channel.give_nothing()
    channel.give_nothing()
    assert (got.answers, len(got.deliveries)) == ([True, False], 1)


def test_callers_are_served_one_after_the_other(got: Got) -> None:
    channel = got.attach()
    for _ in range(3):
        got.get()
    assert channel.asked == ["orders"]
    channel.give()
    assert (got.answers, channel.asked) == ([True], ["orders", "orders"])
    channel.give_nothing()
    channel.give_nothing()
    channel.give()
    assert got.answers == [True, False, True]
    assert len(got.deliveries) == 2


def test_what_was_got_is_acknowledged_when_it_is_told_to_and_not_before(got: Got) -> None:
    channel = got.attach()
    got.get()
    channel.give()
    assert channel.unacked == [1]
    assert got.getter.ack(got.deliveries[0].epoch, 1)
    assert channel.acked == [1]


def test_a_delivery_tag_of_an_older_channel_is_never_sent(got: Got) -> None:
    channel = got.attach()
    got.get()
    channel.give()
    got.getter.detach()
    newer = got.attach()
    assert not got.getter.ack(got.deliveries[0].epoch, 1)
    assert not got.getter.refuse(got.deliveries[0])
    assert (newer.acked, newer.nacked) == ([], [])


def test_without_a_connection_a_caller_is_told_at_once_that_there_is_no_message(got: Got) -> None:
    got.get()
    assert got.answers == [False]
    channel = got.attach()
    channel.break_off()
    got.get()
    assert (got.answers, channel.asked) == ([False, False], [])


def test_when_the_connection_goes_every_caller_is_answered(got: Got) -> None:
    channel = got.attach()
    got.get()
    got.get()
    channel.break_off()
    got.getter.detach()
    assert got.answers == [False, False]
    got.attach()
    assert got.answers == [False, False]
    assert not got.getter.ack(1, 1)


def test_a_caller_without_a_connection_is_answered_once(got: Got) -> None:
    got.get()
    got.getter.detach()
    got.attach()
    got.get()
    assert got.answers == [False]


def test_after_the_connection_went_it_has_no_channel(got: Got) -> None:
    got.attach()
    got.getter.detach()
    assert not got.getter.is_attached


def test_a_caller_whose_predecessor_was_answered_on_a_closed_channel_waits_for_its_end(got: Got) -> None:
    channel = got.attach()
    got.get()
    got.get()
    channel.is_open = False
    channel.give()
    assert got.answers == [True]
    got.getter.detach()
    assert got.answers == [True, False]


def test_of_a_large_body_no_more_is_kept_than_may_be(got: Got) -> None:
    assert vars(got.attach())["_content_assembler"]._most == MAX_BYTES
