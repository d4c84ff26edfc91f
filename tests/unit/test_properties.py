"""Our own encoding of a message's properties is pika's, byte for byte."""

import pika
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika.exceptions import ShortStringTooLong

from messaging.broker.properties import QuickProperties
from messaging.broker.publisher import Outgoing, properties_of
from messaging.wire import MessageType

texts = st.text(st.characters(codec="utf-8"), max_size=60)
outgoing = st.builds(
    Outgoing,
    exchange=st.just(""),
    key=st.just(""),
    body=st.just(b""),
    type=st.sampled_from(MessageType),
    message_id=texts,
    correlation_id=texts,
    headers=st.dictionaries(texts, texts | st.integers(-(2**63), 2**63 - 1), max_size=4),
    expiration=st.none() | st.integers(1, 10_000),
    reply_to=st.none() | texts,
    timestamp=st.none() | st.integers(0, 2**40),
    sender=st.just("") | texts,
)


@given(outgoing)
def test_the_bytes_are_those_that_pika_writes(message: Outgoing) -> None:
    properties = properties_of(message, login=message.sender)
    assert isinstance(properties, QuickProperties)
    assert b"".join(properties.encode()) == b"".join(pika.BasicProperties.encode(properties))


def test_rabbitmq_is_asked_to_vouch_only_for_the_one_who_is_logged_in() -> None:
    message = Outgoing("", "", b"", MessageType.ORDER, message_id="1", sender="alice")
    assert properties_of(message, login="alice").user_id == "alice"
    assert properties_of(message, login="operator").user_id is None


def test_an_id_that_amqp_cannot_carry_is_refused_before_it_leaves() -> None:
    message = Outgoing("", "", b"", MessageType.ORDER, message_id="x" * 256)
    with pytest.raises(ShortStringTooLong):
        properties_of(message).encode()
