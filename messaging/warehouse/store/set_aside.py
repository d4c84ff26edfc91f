"""Messages set aside: kept whole with the reason, looked at, sent again, dropped, brought back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from messaging.contract import codec, topology
from messaging.domain.orders import now
from messaging.errors import UnreadableMessage, WrongMove
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.warehouse.inbound import replays, x_death
from messaging.warehouse.inbound.reading import InboundMessage
from messaging.warehouse.records import (
    FREED,
    RAW_HEADERS,
    REPLAY_HEADER,
    REPLAYS_HEADER,
    Event,
    Incoming,
    SetAside,
    SetAsideState,
)
from messaging.warehouse.store import refusals
from messaging.warehouse.store.database.cells import moment
from messaging.warehouse.store.database.rows import chunks
from messaging.warehouse.store.database.schema import orders, set_aside

_insert = insert(set_aside)
_by_body = select(set_aside.c.body_digest).where(set_aside.c.body_digest.in_(bindparam("digests", expanding=True)))
_returned = update(set_aside).where(set_aside.c.row == bindparam("replay"))

MOVES: Mapping[SetAsideState, frozenset[SetAsideState]] = {
    SetAsideState.KEPT: frozenset({SetAsideState.REPLAYED, SetAsideState.DROPPED}),
    # Sent again but lost on the way: it may be sent once more.
    SetAsideState.REPLAYED: frozenset({SetAsideState.REPLAYED, SetAsideState.DROPPED}),
    SetAsideState.DROPPED: frozenset({SetAsideState.KEPT}),
    SetAsideState.SETTLED: frozenset(),
}


def keep(connection: Connection, refused: Sequence[InboundMessage]) -> dict[int, Event]:
    """Once each: a redelivery of what is kept already, or a failed replay of it, makes no second row.

    Gives what the senders of new ones are told, by place.
    """
    again = [message for message in refused if message.replay is not None]
    if again:
        connection.execute(
            _returned.values(state=SetAsideState.KEPT.value, reason=bindparam("because")),
            [{"replay": message.replay, "because": message.reason} for message in again],
        )
    redelivered = [message.incoming.body_digest for message in refused if message.incoming.redelivered]
    known = _known_bodies(connection, redelivered)
    new = [
        place
        for place, message in enumerate(refused)
        if message.replay is None and not (message.incoming.redelivered and message.incoming.body_digest in known)
    ]
    told = _enter(connection, [(refused[place].incoming, refused[place].reason) for place in new])
    return {new[nth]: event for nth, event in told.items()}


def collect(connection: Connection, dead: Sequence[Incoming]) -> int:
    """Keep what others dead-lettered; our own refusals, which are in the books already, are recognised.

    One that was sent again from here and that another consumer refused comes back to its place.
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
    """Which of the numbers that these messages claim were truly sent again from here, with their body's digest; and
    for the senders of which RabbitMQ vouched when they came first.

    The header alone could be forged: only a message with that body is the one.
    """
    claimed = {message.replay for message in messages if message.replay is not None}
    if not claimed:
        return {}, set()
    wanted = select(set_aside.c.row, set_aside.c.body_digest, set_aside.c.properties).where(
        set_aside.c.row.in_(claimed), set_aside.c.state == SetAsideState.REPLAYED.value
    )
    found = connection.execute(wanted).all()
    return {row.row: row.body_digest for row in found}, {row.row for row in found if _is_vouched(row.properties)}


def decide_replays(connection: Connection, rows: Iterable[int]) -> None:
    done = [{"replay": row} for row in rows]
    if done:
        connection.execute(_returned.values(state=SetAsideState.SETTLED.value, ended_at=now()), done)


def begin_replay(connection: Connection, rows: Sequence[int], vouched: bool) -> list[SetAside]:
    """All or none; raises WrongMove naming the first one that would only come back. `vouched`: only what RabbitMQ
    vouched for when it came first is taken."""
    for kept in _listed(connection, _by_rows(rows).with_for_update()):
        reason = replays.why_not(kept, vouched) or _conflict(connection, kept)
        if reason:
            raise WrongMove(phrase("set_aside.number_is_not_sent_again", row=kept.row, reason=reason))
    return move(connection, rows, SetAsideState.REPLAYED)


def replay_refused(connection: Connection, rows: Sequence[int]) -> None:
    """RabbitMQ did not take them: they are where they were."""
    sent = set_aside.c.row.in_(rows), set_aside.c.state == SetAsideState.REPLAYED.value
    connection.execute(
        update(set_aside).where(*sent).values(state=SetAsideState.KEPT.value, replays=set_aside.c.replays - 1)
    )


def move(connection: Connection, rows: Sequence[int], to: SetAsideState) -> list[SetAside]:
    """All or none; raises WrongMove naming the first one that cannot."""
    found = {kept.row: kept for kept in _listed(connection, _by_rows(rows).with_for_update())}
    for row in rows:
        if row not in found:
            raise WrongMove(phrase("set_aside.nothing_is_set_aside_under_number", row=row))
        if to not in MOVES[found[row].state]:
            raise WrongMove(
                phrase("set_aside.number_is_it_cannot_become", row=row, state=found[row].state.value, to=to.value)
            )
    count = set_aside.c.replays + (1 if to is SetAsideState.REPLAYED else 0)
    moved = update(set_aside).where(set_aside.c.row.in_(rows))
    connection.execute(moved.values(state=to.value, replays=count, ended_at=now() if to in FREED else ""))
    return _listed(connection, _by_rows(rows))


def take_over(connection: Connection, row: int, by: str, identity: str) -> list[SetAside]:
    """Dropped, because its content was sent as another order."""
    moved = move(connection, [row], SetAsideState.DROPPED)
    connection.execute(update(set_aside).where(set_aside.c.row == row).values(taken_by=by, taken_as=identity))
    return [msgspec.structs.replace(one, taken_by=by, taken_as=identity) for one in moved]


def listed(
    connection: Connection, state: SetAsideState | None, limit: int, offset: int, bodies: bool
) -> list[SetAside]:
    """Newest first; without `bodies` none is read."""
    columns = [column for column in set_aside.c if bodies or column is not set_aside.c.body]
    wanted = select(*columns).order_by(set_aside.c.row.desc()).limit(limit).offset(offset)
    if state is not None:
        wanted = wanted.where(set_aside.c.state == state.value)
    return _listed(connection, wanted)


def one(connection: Connection, row: int) -> SetAside | None:
    found = _listed(connection, _by_rows([row]))
    return found[0] if found else None


def _by_rows(rows: Sequence[int]) -> Select[Any]:
    return select(set_aside).where(set_aside.c.row.in_(rows)).order_by(set_aside.c.row)


def _listed(connection: Connection, wanted: Select[Any]) -> list[SetAside]:
    return [_record(row) for row in connection.execute(wanted)]


def _record(row: Row[Any]) -> SetAside:
    headers: dict[str, object] = msgspec.json.decode(row.headers, type=dict[str, object])
    properties: dict[str, object] = msgspec.json.decode(row.properties, type=dict[str, object])
    state = SetAsideState(row.state)
    return SetAside(
        row.row,
        bytes(getattr(row, "body", b"")),
        row.reason,
        row.queue,
        headers,
        properties,
        row.at,
        state,
        row.replays,
        row.length,
        row.body_digest,
        moment(row.ended_at),
        row.taken_by,
        row.taken_as,
    )


def _known_bodies(connection: Connection, digests: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for chunk in chunks(set(digests)):
        known |= set(connection.scalars(_by_body, {"digests": chunk}))
    return known


def _is_vouched(properties: str) -> bool:
    return bool(msgspec.json.decode(properties, type=dict[str, Any]).get("user_id"))


def _come_back(connection: Connection, incoming: Incoming, digest: str, reason: str) -> None:
    """Only from its last sending: what is under way since then must not be disturbed."""
    row, count = incoming.headers.get(REPLAY_HEADER), incoming.headers.get(REPLAYS_HEADER)
    if type(row) is int and type(count) is int:
        sent = set_aside.c.row == row, set_aside.c.body_digest == digest, set_aside.c.replays == count
        again = update(set_aside).where(*sent, set_aside.c.state == SetAsideState.REPLAYED.value)
        connection.execute(again.values(state=SetAsideState.KEPT.value, reason=reason))


def _conflict(connection: Connection, kept: SetAside) -> Words:
    if kept.queue != topology.NEW_ORDERS_QUEUE.name:
        return NO_WORDS
    order = codec.read_order(kept.body)
    found = connection.scalar(select(orders.c.digest).where(orders.c.identity == order.identity))
    if found in (None, order.digest):
        return NO_WORDS
    return phrase("set_aside.order_is_in_the_books_with", order_id=order.order_id)


def _is_known_order(connection: Connection, incoming: Incoming) -> bool:
    """An order that was refused for want of stock is in `orders`, not here."""
    try:
        order = codec.read_order(incoming.body)
    except UnreadableMessage:
        return False
    found = connection.scalar(select(orders.c.digest).where(orders.c.identity == order.identity))
    return bool(found == order.digest)


def _enter(connection: Connection, new: Sequence[tuple[Incoming, Words]]) -> dict[int, Event]:
    """Rows of what was not there yet; gives what the senders are told, by place."""
    if not new:
        return {}
    connection.execute(_insert, [_row(incoming, reason) for incoming, reason in new])
    return refusals.tell(connection, new)


def _row(incoming: Incoming, reason: str) -> dict[str, object]:
    raw = {RAW_HEADERS: incoming.raw_headers} if incoming.fault else {}
    return {
        "body": incoming.body[: codec.MAX_BYTES],
        "length": incoming.length or len(incoming.body),
        "body_digest": incoming.body_digest,
        "reason": reason,
        "queue": incoming.queue,
        "headers": _text(incoming.headers),
        "properties": _text({**incoming.properties, **raw}),
        "at": now(),
        "state": SetAsideState.KEPT.value,
        "replays": 0,
    }


def _text(table: Mapping[str, object]) -> str:
    """JSON; a value that JSON cannot hold is kept as Python shows it."""
    safe = {ascii(name)[1:-1]: _value(value) for name, value in table.items()}
    return msgspec.json.encode(safe).decode()


def _value(value: object) -> object:
    try:
        encoded = msgspec.json.encode(value, enc_hook=ascii)
        msgspec.json.decode(encoded)
    except (ValueError, TypeError, RecursionError, msgspec.MsgspecError):
        return ascii(value)
    return value if isinstance(value, str | int | float | bool | None) else msgspec.Raw(encoded)
