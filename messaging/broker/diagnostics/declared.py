"""Exchanges and queues: there, and as they should be."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from messaging.broker import error_messages
from messaging.broker.diagnostics import crashed_queues
from messaging.broker.diagnostics.findings import MEND, Check, CheckResult, State
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.broker.diagnostics.probe import StepRefused
from messaging.broker.error_messages import ACCESS_REFUSED, NOT_FOUND, PRECONDITION_FAILED
from messaging.contract import topology
from messaging.contract.topology import Exchange, Queue
from messaging.errors import BrokerUnavailable
from messaging.phrases import NO_WORDS, Words, phrase

TOO_EARLY = phrase("declared.it_is_a_classic_queue_and")
EMPTY = phrase("declared.stop_what_uses_it_empty_and", mend=MEND)


def exchanges(patient: InspectedBroker) -> Iterator[Check]:
    for exchange in topology.EXCHANGES:
        yield _exchange(patient, exchange)


def queues(patient: InspectedBroker) -> Iterator[Check]:
    for queue in topology.DECLARED_QUEUES:
        yield _queue(patient, queue)


def _exchange(patient: InspectedBroker, exchange: Exchange) -> Check:
    def declare(*, passive: bool) -> Any:
        return patient.session.do(
            lambda channel, answer: channel.exchange_declare(
                exchange.name, exchange.kind.value, passive=passive, durable=True, callback=answer
            )
        )

    wanted = phrase("declared.a_durable_exchange", kind=exchange.kind.value)
    return _declared(patient, phrase("declared.exchange", name=exchange.name), wanted, declare)


def _queue(patient: InspectedBroker, queue: Queue) -> Check:
    def declare(*, passive: bool) -> Any:
        return patient.session.do(
            lambda channel, answer: channel.queue_declare(queue.name, passive=passive, durable=True, callback=answer)
        )

    wanted = phrase("declared.a_durable_queue_without_arguments")
    name = phrase("declared.queue", name=queue.name)
    check = _declared(patient, name, wanted, declare)

    def look() -> CheckResult:
        try:
            found = check.look()
        except BrokerUnavailable as error:  # exchanges were answered for: it is this queue that is not
            if not isinstance(error_messages.root_of(error), TimeoutError):
                raise
            return crashed_queues.finding(patient, name)
        if found.state is State.OK and _confirms_too_early(patient, queue):
            return msgspec.structs.replace(found, words=TOO_EARLY)
        return found

    def mend() -> Words | None:
        if look().words == crashed_queues.STOPPED:  # still: RabbitMQ restarts it by itself, some few times
            return crashed_queues.bring_back(patient, queue, check.mend)
        return check.mend()

    return Check(look, mend)


def _confirms_too_early(patient: InspectedBroker, queue: Queue) -> bool:
    if not patient.is_managed or queue in (topology.QUESTIONS_QUEUE, topology.BOOKS_RECORD_QUEUE):  # they come again
        return False
    return patient.version >= (3, 13) and patient.kind_of(queue) == "classic"


def _declared(patient: InspectedBroker, name: str, wanted: str, declare: Callable[..., Any]) -> Check:
    """Passive asks whether it is there; declaring what is there asks whether it is the same."""

    def look() -> CheckResult:
        try:
            declare(passive=True)
            declare(passive=False)
        except StepRefused as refused:
            return _refused(patient, name, wanted, refused)
        except BrokerUnavailable as error:
            if not crashed_queues.is_crash(error):
                raise
            return crashed_queues.finding(patient, name)
        return CheckResult(name, State.OK)

    def mend() -> None:
        declare(passive=False)

    return Check(look, mend)


def _refused(patient: InspectedBroker, name: str, wanted: str, refused: StepRefused) -> CheckResult:
    if error_messages.CRASHED.search(refused.text):
        return crashed_queues.finding(patient, name)
    if error_messages.NODE_DOWN.search(refused.text):
        return CheckResult(name, State.PROBLEM, refused.words, phrase("declared.start_the_node_of_the_cluster"))
    if refused.code == NOT_FOUND:
        return CheckResult(name, State.PROBLEM, phrase("declared.it_is_missing_is_wanted", wanted=wanted), MEND)
    if refused.code == PRECONDITION_FAILED:
        repair = _by_default_type(patient, refused.words) or EMPTY
        return CheckResult(
            name, State.PROBLEM, phrase("declared.it_is_there_but_not", wanted=wanted, refused=refused), repair
        )
    if refused.code == ACCESS_REFUSED:
        text = phrase("declared.this_account_may_not_look_at", refused=refused)
        return CheckResult(name, State.UNKNOWN, text, phrase("declared.use_the_operators_account"))
    return CheckResult(name, State.PROBLEM, refused.words)


def _by_default_type(patient: InspectedBroker, refusal: str) -> Words:
    """For a queue of another type than the virtual host's default: changing the default loses nothing."""
    kind = re.search(r"'x-queue-type'.* current is (?:the value )?'(\w+)'", refusal)
    if kind is None or not patient.is_managed or patient.version < (3, 11):
        return NO_WORDS
    command = f"rabbitmqctl update_vhost_metadata {patient.vhost} --default-queue-type {kind[1]}"
    return phrase("declared.let_a_queue_without_arguments_mean", kind=kind[1], command=command, empty=EMPTY)
