"""The part of the store about messages that are set aside: shown, sent again, dropped, brought back."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, select, update

from messaging.contract import codec, topology
from messaging.contract.kept_words import kept_words
from messaging.domain.orders import now
from messaging.errors import WrongMove
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.warehouse.inbound import replays
from messaging.warehouse.inbound.reading import InboundMessage
from messaging.warehouse.records import FREED, Incoming, SetAside, SetAsideState
from messaging.warehouse.store.changes import set_aside_rows
from messaging.warehouse.store.damage import OF_A_VALUE
from messaging.warehouse.store.database.cells import moment
from messaging.warehouse.store.database.schema import orders, set_aside
from messaging.warehouse.store.transactions import StorePart, reads, writes

LOG = logging.getLogger(__name__)

MOVES: Mapping[SetAsideState, frozenset[SetAsideState]] = {
    SetAsideState.KEPT: frozenset({SetAsideState.REPLAYED, SetAsideState.DROPPED}),
    # Sent again but lost on the way: it may be sent once more.
    SetAsideState.REPLAYED: frozenset({SetAsideState.REPLAYED, SetAsideState.DROPPED}),
    SetAsideState.DROPPED: frozenset({SetAsideState.KEPT}),
    SetAsideState.SETTLED: frozenset(),
}


class SetAsidePart(StorePart):
    @reads
    def page(
        self,
        connection: Connection,
        state: SetAsideState | None = SetAsideState.KEPT,
        limit: int = 1000,
        offset: int = 0,
        *,
        bodies: bool = True,
    ) -> list[SetAside]:
        """Newest first; state None: whatever it is. Without `bodies` none is read."""
        columns = [column for column in set_aside.c if bodies or column is not set_aside.c.body]
        wanted = select(*columns).order_by(set_aside.c.row.desc()).limit(limit).offset(offset)
        if state is not None:
            wanted = wanted.where(set_aside.c.state == state.value)
        return _listed(connection, wanted)

    @reads
    def one(self, connection: Connection, row: int) -> SetAside | None:
        """None where nothing was set aside under this number."""
        found = _listed(connection, _by_rows([row]))
        return found[0] if found else None

    @writes
    def drop(self, connection: Connection, rows: Sequence[int]) -> list[SetAside]:
        return move(connection, rows, SetAsideState.DROPPED)

    @writes
    def undo_drop(self, connection: Connection, rows: Sequence[int]) -> list[SetAside]:
        return move(connection, rows, SetAsideState.KEPT)

    @writes
    def take_over(self, connection: Connection, row: int, by: str, identity: str) -> list[SetAside]:
        """Drop a message whose content was sent as the order `identity`, and note by whom."""
        moved = move(connection, [row], SetAsideState.DROPPED)
        connection.execute(update(set_aside).where(set_aside.c.row == row).values(taken_by=by, taken_as=identity))
        return [msgspec.structs.replace(one, taken_by=by, taken_as=identity) for one in moved]

    @writes
    def begin_replay(self, connection: Connection, rows: Sequence[int], validated_only: bool = False) -> list[SetAside]:
        """Mark them as sent again, before they are: an unmarked one would be refused. All or none.

        A process that is killed between the two leaves them as replayed, and they may be sent once more. Raises
        WrongMove that names the first one that would only come back, or whose sender RabbitMQ had not validated when
        it came first where `validated_only` asks for that.
        """
        for message in _listed(connection, _by_rows(rows).with_for_update()):
            reason = replays.why_not(message, validated_only) or _conflict(connection, message)
            if reason:
                raise WrongMove(phrase("set_aside.number_is_not_sent_again", row=message.row, reason=reason))
        return move(connection, rows, SetAsideState.REPLAYED)

    @writes
    def replay_refused(self, connection: Connection, rows: Sequence[int]) -> None:
        """RabbitMQ did not take them: they are set aside as before."""
        sent = set_aside.c.row.in_(rows), set_aside.c.state == SetAsideState.REPLAYED.value
        connection.execute(
            update(set_aside).where(*sent).values(state=SetAsideState.KEPT.value, replays=set_aside.c.replays - 1)
        )

    def collect(self, dead: Sequence[Incoming]) -> int:
        """Set aside what other consumers dead-lettered, and notify its senders; gives how many were new.

        Our own refusals are in the books already. What the database cannot hold as it is becomes its bytes alone.
        """
        try:
            return self.transactions.write_incoming(lambda connection: set_aside_rows.collect(connection, dead))
        except OF_A_VALUE as error:
            LOG.warning("%d dead letters are collected one by one: %r", len(dead), error)
            return sum(self._collect_one(incoming) for incoming in dead)

    def add_unreadable(self, incoming: Incoming, reason: Words) -> None:
        """A message of a queue without dead-lettering: it is acknowledged once this returns."""
        message = InboundMessage(incoming, None, reason)
        self.transactions.write_set_aside(lambda connection: set_aside_rows.add(connection, [message]))

    def _collect_one(self, incoming: Incoming) -> int:
        try:
            return self.transactions.write_incoming(lambda connection: set_aside_rows.collect(connection, [incoming]))
        except OF_A_VALUE:
            LOG.exception("a dead letter could not be set aside whole")
            bare = Incoming(incoming.body, incoming.queue)
            return self.transactions.write_set_aside(lambda connection: set_aside_rows.collect(connection, [bare]))


def move(connection: Connection, rows: Sequence[int], to: SetAsideState) -> list[SetAside]:
    """All or none; raises WrongMove naming the first one that cannot."""
    found = {message.row: message for message in _listed(connection, _by_rows(rows).with_for_update())}
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
        kept_words(row.reason, row.reason_message),
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


def _conflict(connection: Connection, message: SetAside) -> Words:
    if message.queue != topology.NEW_ORDERS_QUEUE.name:
        return NO_WORDS
    order = codec.read_order(message.body)
    found = connection.scalar(select(orders.c.digest).where(orders.c.identity == order.identity))
    if found in (None, order.digest):
        return NO_WORDS
    return phrase("set_aside.order_is_in_the_books_with", order_id=order.order_id)
