"""Messages that go into the books as set aside, with their bytes and the reason; replays of them that come back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from messaging.contract import codec
from messaging.contract.kept_words import message_cell
from messaging.domain.orders import now
from messaging.errors import UnreadableMessage
from messaging.phrases import Words
from messaging.warehouse.inbound import x_death
from messaging.warehouse.inbound.reading import InboundMessage
from messaging.warehouse.records import (
    RAW_HEADERS,
    REPLAY_HEADER,
    REPLAYS_HEADER,
    Event,
    Incoming,
    SetAsideState,
)
from messaging.warehouse.store.changes import refusals
from messaging.warehouse.store.database.rows import chunks
from messaging.warehouse.store.database.schema import orders, set_aside

_insert = insert(set_aside)
_by_body = select(set_aside.c.body_digest).where(set_aside.c.body_digest.in_(bindparam("digests", expanding=True)))
_returned = update(set_aside).where(set_aside.c.row == bindparam("replay"))


def add(connection: Connection, refused: Sequence[InboundMessage]) -> dict[int, Event]:
    """Set these messages aside, each once: a redelivery, or a failed replay, of one that is there adds no second row.

    Gives the events for the senders of new ones, by the index of the message.
    """
    again = [message for message in refused if message.replay is not None]
    if again:
        connection.execute(
            _returned.values(
                state=SetAsideState.KEPT.value, reason=bindparam("because"), reason_message=bindparam("message")
            ),
            [{"replay": one.replay, "because": str(one.reason), "message": message_cell(one.reason)} for one in again],
        )
    redelivered = [message.incoming.body_digest for message in refused if message.incoming.redelivered]
    known = _known_bodies(connection, redelivered)
    new = [
        index
        for index, message in enumerate(refused)
        if message.replay is None and not (message.incoming.redelivered and message.incoming.body_digest in known)
    ]
    events = _enter(connection, [(refused[index].incoming, refused[index].reason) for index in new])
    return {new[nth]: event for nth, event in events.items()}


def collect(connection: Connection, dead: Sequence[Incoming]) -> int:
    """Set aside what other consumers dead-lettered; our own refusals are in the books already and are recognised.

    A message that was sent again from here and that another consumer refused returns to its row. Gives how
    many are new.
    """
    known = _known_bodies(connection, [incoming.body_digest for incoming in dead])
    new = []
    for incoming in dead:
        digest = incoming.body_digest
        death = x_death.last(incoming.headers)
        if digest in known:
            _come_back(connection, incoming, digest, death.in_words)
        elif not _is_known_order(connection, incoming):
            known.add(digest)
            died_in = msgspec.structs.replace(incoming, queue=death.queue or incoming.queue)
            new.append((died_in, incoming.fault or death.in_words))
    _enter(connection, new)
    return len(new)


def sent_again(connection: Connection, messages: Iterable[InboundMessage]) -> tuple[dict[int, str], set[int]]:
    """Of the rows that these messages claim to be replays of: those that were sent again from here, with the digest of
    their body; and those whose sender RabbitMQ had validated when they came first.

    The header alone could be forged: only a message with that body is the replay.
    """
    claimed = {message.replay for message in messages if message.replay is not None}
    if not claimed:
        return {}, set()
    wanted = select(set_aside.c.row, set_aside.c.body_digest, set_aside.c.properties).where(
        set_aside.c.row.in_(claimed), set_aside.c.state == SetAsideState.REPLAYED.value
    )
    found = connection.execute(wanted).all()
    return {row.row: row.body_digest for row in found}, {
        row.row for row in found if _has_validated_user_id(row.properties)
    }


def end_replays(connection: Connection, rows: Iterable[int]) -> None:
    done = [{"replay": row} for row in rows]
    if done:
        connection.execute(_returned.values(state=SetAsideState.SETTLED.value, ended_at=now()), done)


def _known_bodies(connection: Connection, digests: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for chunk in chunks(set(digests)):
        known |= set(connection.scalars(_by_body, {"digests": chunk}))
    return known


def _has_validated_user_id(properties: str) -> bool:
    return bool(msgspec.json.decode(properties, type=dict[str, Any]).get("user_id"))


def _come_back(connection: Connection, incoming: Incoming, digest: str, reason: str) -> None:
    """Only the last replay returns: a later one that is under way must not be disturbed."""
    row, count = incoming.headers.get(REPLAY_HEADER), incoming.headers.get(REPLAYS_HEADER)
    if type(row) is int and type(count) is int:
        sent = set_aside.c.row == row, set_aside.c.body_digest == digest, set_aside.c.replays == count
        again = update(set_aside).where(*sent, set_aside.c.state == SetAsideState.REPLAYED.value)
        connection.execute(again.values(state=SetAsideState.KEPT.value, **_why(reason)))


def _is_known_order(connection: Connection, incoming: Incoming) -> bool:
    """Whether it is an order that was rejected for want of stock: that one is in `orders`, not here."""
    try:
        order = codec.read_order(incoming.body)
    except UnreadableMessage:
        return False
    found = connection.scalar(select(orders.c.digest).where(orders.c.identity == order.identity))
    return bool(found == order.digest)


def _enter(connection: Connection, new: Sequence[tuple[Incoming, Words]]) -> dict[int, Event]:
    """Rows of what was not there yet; gives the events for their senders, by index."""
    if not new:
        return {}
    connection.execute(_insert, [_row(incoming, reason) for incoming, reason in new])
    return refusals.notify_senders(connection, new)


def _row(incoming: Incoming, reason: str) -> dict[str, object]:
    raw = {RAW_HEADERS: incoming.raw_headers} if incoming.fault else {}
    return {
        "body": incoming.body[: codec.MAX_BYTES],
        "length": incoming.length or len(incoming.body),
        "body_digest": incoming.body_digest,
        **_why(reason),
        "queue": incoming.queue,
        "headers": _text(incoming.headers),
        "properties": _text({**incoming.properties, **raw}),
        "at": now(),
        "state": SetAsideState.KEPT.value,
        "replays": 0,
    }


def _why(reason: str) -> dict[str, str | None]:
    return {"reason": str(reason), "reason_message": message_cell(reason)}


def _text(table: Mapping[str, object]) -> str:
    """JSON; a value that JSON cannot hold is written as Python shows it."""
    safe = {ascii(name)[1:-1]: _value(value) for name, value in table.items()}
    return msgspec.json.encode(safe).decode()


def _value(value: object) -> object:
    try:
        encoded = msgspec.json.encode(value, enc_hook=ascii)
        msgspec.json.decode(encoded)
    except (ValueError, TypeError, RecursionError, msgspec.MsgspecError):
        return ascii(value)
    return value if isinstance(value, str | int | float | bool | None) else msgspec.Raw(encoded)
