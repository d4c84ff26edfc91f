"""The batch transaction: each message from the queues gets its outcome, once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, bindparam, delete, insert, select

from messaging.contract.codec import Command
from messaging.contract.kept_words import kept_words, message_cell
from messaging.domain.orders import Order, OrderStatus, identity_of
from messaging.domain.stock import DecidedLine, Outcome, reserve
from messaging.errors import WrongMove
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import printable
from messaging.warehouse.inbound.reading import InboundMessage
from messaging.warehouse.records import UNVOUCHED, Decided, Verdict
from messaging.warehouse.store.changes import cleaning, order_lifecycle, set_aside_rows
from messaging.warehouse.store.changes.older_names import names_in_books
from messaging.warehouse.store.changes.unit_of_work import Arrival, UnitOfWork
from messaging.warehouse.store.database.rows import fetch_orders, last_events, order_with
from messaging.warehouse.store.database.schema import early_cancels, orders

_known = select(
    orders.c.identity, orders.c.number, orders.c.digest, orders.c.status, orders.c.reason, orders.c.reason_message
).where(orders.c.identity.in_(bindparam("identities", expanding=True)))
_early = select(early_cancels).where(early_cancels.c.identity.in_(bindparam("identities", expanding=True)))
_any_early = select(early_cancels.c.at).limit(1)
_no_longer_early = delete(early_cancels).where(early_cancels.c.identity == bindparam("order"))

UNTRUSTED = phrase("decide_batch.rabbitmq_had_dead_lettered_it_and")
CONFLICT = phrase("decide_batch.another_order_with_this_identity_and")
NOT_COME = phrase("decide_batch.the_order_has_not_come_yet")
BY_USER = phrase("decide_batch.cancelled_by_its_user")
MOST_TEXT = 500  # characters of a reason that a client may give


class KnownOrder(Struct):
    number: int
    digest: str
    status: OrderStatus
    reason: Words


class BatchDecision:
    """One transaction over a batch; the outcomes are in the order of the messages."""

    def __init__(self, connection: Connection, messages: Sequence[InboundMessage]) -> None:
        self._connection = connection
        self._messages = messages
        self._outcomes: list[Decided | None] = [None] * len(messages)
        self._refused: dict[int, InboundMessage] = {}  # by index
        self._early: set[str] = set()  # users who cancelled what has not come

    def run(self) -> list[Decided]:
        self._check_replays()
        contents = [message.content for message in self._messages]
        if any(isinstance(content, Command) for content in contents):
            names = None  # what a cancel frees may serve any waiting order
        else:
            names = {line.name for order in contents if isinstance(order, Order) for line in order.lines}
        self._books = self._books_of(names)
        for kind, indexes in groupby(range(len(contents)), key=lambda index: type(contents[index])):
            self._decide_run(kind, list(indexes))
        self._finish()
        return [outcome for outcome in self._outcomes if outcome is not None]

    def _books_of(self, names: set[str] | None) -> UnitOfWork:
        """Where an order names a product of older books in its normal form, its line is read as theirs."""
        books = UnitOfWork(self._connection, names)
        orders = [message for message in self._messages if isinstance(message.content, Order)]
        asked = {line.name for message in orders for line in message.content.lines}  # type: ignore[union-attr]
        meant = names_in_books(self._connection, asked - books.levels.keys())
        if not meant:
            return books
        for message in orders:
            message.content = _renamed(message.content, meant)
        return UnitOfWork(self._connection, None if names is None else names | set(meant.values()))

    def _decide_run(self, kind: type, indexes: list[int]) -> None:
        """Messages of one kind that follow each other."""
        if kind is Order:
            self._orders(indexes)
            return
        for index in indexes:
            content = self._messages[index].content
            if content is None:
                self._refuse(index, self._messages[index].reason)
            elif not isinstance(content, Order):
                self._cancel(index, content)

    def _check_replays(self) -> None:
        """A message that was dead-lettered may be a client's trick, unless it was sent again from here."""
        expected, validated = set_aside_rows.sent_again(self._connection, self._messages)
        for message in self._messages:
            if message.replay is not None and expected.get(message.replay) != message.incoming.body_digest:
                message.replay = None
            if message.content is None:
                continue
            if message.dead and message.replay is None:
                message.content, message.reason = None, UNTRUSTED
            elif message.incoming.validated_only and not self._has_validated_user_id(message, validated):
                message.content, message.reason = None, UNVOUCHED

    def _has_validated_user_id(self, message: InboundMessage, validated: Collection[int]) -> bool:
        """What is sent again carries the account of whoever sends it again: the first arrival decides."""
        return (
            bool(message.incoming.properties.get("user_id")) if message.replay is None else message.replay in validated
        )

    def _orders(self, indexes: list[int]) -> None:
        identities = {index: self._order(index).identity for index in indexes}
        known = self._find_known(identities.values())
        cancels = self._find_early(identities.values())
        fresh: dict[str, tuple[int, Arrival]] = {}
        again: list[tuple[int, KnownOrder]] = []
        twice: list[tuple[int, int]] = []
        for index in indexes:
            order, identity = self._order(index), identities[index]
            digest = order.digest
            if identity in known:
                if known[identity].digest == digest:
                    again.append((index, known[identity]))
                else:
                    self._refuse(index, CONFLICT, order)
            elif identity not in fresh:
                outcome = self._decide(order, cancels.get((identity, str(order.user_id))))
                fresh[identity] = (index, Arrival(order, identity, digest, outcome))
            elif fresh[identity][1].digest == digest:
                twice.append((index, fresh[identity][0]))
            else:
                self._refuse(index, CONFLICT, order)
        self._enter(list(fresh.values()))
        self._forget_early({identity for identity, _ in cancels})
        self._repeat_known(again)
        for index, first in twice:
            self._outcomes[index] = _repeated(self._outcomes[first])

    def _decide(self, order: Order, cancelled: Words | None) -> Outcome:
        if cancelled is not None:
            lines = tuple(DecidedLine(line.name, line.quantity) for line in order.lines)
            return Outcome(OrderStatus.CANCELLED, lines, cancelled)
        levels = self._books.levels
        asked = {line.name: levels[line.name] for line in order.lines if line.name in levels}
        free = {name: level.free for name, level in asked.items() if not level.withdrawn}
        outcome = reserve(order, free, asked.keys() - free.keys())
        for name, units in outcome.taken().items():
            levels[name].reserved += units
        return outcome

    def _enter(self, fresh: list[tuple[int, Arrival]]) -> None:
        events = self._books.enter([arrival for _, arrival in fresh])
        for (index, arrival), event in zip(fresh, events, strict=True):
            outcome = arrival.outcome
            self._outcomes[index] = Decided(
                _verdict(outcome.status), (event,), arrival.order, outcome.status, outcome.reason or NO_WORDS
            )

    def _repeat_known(self, again: list[tuple[int, KnownOrder]]) -> None:
        """The last event goes out again: the crash may have come before it was published."""
        last = last_events(self._connection, {known.number for _, known in again}) if again else {}
        for index, known in again:
            self._outcomes[index] = Decided(
                _verdict(known.status),
                (last[known.number],),
                self._order(index),
                known.status,
                known.reason,
                repeated=True,
            )

    def _cancel(self, index: int, command: Command) -> None:
        identity = _identity(command)
        found = fetch_orders(self._connection, order_with(identity=identity))
        if not found:
            self._remember(identity, command)
            self._outcomes[index] = Decided(Verdict.ACCEPT, reason=NOT_COME)
            return
        order = found[0]
        try:
            events = order_lifecycle.cancel_order(self._books, order, _reason(command))
        except WrongMove as error:
            last = last_events(self._connection, [order.number])[order.number]
            self._outcomes[index] = Decided(Verdict.ACCEPT, (last,), None, order.status, error.words, repeated=True)
            return
        self._outcomes[index] = Decided(Verdict.ACCEPT, tuple(events), None, OrderStatus.CANCELLED, _reason(command))

    def _remember(self, identity: str, command: Command) -> None:
        key = (early_cancels.c.identity == identity, early_cancels.c.user_id == str(command.user_id))
        self._connection.execute(delete(early_cancels).where(*key))
        reason = _reason(command)
        row = {
            "identity": identity,
            "user_id": str(command.user_id),
            "reason": str(reason),
            "at": self._books.at,
            "reason_message": message_cell(reason),
        }
        self._connection.execute(insert(early_cancels), row)
        self._early.add(str(command.user_id))

    def _refuse(self, index: int, reason: Words, order: Order | None = None) -> None:
        message = self._messages[index]
        message.reason = reason
        self._refused[index] = message
        self._outcomes[index] = Decided(Verdict.REFUSE, order=order, reason=reason)

    def _finish(self) -> None:
        cleaning.limit_early_cancels(self._connection, self._early)
        events = set_aside_rows.add(self._connection, list(self._refused.values()))
        for nth, index in enumerate(self._refused):
            outcome = self._outcomes[index]
            if outcome is not None and nth in events:
                self._outcomes[index] = msgspec.structs.replace(outcome, events=(events[nth],))
        done = {m.replay for index, m in enumerate(self._messages) if m.replay and index not in self._refused}
        set_aside_rows.end_replays(self._connection, done)

    def _find_known(self, identities: Iterable[str]) -> dict[str, KnownOrder]:
        found = self._connection.execute(_known, {"identities": sorted(set(identities))})
        return {
            row.identity: KnownOrder(
                row.number, row.digest, OrderStatus(row.status), kept_words(row.reason, row.reason_message)
            )
            for row in found
        }

    def _find_early(self, identities: Iterable[str]) -> dict[tuple[str, str], Words]:
        if self._connection.scalar(_any_early) is None:
            return {}  # nearly always: it costs a tenth of looking for each order
        found = self._connection.execute(_early, {"identities": sorted(set(identities))})
        return {(row.identity, row.user_id): kept_words(row.reason, row.reason_message) for row in found}

    def _forget_early(self, identities: set[str]) -> None:
        if identities:
            self._connection.execute(_no_longer_early, [{"order": identity} for identity in identities])

    def _order(self, index: int) -> Order:
        content = self._messages[index].content
        assert isinstance(content, Order)
        return content


def _renamed(content: object, meant: Mapping[str, str]) -> Order:
    assert isinstance(content, Order)
    lines = tuple(structs.replace(line, name=meant.get(line.name, line.name)) for line in content.lines)
    return structs.replace(content, lines=lines)


def _verdict(status: OrderStatus) -> Verdict:
    return Verdict.REFUSE if status is OrderStatus.REJECTED else Verdict.ACCEPT


def _repeated(first: Decided | None) -> Decided:
    assert first is not None
    return Decided(first.verdict, first.events, first.order, first.status, first.reason, repeated=True)


def _identity(command: Command) -> str:
    return identity_of(command.order_id, command.user_id, command.created_at)


def _reason(command: Command) -> Words:
    """Who cancels, and why in the client's words."""
    words = printable(command.reason[:MOST_TEXT]).strip()
    return phrase("decide_batch.cancelled_by_its_user_words", words=words) if words else BY_USER
