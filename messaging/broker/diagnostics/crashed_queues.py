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

STOPPED = phrase("crashed_queues.it_has_crashed_in_rabbitmq_and")
BY_HAND = phrase("crashed_queues.restart_that_rabbitmq_systemctl_restart_rabbitmq")
BACK = phrase("crashed_queues.it_had_crashed_a_restart_of")
ANEW = phrase("crashed_queues.it_had_crashed_and_crashed_again")


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
