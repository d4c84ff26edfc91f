"""Sending a message that was set aside again: to the step that failed and nowhere else, and not in circles."""

from messaging.broker.publisher import Headers, Outgoing
from messaging.contract import topology
from messaging.contract.codec import VERSION, VERSION_HEADER, is_of_death
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.warehouse.inbound import reading
from messaging.warehouse.records import REPLAY_HEADER, REPLAYS_HEADER, SENDER_HEADER, UNVOUCHED, Incoming, SetAside

MOST_REPLAYS = 5
STEPS = {
    binding.queue.name: (binding.exchange.name, binding.key)
    for binding in topology.BINDINGS
    if binding.queue in (topology.NEW_ORDERS_QUEUE, topology.COMMANDS_QUEUE)
}
OURS = (REPLAY_HEADER, REPLAYS_HEADER)


def why_not(kept: SetAside, validated_only: bool) -> Words:
    """Why it may not be sent again; empty where it may. `validated_only`: its sender must have an account."""
    if kept.queue not in STEPS:
        return phrase("replays.it_comes_from_which_is_not", queue=kept.queue)
    if kept.replays >= MOST_REPLAYS:
        return phrase("replays.it_was_sent_times_and_came", replays=kept.replays)
    if kept.length > len(kept.body):
        return phrase("replays.of_its_bytes_only_the_first", length=kept.length, body=len(kept.body))
    if validated_only and not _text(kept, "user_id"):
        return phrase("replays.it_would_be_refused_again_take", unvouched=UNVOUCHED)
    again = Incoming(kept.body, kept.queue, dict(_headers(kept)), kept.properties)
    reason = reading.read(again).reason
    return phrase("replays.it_would_be_refused_again", reason=reason) if reason else NO_WORDS


def message(kept: SetAside) -> Outgoing:
    """The original bytes, with what came with them as far as it may be sent in the name of another."""
    exchange, key = STEPS[kept.queue]
    return Outgoing(
        exchange,
        key,
        kept.body,
        _text(kept, "type"),
        _text(kept, "message_id") or f"replay-{kept.row}-{kept.replays}",
        _text(kept, "correlation_id"),
        {**_headers(kept), REPLAY_HEADER: kept.row, REPLAYS_HEADER: kept.replays},
    )


def _headers(kept: SetAside) -> Headers:
    """RabbitMQ lets an account set nobody's `user_id` but its own: who sent it first goes into a header."""
    plain = {
        name: value
        for name, value in kept.headers.items()
        if name not in OURS and not is_of_death(name) and isinstance(value, str | int)
    }
    sender = _text(kept, "user_id")
    return {VERSION_HEADER: VERSION, **plain, **({SENDER_HEADER: sender} if sender else {})}


def _text(kept: SetAside, name: str) -> str:
    value = kept.properties.get(name)
    return value if isinstance(value, str) else ""
