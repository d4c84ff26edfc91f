"""Compares a broker with the topology: names each thing that is missing or wrong, and its repair."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct
from pika import exceptions

from messaging import topology
from messaging.broker import words
from messaging.broker.admin import ROOT_VHOST, Admin
from messaging.broker.session import Session, StepRefused
from messaging.broker.words import ACCESS_REFUSED, NOT_ALLOWED, NOT_FOUND, PRECONDITION_FAILED
from messaging.errors import BrokerRefused, BrokerUnavailable, OrderDeskError
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.topology import Binding, Exchange, Policy, Queue

MEND = phrase(f"run: {words.DOCTOR}")
TOO_EARLY = phrase(
    "It is a classic queue, and from RabbitMQ 3.13 on those confirm before the message is on disk: a power cut "
    "could take accepted orders. A quorum queue, by the virtual host's default queue type, could not lose them."
)
EMPTY = phrase(f"stop what uses it, empty and delete it; then {MEND}")


class State(StrEnum):
    OK = "ok"
    MENDED = "mended"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


class Finding(Struct, frozen=True):
    name: str
    state: State
    words: Words = NO_WORDS
    repair: Words = NO_WORDS


class _Check(Struct, frozen=True):
    look: Callable[[], Finding]
    mend: Callable[[], object]


def examine(url: str, management_url: str, *, fix: bool) -> Iterator[Finding]:
    """One finding after the other; with `fix` what is missing is declared first, and what is wrong but
    would lose messages (another type, other arguments) is only named."""
    try:
        session = Session(url, "order-desk-doctor")
    except OrderDeskError as error:
        yield from _not_connected(error)
        return
    with session, Admin(management_url) as admin:
        yield from (Finding(name, State.OK) for name in ("connection", "login", "virtual host"))
        doctor = _Doctor(session, admin, unquote(urlsplit(url).path[1:]) or ROOT_VHOST)
        yield doctor.management()
        for check in doctor.checks():
            yield _run(check, fix)


def _run(check: _Check, fix: bool) -> Finding:
    found = check.look()
    if not fix or found.state is State.OK or found.repair != MEND:
        return found
    try:
        check.mend()
    except OrderDeskError as error:
        return Finding(found.name, State.PROBLEM, phrase(f"{found.words} It could not be mended: {error}"))
    again = check.look()
    if again.state is State.PROBLEM:
        return again
    return Finding(found.name, State.MENDED, again.words if again.state is State.UNKNOWN else found.words)


def _not_connected(error: OrderDeskError) -> Iterator[Finding]:
    """How far it came says what is right: first the line, then the login, then the virtual host."""
    cause = words.root_of(error)
    code = cause.reply_code if isinstance(cause, exceptions.ConnectionClosed) else 0
    if isinstance(cause, exceptions.ProbableAccessDeniedError) or code == NOT_ALLOWED:
        yield Finding("connection", State.OK)
        yield Finding("login", State.OK)
        repair = phrase(
            "create the virtual host, or give the user rights there (rabbitmqctl add_vhost, set_permissions)"
        )
        yield Finding("virtual host", State.PROBLEM, error.words, repair)
    elif isinstance(cause, exceptions.ProbableAuthenticationError | exceptions.AuthenticationError) or (
        code == ACCESS_REFUSED
    ):
        yield Finding("connection", State.OK)
        repair = phrase("check name and password in --broker; guest may log in from the broker's own machine only")
        yield Finding("login", State.PROBLEM, error.words, repair)
    else:
        repair = phrase("mend that, or give another address with --broker; without it the private node is used")
        yield Finding("connection", State.PROBLEM, error.words, repair)


class _Doctor:
    def __init__(self, session: Session, admin: Admin, vhost: str) -> None:
        self._session, self._admin, self._vhost = session, admin, vhost
        self._no_management = ""

    def management(self) -> Finding:
        """Without it bindings and policies cannot be seen; AMQP itself has no question for them."""
        try:
            self._admin.policies(self._vhost)
        except (BrokerUnavailable, BrokerRefused) as error:
            self._no_management = str(error)
            repair = phrase(
                "enable it (rabbitmq-plugins enable rabbitmq_management) and use an account that may manage"
            )
            return Finding(
                "management", State.UNKNOWN, phrase(f"{error} Bindings and policies cannot be seen."), repair
            )
        return Finding("management", State.OK)

    def checks(self) -> Iterator[_Check]:
        for exchange in topology.EXCHANGES:
            yield self._exchange(exchange)
        for queue in topology.QUEUES:
            yield self._queue(queue)
        for binding in topology.BINDINGS:
            yield self._binding(binding)
        for queue in topology.QUEUES:
            if policies := [policy for policy in topology.POLICIES if re.search(policy.pattern, queue.name)]:
                yield self._policy(policies, queue)

    def _exchange(self, exchange: Exchange) -> _Check:
        def declare(*, passive: bool) -> Any:
            return self._session.do(
                lambda channel, answer: channel.exchange_declare(
                    exchange.name, exchange.kind.value, passive=passive, durable=True, callback=answer
                )
            )

        wanted = phrase(f"a durable {exchange.kind.value} exchange")
        return self._declared(phrase(f"exchange {exchange.name}"), wanted, declare)

    def _queue(self, queue: Queue) -> _Check:
        def declare(*, passive: bool) -> Any:
            return self._session.do(
                lambda channel, answer: channel.queue_declare(
                    queue.name, passive=passive, durable=True, callback=answer
                )
            )

        check = self._declared(phrase(f"queue {queue.name}"), phrase("a durable queue without arguments"), declare)

        def look() -> Finding:
            found = check.look()
            if found.state is State.OK and self._confirms_too_early(queue):
                return msgspec.structs.replace(found, words=TOO_EARLY)
            return found

        return _Check(look, check.mend)

    def _confirms_too_early(self, queue: Queue) -> bool:
        if self._no_management or queue is topology.QUESTIONS_QUEUE:  # a lost question is asked again
            return False
        return self._admin.version() >= (3, 13) and self._type(queue) == "classic"

    def _declared(self, name: str, wanted: str, declare: Callable[..., Any]) -> _Check:
        """Passive asks whether it is there; declaring what is there asks whether it is the same."""

        def look() -> Finding:
            try:
                declare(passive=True)
                declare(passive=False)
            except StepRefused as refused:
                return self._refused(name, wanted, refused)
            return Finding(name, State.OK)

        return _Check(look, lambda: declare(passive=False))

    def _refused(self, name: str, wanted: str, refused: StepRefused) -> Finding:
        if refused.code == NOT_FOUND:
            return Finding(name, State.PROBLEM, phrase(f"It is missing; {wanted} is wanted."), MEND)
        if refused.code == PRECONDITION_FAILED:
            repair = self._by_default_type(refused.words) or EMPTY
            return Finding(name, State.PROBLEM, phrase(f"It is there, but not {wanted}: {refused}"), repair)
        if refused.code == ACCESS_REFUSED:
            text = phrase(f"This account may not look at it: {refused}")
            return Finding(name, State.UNKNOWN, text, phrase("use the operator's account"))
        return Finding(name, State.PROBLEM, refused.words)

    def _by_default_type(self, refusal: str) -> Words:
        """For a queue of another type than the virtual host's default: changing the default loses nothing."""
        kind = re.search(r"'x-queue-type'.* current is (?:the value )?'(\w+)'", refusal)
        if kind is None or self._no_management or self._admin.version() < (3, 11):
            return NO_WORDS
        command = f"rabbitmqctl update_vhost_metadata {self._vhost} --default-queue-type {kind[1]}"
        return phrase(f"let a queue without arguments mean a {kind[1]} queue ({command}); or {EMPTY}")

    def _binding(self, binding: Binding) -> _Check:
        name = phrase(f"binding {binding.exchange.name} -> {binding.queue.name}")
        if binding.key:
            name = phrase(f"binding {binding.exchange.name} -> {binding.queue.name} with key {binding.key}")

        def look() -> Finding:
            if self._no_management:
                return Finding(name, State.UNKNOWN, phrase("The management API does not answer."), MEND)
            if self._has(binding):
                return Finding(name, State.OK)
            return Finding(name, State.PROBLEM, phrase("It is missing: messages with this key go nowhere."), MEND)

        def bind() -> Any:
            return self._session.do(
                lambda channel, answer: channel.queue_bind(
                    binding.queue.name, binding.exchange.name, binding.key, callback=answer
                )
            )

        return _Check(look, bind)

    def _has(self, binding: Binding) -> bool:
        try:
            return self._admin.has_binding(self._vhost, binding)
        except BrokerRefused:  # 404: one of its ends is missing
            return False

    def _policy(self, ours: list[Policy], queue: Queue) -> _Check:
        name = phrase(f"dead letters of {queue.name}")

        def look() -> Finding:
            if self._no_management:
                return Finding(name, State.UNKNOWN, phrase("The management API does not answer."))
            return self._effective(name, ours, queue)

        def mend() -> None:
            for policy in ours:
                self._admin.set_policy(self._vhost, policy)

        return _Check(look, mend)

    def _effective(self, name: str, ours: list[Policy], queue: Queue) -> Finding:
        """Of the policies for a queue only the one with the highest priority is in force; which one that is
        RabbitMQ itself tells only some seconds later."""
        kind = self._type(queue)
        wanted = max((one for one in ours if _knows(kind, one.definition)), key=lambda one: one.priority)
        rows = [row for row in self._admin.policies(self._vhost) if _is_for(row, queue, kind)]
        highest = max((row["priority"] for row in rows), default=0)
        in_force = [row for row in rows if row["priority"] == highest]
        lacking = [row for row in in_force if not wanted.definition.items() <= row["definition"].items()]
        if in_force and not lacking:
            return Finding(name, State.OK)
        harm = _harm(wanted, lacking[0]["definition"] if lacking else {})
        others = [row["name"] for row in lacking if row["name"] not in {one.name for one in ours}]
        if others:
            text = phrase(f"The policy {others[0]} hides {wanted.name}: {harm}")
            return Finding(
                name, State.PROBLEM, text, phrase(f"add {wanted.definition} to {others[0]}, or lower its priority")
            )
        return Finding(name, State.PROBLEM, phrase(f"No policy sets it: {harm}"), MEND)

    def _type(self, queue: Queue) -> str:
        """Of a queue that is not there: what it would be."""
        try:
            return str(self._admin.queue(self._vhost, queue.name)["type"])
        except BrokerRefused:
            return self._admin.default_queue_type(self._vhost)


def _knows(kind: str, definition: Mapping[str, object]) -> bool:
    """A policy with a key that the queue's type does not know is not in force at all."""
    return kind == "quorum" or not topology.QUORUM_ONLY & definition.keys()


def _is_for(row: dict[str, Any], queue: Queue, kind: str) -> bool:
    meant = row["apply-to"] in ("all", "queues", f"{kind}_queues")
    return meant and _knows(kind, row["definition"]) and re.search(row["pattern"], queue.name) is not None


def _harm(policy: Policy, in_force: dict[str, Any]) -> Words:
    if in_force.get("dead-letter-exchange") != policy.definition["dead-letter-exchange"]:
        return phrase("refused messages are lost.")
    return phrase("a quorum queue sets good orders aside once their warehouse has lost its connection 20 times.")
