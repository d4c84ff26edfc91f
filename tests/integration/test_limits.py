"""What one account may use up at RabbitMQ: connections, channels, queues."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pika
import pytest
from pika import exceptions

from messaging.broker.diagnostics.doctor import State
from messaging.broker.diagnostics.management_api import ROOT_VHOST
from messaging.contract import topology
from messaging.contract.topology import Limits, Policy
from messaging.ports import Phase
from tests.helpers.accounts import client_account
from tests.helpers.admin import Admin
from tests.helpers.doctored_vhost import Clinic
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

MALLORY = "mallory"


@pytest.fixture
def mallory_url(clinic: Clinic) -> Iterator[str]:
    with client_account(clinic.admin, clinic.url, MALLORY) as url:
        yield url


def connect(url: str) -> "closing[pika.BlockingConnection]":
    return closing(pika.BlockingConnection(pika.URLParameters(url)))


def test_the_private_node_limits_its_account_and_its_queues(admin: Admin) -> None:
    assert admin.user_limits()["operator"] == topology.PRIVATE_LIMITS.definition
    assert admin.vhost_limits(ROOT_VHOST) == {"max-queues": topology.MOST_QUEUES}
    assert topology.LISTENERS.name in {row["name"] for row in admin.policies(ROOT_VHOST)}


def test_an_account_without_limits_is_named_and_limited(clinic: Clinic, mallory_url: str) -> None:
    found = clinic.look()[f"limits of {MALLORY}"]
    assert found.state is State.PROBLEM
    assert clinic.look(fix=True)[f"limits of {MALLORY}"].state is State.MENDED
    assert clinic.admin.user_limits()[MALLORY] == topology.ACCOUNT_LIMITS.definition
    assert clinic.look()["limits of accounts"].state is State.OK
    with ExitStack() as stack:
        for _ in range(topology.ACCOUNT_LIMITS.connections):
            stack.enter_context(connect(mallory_url))
        with pytest.raises(exceptions.AMQPConnectionError):
            connect(mallory_url)


def test_channels_are_limited_too(clinic: Clinic, mallory_url: str) -> None:
    clinic.admin.limit_user(MALLORY, Limits(connections=5, channels=7))
    connection = pika.BlockingConnection(pika.URLParameters(mallory_url))
    for _ in range(7):
        connection.channel()
    with pytest.raises(exceptions.AMQPError, match="limit"):
        connection.channel()


def test_an_account_that_is_used_elsewhere_too_is_left_to_its_operator(clinic: Clinic, mallory_url: str) -> None:
    clinic.admin.permit(ROOT_VHOST, MALLORY, "^$", "^$", "^$")
    found = clinic.look(fix=True)[f"limits of {MALLORY}"]
    assert found.state is State.NOTE
    assert f"rabbitmqctl set_user_limits '{MALLORY}'" in found.repair
    assert MALLORY not in clinic.admin.user_limits()
    assert mallory_url


def test_limits_of_the_operator_s_choice_stay(clinic: Clinic, mallory_url: str) -> None:
    clinic.admin.limit_user(MALLORY, Limits(connections=3, channels=20_000))
    found = clinic.look(fix=True)
    assert found["limits of accounts"].state is State.OK
    assert clinic.admin.user_limits()[MALLORY] == {"max-connections": 3, "max-channels": 20_000}
    assert mallory_url


def test_a_client_over_its_limit_says_so(clinic: Clinic, mallory_url: str, tmp_path: Path) -> None:
    """None is allowed here: RabbitMQ counts a connection a moment after it has opened, so that two may pass for one."""
    clinic.admin.limit_user(MALLORY, Limits(connections=0, channels=100))
    shop = Shop(tmp_path, mallory_url, retry_most=0.3)
    with shop.client(shop.profile(MALLORY, MALLORY)) as (_, told):
        told.until(lambda t: any("open no more" in state.reason for state in t.states))
        assert any(state.phase is Phase.REFUSED for state in told.states)  # and asks again in a minute


def test_durable_queues_of_others_are_named(clinic: Clinic, mallory_url: str) -> None:
    """Exclusive ones are listeners: they are not."""
    with connect(mallory_url) as mallory:
        kind = {"x-queue-type": "classic"}  # else RabbitMQ 4 refuses it, with a virtual host of quorum queues
        name = mallory.channel().queue_declare("", durable=True, arguments=kind).method.queue
    with connect(mallory_url) as listener:
        listener.channel().queue_declare("", exclusive=True)
        found = clinic.look()["queues of others"]
        assert found.state is State.PROBLEM
        assert ": 1, " in found.words
        assert name in found.repair


def test_a_queue_that_dead_letters_into_ours_is_named(clinic: Clinic, mallory_url: str) -> None:
    trick = {"x-dead-letter-exchange": topology.NEW_ORDERS.name, "x-message-ttl": 0}
    with connect(mallory_url) as mallory:
        queue = mallory.channel().queue_declare("", exclusive=True, arguments=trick).method.queue
        found = clinic.look(fix=True)[f"dead letters of {queue}"]
        assert found.state is State.PROBLEM
        assert f"comes into {topology.NEW_ORDERS.name}" in found.words


def test_a_listener_s_queue_has_its_limits(clinic: Clinic, mallory_url: str) -> None:
    with connect(mallory_url) as listener:
        queue = listener.channel().queue_declare("", exclusive=True).method.queue
        assert eventually(lambda: clinic.admin.queue(clinic.vhost, queue).get("policy")) == topology.LISTENERS.name


def test_limits_of_listeners_that_are_missing_are_set_and_hidden_ones_are_named(clinic: Clinic) -> None:
    ours = topology.LISTENERS
    clinic.admin.set_policy(clinic.vhost, Policy(ours.name, "^other$", "queues", ours.definition))
    assert clinic.look()["limits of listeners' queues"].state is State.PROBLEM
    assert clinic.look(fix=True)["limits of listeners' queues"].state is State.MENDED
    clinic.admin.set_policy(clinic.vhost, Policy("all", ".*", "all", {"max-length": 10**6}, priority=5))
    found = clinic.look(fix=True)["limits of listeners' queues"]
    assert found.state is State.PROBLEM
    assert "The policy all hides order-desk-listeners" in found.words


def test_queues_of_a_shared_virtual_host_are_not_limited_unasked(clinic: Clinic) -> None:
    assert clinic.admin.vhost_limits(clinic.vhost) == {"max-queues": topology.MOST_QUEUES}
    clinic.admin.limit_queues(clinic.vhost, -1)
    clinic.do(lambda c, answer: c.queue_declare("somebody's", durable=True, callback=answer))
    found = clinic.look(fix=True)["limit of queues"]
    assert found.state is State.NOTE
    assert "rabbitmqctl set_vhost_limits" in found.repair
