"""The management API, on the run's RabbitMQ."""

import pytest

from messaging.broker.diagnostics.probe import Probe
from messaging.contract import topology
from messaging.errors import BrokerRefused, BrokerUnavailable
from tests.helpers.admin import Admin
from tests.helpers.waiting import eventually


def test_a_new_virtual_host_has_the_policy_and_no_topology(admin: Admin, vhost: str, broker_url: str) -> None:
    assert {policy["name"] for policy in admin.policies(vhost)} == {policy.name for policy in topology.POLICIES}
    assert admin.queues(vhost) == []
    Probe(broker_url, "test").close()


def test_the_operator_is_the_only_user(admin: Admin) -> None:
    assert admin.users() == ["operator"]


def test_a_connection_is_listed_and_can_be_closed(admin: Admin, broker_url: str) -> None:
    def mine() -> list[str]:
        rows = admin.connections()
        return [
            row["name"] for row in rows if row.get("client_properties", {}).get("connection_name") == "to-be-closed"
        ]

    with Probe(broker_url, "to-be-closed") as session:
        (name,) = eventually(mine)
        admin.close_connection(name, "for a test")
        with pytest.raises(BrokerUnavailable, match="for a test"):
            session.do(lambda channel, answer: channel.queue_declare("", exclusive=True, callback=answer))


def test_a_refusal_says_what_was_refused(admin: Admin) -> None:
    with pytest.raises(BrokerRefused, match="DELETE vhosts/no-such-host"):
        admin.delete_vhost("no-such-host")


def test_nobody_there_is_said_in_one_line() -> None:
    with Admin("http://operator:secret@127.0.0.1:1") as admin, pytest.raises(BrokerUnavailable) as caught:
        admin.users()
    assert "127.0.0.1:1 does not answer" in str(caught.value)
    assert "secret" not in str(caught.value)
