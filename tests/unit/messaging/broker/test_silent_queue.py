"""The doctor beside a queue that crashes on and on: RabbitMQ 3.10 then answers for a minute nothing about it."""

from typing import Any, cast

import pytest

from messaging.broker.diagnostics.check_results import MEND, State
from messaging.broker.diagnostics.declared import exchanges, queues
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.errors import BrokerUnavailable
from messaging.phrases import Words


class Silent:
    """Whatever is asked of it, no answer comes."""

    def __init__(self, *, may_restart: bool = False) -> None:
        self.may_restart = may_restart

    @property
    def session(self) -> "Silent":
        return self

    def do(self, _step: Any) -> Any:
        raise BrokerUnavailable(Words("RabbitMQ does not answer")) from TimeoutError("no answer from RabbitMQ")


def test_a_queue_that_does_not_answer_is_named_with_what_helps() -> None:
    found = next(queues(cast("InspectedBroker", Silent()))).inspect()
    assert found.state is State.PROBLEM
    assert "delete_queue" in found.repair


def test_of_the_private_node_the_doctor_mends_it_itself() -> None:
    found = next(queues(cast("InspectedBroker", Silent(may_restart=True)))).inspect()
    assert (found.state, found.repair) == (State.PROBLEM, MEND)


def test_where_nothing_answers_no_exchange_is_blamed() -> None:
    with pytest.raises(BrokerUnavailable):
        next(exchanges(cast("InspectedBroker", Silent()))).inspect()
