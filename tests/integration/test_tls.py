"""TLS with RabbitMQ's own listener: what goes through, and each way not to get there in words that say what to do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from messaging.broker.diagnostics.connection_test import try_address
from messaging.broker.diagnostics.doctor import CheckResult, State, examine
from messaging.broker.node.private import PrivateNode
from messaging.domain.orders import new_order
from messaging.history.records import OrderState
from messaging.ports import Phase
from tests.helpers.proxy import proxy_to
from tests.helpers.services import Shop
from tests.helpers.tls import TlsListener


@pytest.fixture
def trusted(tls: TlsListener, monkeypatch: pytest.MonkeyPatch) -> TlsListener:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.ca_file))
    return tls


def worst(findings: Iterator[CheckResult]) -> CheckResult:
    return next(finding for finding in findings if finding.state is State.PROBLEM)


def test_an_order_travels_by_tls_where_its_authority_is_known(
    tmp_path: Path, trusted: TlsListener, broker_url: str, node: PrivateNode
) -> None:
    url = trusted.url(broker_url)
    shop = Shop(tmp_path, url)
    alice = shop.profile()
    with shop.warehouse(), shop.client(alice) as (client, told):
        client.place(order := new_order(alice.user_id, [("laptop", 1)])).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)
        assert "amqps://" in told.states[-1].reason
    examined = list(examine(url, trusted.management_url(broker_url), fix=True))
    assert {finding.state for finding in examined} <= {State.OK, State.MENDED}  # it looks at policies by TLS, too
    found = {finding.name: finding for finding in try_address(url, node.management_url())}
    assert found["TLS"].words.startswith("TLSv1.")
    assert found["rights"].state is State.OK


Way = Callable[[TlsListener, str], AbstractContextManager[str]]


@contextmanager
def another_name(tls: TlsListener, broker_url: str) -> Iterator[str]:
    yield tls.url(broker_url, "127.0.0.1")


@contextmanager
def tls_to_a_plain_port(_tls: TlsListener, broker_url: str) -> Iterator[str]:
    yield broker_url.replace("amqp://", "amqps://")


@contextmanager
def plain_to_a_tls_port(tls: TlsListener, broker_url: str) -> Iterator[str]:
    yield tls.url(broker_url).replace("amqps://", "amqp://")


@contextmanager
def expired(tls: TlsListener, broker_url: str) -> Iterator[str]:
    with proxy_to(broker_url, tls.expired()) as proxy:
        yield proxy.url


@contextmanager
def unknown_authority(tls: TlsListener, broker_url: str) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE")
        yield tls.url(broker_url)


@contextmanager
def authority_in_no_file(tls: TlsListener, broker_url: str) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", "ca-of-yesterday.pem")
        yield tls.url(broker_url)


@dataclass(frozen=True, slots=True)
class Case:
    way: Way
    why: str
    remedy: str
    for_good: bool  # then it is asked once a minute, not without end


CASES = (
    Case(another_name, "is for another name", "use the host name that stands in it", True),
    Case(expired, "has expired", "have it renewed there", True),
    Case(unknown_authority, "is signed by nobody whom this machine trusts", "in SSL_CERT_FILE", True),
    Case(authority_in_no_file, "is signed by nobody", "names ca-of-yesterday.pem, which is no file", True),
    Case(tls_to_a_plain_port, "does not answer with TLS", "(usually 5671)", False),
    Case(plain_to_a_tls_port, "does not speak AMQP 0-9-1", "begin the address with amqps://", False),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.way.__name__)
def test_whoever_does_not_get_through_learns_why_and_what_to_do(
    case: Case, tmp_path: Path, trusted: TlsListener, broker_url: str, node: PrivateNode
) -> None:
    with case.way(trusted, broker_url) as url:
        doctor = worst(examine(url, node.management_url(), fix=False))
        assert doctor.name == "connection"
        trial = worst(try_address(url, node.management_url()))
        shop = Shop(tmp_path, url)
        with shop.client(shop.profile()) as (_, told):
            told.until(lambda t: t.states[-1].phase in (Phase.WAITING, Phase.REFUSED) if t.states else False)
            status = told.states[-1]
    assert (status.phase is Phase.REFUSED) is case.for_good
    for words in (doctor.words, f"{trial.words} {trial.repair}", status.reason):
        assert case.why in words
        assert case.remedy in words
        assert "\n" not in words
        assert "SSL:" not in words
