"""Repairing a queue that has crashed in RabbitMQ: a restart of the node, or a new queue where that crashes again."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pika
from pika import exceptions
from pika.channel import Channel

from messaging.broker import error_messages
from messaging.broker.diagnostics.check_results import MEND, CheckResult, State
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.broker.diagnostics.probe import Answer, StepRefused
from messaging.contract.topology import Queue
from messaging.errors import BrokerUnavailable
from messaging.phrases import Words, phrase

CRASHES = 10  # tries after a restart; RabbitMQ gives up after five crashes within ten seconds
PATIENCE = 300.0  # seconds: RabbitMQ itself waits a minute for a queue that crashes on and on, and it may be a long one

STOPPED = phrase("crashed_queues.it_has_crashed_in_rabbitmq_and")
BY_HAND = phrase("crashed_queues.restart_that_rabbitmq_systemctl_restart_rabbitmq")
BACK = phrase("crashed_queues.it_had_crashed_a_restart_of")
ANEW = phrase("crashed_queues.it_had_crashed_and_crashed_again")


def crashed(broker: InspectedBroker, name: str) -> CheckResult:
    return CheckResult(name, State.PROBLEM, STOPPED, MEND if broker.may_restart else BY_HAND)


def is_crash(error: BrokerUnavailable) -> bool:
    """Whether RabbitMQ closed the connection as it does over a queue that has just crashed again (541)."""
    cause = error_messages.root_of(error)
    return isinstance(cause, exceptions.ConnectionClosed) and cause.reply_code == error_messages.INTERNAL_ERROR


def bring_back(broker: InspectedBroker, queue: Queue, declare: Callable[[], object]) -> Words:
    """Restart the node; delete and declare the queue where it crashes again. Return what was done."""
    broker.restart()
    if _survives(broker, queue):
        return BACK
    with broker.connect(PATIENCE) as session:
        session.do(lambda channel, answer: channel.queue_delete(queue.name, callback=answer))
    declare()
    return ANEW


def _survives(broker: InspectedBroker, queue: Queue) -> bool:
    """Get each message, which crashes a queue with an expired one that cannot be dead-lettered; False then."""
    for _ in range(CRASHES):
        try:
            with broker.connect(PATIENCE) as session:
                session.do(partial(_get_each, queue))
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


def _get_each(queue: Queue, channel: Channel, answer: Answer) -> None:
    """Acknowledge none: all return to their places when the channel closes."""

    def get(*_message: Any) -> None:
        channel.basic_get(queue.name, get)

    channel.add_callback(answer, [pika.spec.Basic.GetEmpty])
    get()
