"""An address tried step by step against a real RabbitMQ: each way to fail says what to do."""

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from messaging.broker.diagnostics.connection_test import try_address
from messaging.broker.diagnostics.doctor import CheckResult, State
from messaging.broker.node.private import PrivateNode
from tests.helpers.admin import Admin


def steps(url: str, node: PrivateNode) -> dict[str, CheckResult]:
    return {found.name: found for found in try_address(url, node.management_url())}


def worst(found: dict[str, CheckResult]) -> CheckResult:
    return next(one for one in found.values() if one.state is State.PROBLEM)


def test_a_good_address_passes_name_tcp_login_virtual_host_and_rights(broker_url: str, node: PrivateNode) -> None:
    found = steps(broker_url, node)
    for step in ("name", "TCP", "login", "virtual host", "rights"):
        assert found[step].state is State.OK, found[step]
    assert any(name.startswith("exchange ") for name in found)


def test_a_wrong_password_is_a_matter_of_the_login(broker_url: str, node: PrivateNode) -> None:
    parts = urlsplit(broker_url)
    wrong = broker_url.replace(f":{parts.password}@", ":wrong@")
    found = steps(wrong, node)
    assert worst(found).name == "login"
    assert "password" in worst(found).repair


def test_a_virtual_host_that_is_not_there_is_named(broker_url: str, node: PrivateNode) -> None:
    found = steps(broker_url.rpartition("/")[0] + "/nowhere", node)
    assert worst(found).name == "virtual host"


def test_tls_where_there_is_none_says_so(broker_url: str, node: PrivateNode) -> None:
    found = steps(broker_url.replace("amqp://", "amqps://"), node)
    assert worst(found).name == "TLS"
    assert "switch TLS off" in worst(found).repair


@pytest.mark.parametrize(
    ("url", "step"), [("http://x", "address"), ("amqp://x:port", "address"), ("amqp://no-such-host.invalid", "name")]
)
def test_what_is_no_address_or_no_host_ends_at_once(url: str, step: str, node: PrivateNode) -> None:
    assert worst(steps(url, node)).name == step


@pytest.fixture
def guest_of_nothing(admin: Admin, vhost: str) -> Iterator[str]:
    """An account that may enter and do nothing."""
    name = f"idle-{uuid4().hex[:8]}"
    admin.add_user(name, "secret")
    admin.permit(vhost, name, "", "", "")
    yield name
    admin.delete_user(name)


def test_an_account_without_rights_learns_that_it_cannot_listen(
    guest_of_nothing: str, broker_url: str, node: PrivateNode
) -> None:
    parts = urlsplit(broker_url)
    url = broker_url.replace(f"{parts.username}:{parts.password}@", f"{guest_of_nothing}:secret@")
    found = steps(url, node)
    assert found["login"].state is State.OK
    assert worst(found).name == "rights"
    assert "set_permissions" in worst(found).repair
