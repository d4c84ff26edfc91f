"""Our own encoding of a message's properties is pika's, byte for byte."""

import pika
from hypothesis import given
from hypothesis import strategies as st

from messaging.broker.frames.properties import QuickProperties
from messaging.broker.publisher import Outgoing, properties_of
from messaging.contract.codec import MessageType

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


LONG = "\N{PILE OF POO}" * 64  # 256 bytes


@given(
    st.builds(
        Outgoing,
        exchange=st.just(""),
        key=st.just(""),
        body=st.just(b""),
        type=st.text() | st.just(LONG),
        message_id=st.text() | st.just(LONG),
        correlation_id=st.text() | st.just("x" * 256),
        headers=st.dictionaries(st.text() | st.just(LONG), st.text() | st.integers(-(2**64), 2**64), max_size=4),
    )
)
def test_whatever_another_program_once_sent_can_be_sent_on(message: Outgoing) -> None:
    sent = pika.BasicProperties().decode(b"".join(properties_of(message).encode()))
    assert (sent.message_id or "") in message.message_id.encode("utf-8", "replace").decode()
    assert set(sent.headers or {}) <= {*message.headers, "order-desk-version"}


def test_of_an_id_that_amqp_cannot_carry_the_beginning_is_sent() -> None:
    assert properties_of(Outgoing("", "", b"", "", message_id=LONG)).message_id == LONG[:63]
    assert properties_of(Outgoing("", "", b"", "", message_id="x" * 300)).message_id == "x" * 255
