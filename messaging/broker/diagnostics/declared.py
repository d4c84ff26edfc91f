"""Checks exchanges and queues against the topology, and declares what is missing."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from messaging.broker import error_messages
from messaging.broker.diagnostics import crashed_queues
from messaging.broker.diagnostics.check_results import MEND, Check, CheckResult, State
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.broker.diagnostics.probe import StepRefused
from messaging.broker.error_messages import ACCESS_REFUSED, NOT_FOUND, PRECONDITION_FAILED
from messaging.contract import topology
from messaging.contract.topology import Exchange, Queue
from messaging.errors import BrokerUnavailable
from messaging.phrases import NO_WORDS, Words, phrase

TOO_EARLY = phrase("declared.it_is_a_classic_queue_and")
EMPTY = phrase("declared.stop_what_uses_it_empty_and", mend=MEND)


def exchanges(broker: InspectedBroker) -> Iterator[Check]:
    for exchange in topology.EXCHANGES:
        yield _exchange(broker, exchange)


def queues(broker: InspectedBroker) -> Iterator[Check]:
    for queue in topology.DECLARED_QUEUES:
        yield _queue(broker, queue)


def _exchange(broker: InspectedBroker, exchange: Exchange) -> Check:
    def declare(*, passive: bool) -> Any:
        return broker.session.do(
            lambda channel, answer: channel.exchange_declare(
                exchange.name, exchange.kind.value, passive=passive, durable=True, callback=answer
            )
        )

    wanted = phrase("declared.a_durable_exchange", kind=exchange.kind.value)
    return _declared(broker, phrase("declared.exchange", name=exchange.name), wanted, declare)


def _queue(broker: InspectedBroker, queue: Queue) -> Check:
    def declare(*, passive: bool) -> Any:
        return broker.session.do(
            lambda channel, answer: channel.queue_declare(queue.name, passive=passive, durable=True, callback=answer)
        )

    wanted = phrase("declared.a_durable_queue_without_arguments")
    name = phrase("declared.queue", name=queue.name)
    check = _declared(broker, name, wanted, declare)

    def inspect() -> CheckResult:
        try:
            found = check.inspect()
        except BrokerUnavailable as error:  # RabbitMQ answered for the exchanges: it is this queue that does not answer
            if not isinstance(error_messages.root_of(error), TimeoutError):
                raise
            return crashed_queues.crashed(broker, name)
        if found.state is State.OK and _confirms_too_early(broker, queue):
            return msgspec.structs.replace(found, words=TOO_EARLY)
        return found

    def mend() -> Words | None:
        if inspect().words == crashed_queues.STOPPED:  # still crashed: RabbitMQ restarts a queue by itself a few times
            return crashed_queues.bring_back(broker, queue, check.mend)
        return check.mend()

    return Check(inspect, mend)


def _confirms_too_early(broker: InspectedBroker, queue: Queue) -> bool:
    if not broker.is_managed or queue in (
        topology.QUESTIONS_QUEUE,
        topology.BOOKS_RECORD_QUEUE,
    ):  # clients send these again
        return False
    return broker.version >= (3, 13) and broker.kind_of(queue) == "classic"


def _declared(broker: InspectedBroker, name: str, wanted: str, declare: Callable[..., Any]) -> Check:
    """A passive declaration checks that it exists, an active one that its type and arguments are the same."""

    def inspect() -> CheckResult:
        try:
            declare(passive=True)
            declare(passive=False)
        except StepRefused as refused:
            return _refused(broker, name, wanted, refused)
        except BrokerUnavailable as error:
            if not crashed_queues.is_crash(error):
                raise
            return crashed_queues.crashed(broker, name)
        return CheckResult(name, State.OK)

    def mend() -> None:
        declare(passive=False)

    return Check(inspect, mend)


def _refused(broker: InspectedBroker, name: str, wanted: str, refused: StepRefused) -> CheckResult:
    if error_messages.CRASHED.search(refused.text):
        return crashed_queues.crashed(broker, name)
    if error_messages.NODE_DOWN.search(refused.text):
        return CheckResult(name, State.PROBLEM, refused.words, phrase("declared.start_the_node_of_the_cluster"))
    if refused.code == NOT_FOUND:
        return CheckResult(name, State.PROBLEM, phrase("declared.it_is_missing_is_wanted", wanted=wanted), MEND)
    if refused.code == PRECONDITION_FAILED:
        repair = _by_default_type(broker, refused.words) or EMPTY
        return CheckResult(
            name, State.PROBLEM, phrase("declared.it_is_there_but_not", wanted=wanted, refused=refused), repair
        )
    if refused.code == ACCESS_REFUSED:
        text = phrase("declared.this_account_may_not_look_at", refused=refused)
        return CheckResult(name, State.UNKNOWN, text, phrase("declared.use_the_operators_account"))
    return CheckResult(name, State.PROBLEM, refused.words)


def _by_default_type(broker: InspectedBroker, refusal: str) -> Words:
    """The repair of a queue whose type is not the virtual host's default: changing the default loses nothing."""
    kind = re.search(r"'x-queue-type'.* current is (?:the value )?'(\w+)'", refusal)
    if kind is None or not broker.is_managed or broker.version < (3, 11):
        return NO_WORDS
    command = f"rabbitmqctl update_vhost_metadata {broker.vhost} --default-queue-type {kind[1]}"
    return phrase("declared.let_a_queue_without_arguments_mean", kind=kind[1], command=command, empty=EMPTY)
