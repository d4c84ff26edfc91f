"""The publisher over a channel that the test answers: every message given gets one receipt, and the right one."""

import time

import pika
import pytest
from pika import exceptions

from messaging.broker.publisher import Outgoing, Publisher, Receipt
from tests.helpers.fake_channel import FakeChannel

WINDOW = 3


class Receipts(list[tuple[str, Receipt]]):
    """In the order in which they came, by message id."""

    def of(self, message_id: str) -> list[Receipt]:
        return [receipt for name, receipt in self if name == message_id]


@pytest.fixture
def publisher() -> Publisher:
    return Publisher(WINDOW)


@pytest.fixture
def channel(publisher: Publisher) -> FakeChannel:
    channel = FakeChannel("alice")
    publisher.attach(channel)
    channel.answer()
    return channel


@pytest.fixture
def receipts() -> Receipts:
    return Receipts()


def publish(publisher: Publisher, receipts: Receipts, *ids: str, body: bytes = b"{}", sender: str = "") -> None:
    for name in ids:
        message = Outgoing("an_exchange", "a.key", body, "new_order", name, f"about-{name}", sender=sender)
        publisher.publish(message, lambda receipt, name=name: receipts.append((name, receipt)))  # type: ignore[misc]


def ids(channel: FakeChannel) -> list[str]:
    return [one.properties.message_id for one in channel.published]


def test_a_message_is_persistent_mandatory_and_goes_where_it_is_addressed(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one", body=b'{"a": 1}')
    (sent,) = channel.published
    assert channel.is_confirming
    assert (sent.exchange, sent.key, sent.body, sent.mandatory) == ("an_exchange", "a.key", b'{"a": 1}', True)
    assert sent.properties.delivery_mode == pika.DeliveryMode.Persistent.value
    assert (sent.properties.message_id, sent.properties.correlation_id) == ("one", "about-one")


def test_nothing_is_confirmed_before_rabbitmq_confirms_it(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one", "two")
    assert receipts == []
    assert publisher.unconfirmed == 2
    channel.confirm(1)
    assert receipts == [("one", Receipt.CONFIRMED)]
    assert publisher.unconfirmed == 1


def test_one_confirm_for_several_confirms_those_up_to_it_and_no_further(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one", "two", "three")
    channel.confirm(2, multiple=True)
    assert receipts == [("one", Receipt.CONFIRMED), ("two", Receipt.CONFIRMED)]
    channel.confirm(3)
    assert receipts[2:] == [("three", Receipt.CONFIRMED)]


def test_a_confirm_for_one_says_nothing_of_those_before_it(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one", "two")
    channel.confirm(2)
    assert receipts == [("two", Receipt.CONFIRMED)]


def test_what_was_returned_is_not_taken_for_confirmed(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one", "two")
    channel.send_back(1)
    assert receipts == []
    channel.confirm(2, multiple=True)
    assert receipts == [("one", Receipt.UNROUTABLE), ("two", Receipt.CONFIRMED)]


def test_what_was_returned_once_may_be_confirmed_when_it_is_sent_again(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one")
    channel.send_back(1)
    channel.confirm(1)
    publish(publisher, receipts, "one")
    channel.confirm(2)
    assert receipts.of("one") == [Receipt.UNROUTABLE, Receipt.CONFIRMED]


def test_a_return_of_an_older_channel_says_nothing_of_a_newer_one(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one")
    channel.send_back(1)
    publisher.detach()
    newer = FakeChannel()
    publisher.attach(newer)
    publish(publisher, receipts, "one")
    newer.confirm(1)
    assert receipts.of("one") == [Receipt.LOST, Receipt.CONFIRMED]


def test_what_rabbitmq_does_not_take_responsibility_for_is_refused(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "one", "two", "three")
    channel.refuse(2, multiple=True)
    assert receipts == [("one", Receipt.REFUSED), ("two", Receipt.REFUSED)]


def test_no_more_than_the_window_is_in_flight_and_the_rest_follows_in_order(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "1", "2", "3", "4", "5")
    assert ids(channel) == ["1", "2", "3"]
    channel.confirm(1)
    assert ids(channel) == ["1", "2", "3", "4"]
    channel.confirm(4, multiple=True)
    assert ids(channel) == ["1", "2", "3", "4", "5"]
    channel.confirm(5)
    assert [name for name, _ in receipts] == ["1", "2", "3", "4", "5"]


def test_a_message_given_while_the_channel_opens_leaves_when_it_is_open(
    publisher: Publisher, receipts: Receipts
) -> None:
    first = FakeChannel()
    publisher.attach(first)
    first.is_open = False
    publish(publisher, receipts, "one")
    publisher.attach(newer := FakeChannel())
    assert ids(newer) == ["one"]


def test_what_is_lost_is_not_sent_on_the_next_channel(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "1", "2", "3", "4")
    publisher.detach()
    newer = FakeChannel()
    publisher.attach(newer)
    assert newer.published == []
    assert publisher.room == WINDOW


def test_without_a_connection_a_message_gets_no_second_receipt_later(publisher: Publisher, receipts: Receipts) -> None:
    publish(publisher, receipts, "one")
    newer = FakeChannel()
    publisher.attach(newer)
    publisher.detach()
    assert (newer.published, receipts) == ([], [("one", Receipt.LOST)])


def test_what_is_too_large_gets_no_second_receipt_later(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    channel.break_off(too_large_for(10))
    publisher.detach()
    publisher.attach(FakeChannel())
    publish(publisher, receipts, "large", body=b"x" * 11)
    publisher.detach()
    assert receipts == [("large", Receipt.TOO_LARGE)]


def test_before_the_first_connection_it_is_logged_in_as_nobody(publisher: Publisher) -> None:
    assert publisher.login == ""


def test_a_message_expires_and_is_dated_as_it_says_and_else_now(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    timed = Outgoing("", "", b"", "", "", expiration=5000, timestamp=17)
    publisher.publish(timed, lambda _receipt: None)
    before = int(time.time())
    publish(publisher, receipts, "one")
    first, second = (one.properties for one in channel.published)
    assert (first.expiration, first.timestamp, first.type, first.correlation_id) == ("5000", 17, None, None)
    assert (second.expiration, second.type) == (None, "new_order")
    assert before <= second.timestamp <= time.time()


def test_room_is_what_may_be_given_before_it_waits(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    assert publisher.room == WINDOW
    publish(publisher, receipts, "1", "2")
    assert publisher.room == WINDOW - 2
    publish(publisher, receipts, "3", "4")
    assert publisher.room == 0
    channel.confirm(4 - 1, multiple=True)
    assert publisher.room == WINDOW - 1


def test_without_a_connection_there_is_no_room_and_what_is_given_is_lost(
    publisher: Publisher, receipts: Receipts
) -> None:
    assert (publisher.room, publisher.is_ready, publisher.unconfirmed) == (0, False, 0)
    publish(publisher, receipts, "one")
    assert receipts == [("one", Receipt.LOST)]


def test_when_the_connection_goes_all_in_flight_and_waiting_is_lost_each_once(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "1", "2", "3", "4")
    channel.confirm(1)
    channel.break_off()
    publisher.detach()
    assert receipts == [
        ("1", Receipt.CONFIRMED),
        ("2", Receipt.LOST),
        ("3", Receipt.LOST),
        ("4", Receipt.LOST),
    ]
    assert (publisher.room, publisher.is_ready, publisher.unconfirmed) == (0, False, 0)


def test_between_the_end_of_a_channel_and_its_notice_nothing_is_sent_on_it(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    channel.break_off()
    publish(publisher, receipts, "one")
    assert (channel.published, receipts) == ([], [])
    publisher.detach()
    assert receipts == [("one", Receipt.LOST)]


def test_a_confirm_of_a_newer_channel_is_for_its_own_messages(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "old", "older")
    publisher.detach()
    receipts.clear()
    newer = FakeChannel("alice")
    publisher.attach(newer)
    publish(publisher, receipts, "new")
    newer.confirm(1)
    assert receipts == [("new", Receipt.CONFIRMED)]


def test_a_receipt_may_give_the_next_message(publisher: Publisher, channel: FakeChannel, receipts: Receipts) -> None:
    message = Outgoing("", "", b"", "new_order", "first")
    publisher.publish(message, lambda _receipt: publish(publisher, receipts, "second"))
    channel.confirm(1)
    channel.confirm(2)
    assert receipts == [("second", Receipt.CONFIRMED)]


def too_large_for(limit: int) -> Exception:
    text = f"PRECONDITION_FAILED - message size 70000 is larger than configured max size {limit}"
    return exceptions.ChannelClosedByBroker(406, text)


def test_what_rabbitmq_closed_the_channel_over_is_too_large_and_its_neighbours_are_lost(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "large", body=b"x" * 101)
    publish(publisher, receipts, "small", body=b"x" * 100)
    channel.break_off(too_large_for(100))
    publisher.detach()
    assert receipts == [("large", Receipt.TOO_LARGE), ("small", Receipt.LOST)]


def test_what_is_larger_than_rabbitmq_takes_is_not_sent_again(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    channel.break_off(too_large_for(100))
    publisher.detach()
    newer = FakeChannel()
    publisher.attach(newer)
    publish(publisher, receipts, "large", body=b"x" * 101)
    assert (newer.published, receipts) == ([], [("large", Receipt.TOO_LARGE)])
    publish(publisher, receipts, "small", body=b"x" * 100)
    assert ids(newer) == ["small"]
    assert (publisher.most_bytes(500), publisher.most_bytes(50)) == (100, 50)


def test_rabbitmqs_limit_is_forgotten_when_the_connection_goes_for_another_reason(
    publisher: Publisher, channel: FakeChannel
) -> None:
    assert publisher.most_bytes(500) == 500
    channel.break_off(too_large_for(100))
    publisher.detach()
    newer = FakeChannel()
    publisher.attach(newer)
    assert publisher.most_bytes(500) == 100
    newer.break_off()
    assert publisher.most_bytes(500) == 500


def test_rabbitmq_vouches_for_the_sender_as_whom_the_connection_is_logged_in(
    publisher: Publisher, channel: FakeChannel, receipts: Receipts
) -> None:
    publish(publisher, receipts, "mine", sender="alice")
    publish(publisher, receipts, "of another", sender="bob")
    publish(publisher, receipts, "of nobody")
    assert [one.properties.user_id for one in channel.published] == ["alice", None, None]
    assert publisher.login == "alice"
