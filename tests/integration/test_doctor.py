"""The doctor, on virtual hosts of the run's RabbitMQ."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from messaging.broker.diagnostics.doctor import CheckResult, State, examine
from messaging.broker.diagnostics.probe import Probe, StepRefused
from messaging.broker.node.private import PrivateNode
from messaging.commands import doctor
from messaging.contract import topology
from messaging.contract.topology import Policy
from messaging.runtime.settings import Settings
from tests.helpers.admin import Admin
from tests.helpers.waiting import eventually

HOW_MANY = 4 + len(topology.EXCHANGES) + len(topology.DECLARED_QUEUES) + len(topology.BINDINGS) + 2 + 6


@pytest.fixture
def management_url(node: PrivateNode) -> str:
    return node.management_url()


def look(url: str, management_url: str, *, fix: bool = False) -> dict[str, CheckResult]:
    return {finding.name: finding for finding in examine(url, management_url, fix=fix)}


def states(found: dict[str, CheckResult]) -> set[State]:
    return {finding.state for finding in found.values()}


def test_an_empty_virtual_host_lacks_everything_and_fix_mends_it(
    broker_url: str, management_url: str, admin: Admin, vhost: str
) -> None:
    for policy in topology.POLICIES:
        admin.set_policy(vhost, Policy(policy.name, "^other$", "queues", policy.definition))
    before = look(broker_url, management_url)
    assert len(before) == HOW_MANY
    assert before["exchange new_orders_exchange"].state is State.PROBLEM
    assert "--fix" in before["exchange new_orders_exchange"].repair
    assert before["binding new_orders_exchange -> new_orders_queue"].state is State.PROBLEM

    mended = look(broker_url, management_url, fix=True)
    assert mended["dead letters of new_orders_queue"].state is State.MENDED
    assert states(mended) == {State.OK, State.MENDED}

    assert states(look(broker_url, management_url)) == {State.OK}


def test_a_wrong_type_is_explained_and_not_touched(broker_url: str, management_url: str) -> None:
    with Probe(broker_url, "test") as session:
        session.do(
            lambda c, answer: c.exchange_declare("notification_exchange", "fanout", durable=True, callback=answer)
        )
        session.do(lambda c, answer: c.queue_declare("new_orders_queue", durable=False, callback=answer))
    found = look(broker_url, management_url, fix=True)
    exchange, queue = found["exchange notification_exchange"], found["queue new_orders_queue"]
    assert exchange.state is queue.state is State.PROBLEM
    assert "a durable topic exchange" in exchange.words
    assert "type" in exchange.words
    assert "durable" in queue.words
    assert "delete it" in exchange.repair


def test_without_management_bindings_are_unknown_and_it_says_so(broker_url: str) -> None:
    found = look(broker_url, "http://nobody:nothing@127.0.0.1:1", fix=True)
    assert found["management"].state is State.UNKNOWN
    assert found["exchange new_orders_exchange"].state is State.MENDED
    assert found["dead letters of new_orders_queue"].state is State.UNKNOWN
    assert State.PROBLEM not in states(found)


@pytest.mark.parametrize(
    ("change", "wrong", "words"),
    [
        (lambda url: url.replace(urlsplit(url).password, "wrong"), "login", "password"),
        (lambda url: url + "-gone", "virtual host", "virtual host"),
        (lambda url: url.replace(str(urlsplit(url).port), "1"), "connection", "Nothing listens"),
    ],
    ids=["wrong password", "no such virtual host", "nothing there"],
)
def test_how_far_a_connection_came_is_told(
    broker_url: str, management_url: str, change: Callable[[str], str], wrong: str, words: str
) -> None:
    *right, last = examine(change(broker_url), management_url, fix=False)
    assert all(finding.state is State.OK for finding in right)
    assert (last.name, last.state) == (wrong, State.PROBLEM)
    assert words in last.words
    assert last.repair


def test_a_shadowing_policy_is_named(broker_url: str, management_url: str, admin: Admin, vhost: str) -> None:
    admin.set_policy(vhost, Policy("short", "^new_orders_queue$", "queues", {"max-length": 5}, priority=9))
    found = look(broker_url, management_url, fix=True)["dead letters of new_orders_queue"]
    assert found.state is State.PROBLEM
    assert "short hides" in found.words


def test_a_policy_without_the_delivery_limit_is_completed(
    broker_url: str, management_url: str, admin: Admin, vhost: str
) -> None:
    """It is for quorum queues alone: a classic queue would not have a policy with a key that it does not know."""
    look(broker_url, management_url, fix=True)
    for policy in topology.POLICIES:
        old: dict[str, str | int] = {"dead-letter-exchange": topology.DEAD_LETTERS.name}
        admin.set_policy(vhost, Policy(policy.name, policy.pattern, policy.apply_to, old, policy.priority))
    found = look(broker_url, management_url)["dead letters of new_orders_queue"]
    if admin.default_queue_type(vhost) == "classic":
        assert found.state is State.OK
        return
    assert found.state is State.PROBLEM
    assert "good orders" in found.words
    assert states(look(broker_url, management_url, fix=True)) == {State.OK, State.MENDED}


def test_the_policy_that_the_doctor_sets_is_in_force(
    broker_url: str, management_url: str, admin: Admin, vhost: str
) -> None:
    look(broker_url, management_url, fix=True)
    kind = admin.default_queue_type(vhost)

    def policy() -> str | None:
        return admin.queue(vhost, "new_orders_queue").get("policy")

    assert eventually(policy, 20, "RabbitMQ's word on the policy") == (
        "order-desk-quorum" if kind == "quorum" else "order-desk-dead-letters"
    )


def test_a_queue_of_another_type_than_the_virtual_host_s_is_explained(
    broker_url: str, management_url: str, admin: Admin, vhost: str
) -> None:
    """Somebody declared it with the argument: without it, as we and the seed do, it is refused."""
    other = "classic" if admin.default_queue_type(vhost) == "quorum" else "quorum"
    with Probe(broker_url, "test") as session:
        session.do(
            lambda c, answer: c.queue_declare(
                "new_orders_queue", durable=True, arguments={"x-queue-type": other}, callback=answer
            )
        )
    found = look(broker_url, management_url, fix=True)["queue new_orders_queue"]
    assert found.state is State.PROBLEM
    assert (f"--default-queue-type {other}" in found.repair) is (admin.version() >= (3, 11))


def test_a_classic_order_queue_is_named_where_it_confirms_before_the_disk(
    broker_url: str, management_url: str, admin: Admin, vhost: str
) -> None:
    if admin.version() >= (3, 13):
        assert admin.default_queue_type(vhost) == "quorum"
        admin.add_vhost(vhost, "classic")
    found = look(broker_url, management_url, fix=True)["queue new_orders_queue"]
    again = look(broker_url, management_url)["queue new_orders_queue"]
    assert (found.state, again.state) == (State.MENDED, State.OK)
    assert ("power cut" in again.words) is (admin.version() >= (3, 13))


def test_the_command_prints_and_tells_by_its_exit_code(
    broker_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its management is looked for at 15672, where the run's node has none: that is unknown, not wrong."""
    parser = argparse.ArgumentParser()
    doctor.add(parser.add_subparsers())
    assert doctor.run(parser.parse_args(["doctor"]), broker_settings) == 1
    assert "problem  exchange new_orders_exchange: It is missing" in capsys.readouterr().out
    assert doctor.run(parser.parse_args(["doctor", "--fix"]), broker_settings) == 0
    assert "mended   queue new_orders_queue" in capsys.readouterr().out


def test_a_refused_step_leaves_the_session_usable(broker_url: str) -> None:
    with Probe(broker_url, "test") as session:
        with pytest.raises(StepRefused, match="404"):
            session.do(lambda c, answer: c.queue_declare("nowhere", passive=True, callback=answer))
        session.do(lambda c, answer: c.queue_declare("", exclusive=True, callback=answer))


def test_the_command_looks_at_each_of_several_addresses(
    broker_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    doctor.add(parser.add_subparsers())
    several = replace(broker_settings, broker=f"amqp://localhost:1,{broker_settings.broker}")
    assert doctor.run(parser.parse_args(["doctor", "--fix"]), several) == 1
    said = capsys.readouterr().out
    assert said.startswith("amqp://localhost:1\nproblem  connection: Nothing listens at localhost:1")
    assert "mended   queue new_orders_queue" in said
