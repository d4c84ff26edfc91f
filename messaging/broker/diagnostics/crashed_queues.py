"""A queue that has crashed in RabbitMQ: a restart brings it back; where a message crashes it again it is made anew."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pika
from pika import exceptions
from pika.channel import Channel

from messaging.broker import error_messages
from messaging.broker.diagnostics.findings import MEND, CheckResult, State
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.broker.diagnostics.probe import Answer, StepRefused
from messaging.contract.topology import Queue
from messaging.errors import BrokerUnavailable
from messaging.phrases import Words, phrase

CRASHES = 10  # one after the other, after a restart; RabbitMQ gives up after five within ten seconds
PATIENCE = 300.0  # seconds: RabbitMQ itself waits a minute for a queue that crashes on and on, and it may be a long one

STOPPED = phrase(
    "It has crashed in RabbitMQ and is served by nobody. What is in it lies on disk; a restart of the node brings it "
    "back, unless a message in it crashes it again."
)
BY_HAND = phrase(
    "restart that RabbitMQ (systemctl restart rabbitmq-server) while a warehouse runs; where the queue crashes again, "
    "delete it (rabbitmqctl delete_queue -p VHOST NAME) and run the doctor with --fix: what is in it is gone then, "
    "orders without an outcome are sent again by their clients, those of other programs must be sent again there"
)
BACK = phrase("It had crashed; a restart of the node has brought it back with what was in it.")
ANEW = phrase(
    "It had crashed, and crashed again after a restart of the node: a message in it does that, expired or refused by "
    "others. So it was deleted and made anew, and what was in it is gone. Orders in it without an outcome are sent "
    "again by their clients, within some minutes of their running beside a warehouse; orders of other programs must "
    "be sent again there."
)


def finding(patient: InspectedBroker, name: str) -> CheckResult:
    return CheckResult(name, State.PROBLEM, STOPPED, MEND if patient.may_restart else BY_HAND)


def is_crash(error: BrokerUnavailable) -> bool:
    """As a queue answers that has just crashed once more."""
    cause = error_messages.root_of(error)
    return isinstance(cause, exceptions.ConnectionClosed) and cause.reply_code == error_messages.INTERNAL_ERROR


def bring_back(patient: InspectedBroker, queue: Queue, declare: Callable[[], object]) -> Words:
    """By a restart; where that is in vain, without what was in it. What was done."""
    patient.restart()
    if _survives(patient, queue):
        return BACK
    with patient.connect(PATIENCE) as session:
        session.do(lambda channel, answer: channel.queue_delete(queue.name, callback=answer))
    declare()
    return ANEW


def _survives(patient: InspectedBroker, queue: Queue) -> bool:
    """Looking at each message crashes a queue in which one has expired that cannot be dead-lettered."""
    for _ in range(CRASHES):
        try:
            with patient.connect(PATIENCE) as session:
                session.do(partial(_look_at_each, queue))
        except StepRefused as refused:
            if not error_messages.CRASHED.search(refused.text):
                raise
            return False
        except BrokerUnavailable as error:
            if not is_crash(error):
                raise
        else:
            return True
    return False


def _look_at_each(queue: Queue, channel: Channel, answer: Answer) -> None:
    """None is acknowledged: all go back to their places when the channel closes."""

    def look(*_message: Any) -> None:
        channel.basic_get(queue.name, look)

    channel.add_callback(answer, [pika.spec.Basic.GetEmpty])
    look()
