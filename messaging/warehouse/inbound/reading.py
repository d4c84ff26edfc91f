"""Reads what came from a queue, before the database is asked: an order, a command, or a reason to refuse it."""

from collections.abc import Mapping

from msgspec import Struct

from messaging.contract import codec, topology
from messaging.domain.orders import Order
from messaging.errors import UnreadableMessage
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.warehouse.inbound.x_death import was_dead
from messaging.warehouse.records import REPLAY_HEADER, SENDER_HEADER, Incoming


class InboundMessage(Struct):
    """An Incoming as read. `dead`: RabbitMQ dead-lettered it before, as far as can be known. `replay`: says it is
    number N set aside."""

    incoming: Incoming
    content: Order | codec.Command | None = None
    reason: Words = NO_WORDS
    dead: bool = False
    replay: int | None = None


def read(incoming: Incoming) -> InboundMessage:
    """Never raises: what cannot be read has no content and a reason."""
    mark = incoming.headers.get(REPLAY_HEADER) if incoming.headers else None
    replay = mark if type(mark) is int else None
    dead = was_dead(incoming.headers) or bool(incoming.fault)
    try:
        return InboundMessage(incoming, _content(incoming), NO_WORDS, dead, replay)
    except UnreadableMessage as error:
        return InboundMessage(incoming, None, error.words, dead, replay)


def _content(incoming: Incoming) -> Order | codec.Command:
    if incoming.fault:
        raise UnreadableMessage(incoming.fault)
    if incoming.is_cut:
        raise codec.too_large(incoming.length, len(incoming.body))
    codec.check_version(incoming.headers)
    commands = incoming.queue == topology.COMMANDS_QUEUE.name
    _check_type(incoming.properties, (codec.MessageType.COMMAND if commands else codec.MessageType.ORDER).value)
    content = codec.read_command(incoming.body) if commands else codec.read_order(incoming.body)
    _check_sender(incoming, content.user_id)
    return content


def _check_type(properties: Mapping[str, object], wanted: str) -> None:
    """Programs written to the seed set no type."""
    found = properties.get("type")
    if found and found != wanted:
        raise UnreadableMessage(phrase("reading.a_message_of_type_does_not", found=found, wanted=wanted))


def _check_sender(incoming: Incoming, user_id: str | int) -> None:
    """RabbitMQ vouches for the property; without accounts there is none. A message sent again has the property
    of whoever sends it again, and its first sender in a header."""
    for sender in (incoming.properties.get("user_id"), incoming.headers.get(SENDER_HEADER)):
        if sender and str(sender) != str(user_id):
            raise UnreadableMessage(phrase("reading.it_was_sent_by_in_the", sender=sender, user_id=user_id))
