"""Trying an address step by step, to show at which step it fails: name, TCP, TLS, login, virtual host, rights,
topology. Nothing is changed at the broker."""

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from messaging.broker.certificate_errors import explain_certificate
from messaging.broker.diagnostics.doctor import CheckResult, State, examine
from messaging.broker.diagnostics.probe import Probe, StepRefused
from messaging.broker.error_messages import ACCESS_REFUSED
from messaging.errors import OrderDeskError
from messaging.phrases import Words, phrase

PATIENCE = 8.0  # seconds for one step
PORTS = {"amqp": 5672, "amqps": 5671}


def try_address(url: str, management_url: str) -> Iterator[CheckResult]:
    """Yield a result for each step; end with the first problem that makes further steps pointless."""
    try:
        parts = urlsplit(url)
        host, port, scheme = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 0), parts.scheme
    except ValueError as error:
        yield CheckResult(
            "address",
            State.PROBLEM,
            phrase("connection_test.the_address_cannot_be_read", error=error),
            phrase("connection_test.write_amqp_user_host_port"),
        )
        return
    if scheme not in PORTS:
        words = phrase("connection_test.is_not_how_rabbitmq_is_addressed", scheme=scheme or "Nothing")
        yield CheckResult("address", State.PROBLEM, words, phrase("connection_test.begin_with_amqp_or_with_tls"))
        return
    for step in (_name(host), _tcp(host, port), *([_tls(host, port)] if scheme == "amqps" else [])):
        yield step
        if step.state is State.PROBLEM:
            return
    for result in examine(url, management_url, fix=False):
        if result.name == "management":
            yield _rights(url)
        if result.name != "connection" or result.state is not State.OK:
            yield result


def _name(host: str) -> CheckResult:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        words = phrase("connection_test.has_no_address", host=host, why=why)
        return CheckResult("name", State.PROBLEM, words, phrase("connection_test.check_the_hosts_name_and_the"))
    return CheckResult("name", State.OK, Words(", ".join(dict.fromkeys(str(one[4][0]) for one in found))))


def _tcp(host: str, port: int) -> CheckResult:
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except TimeoutError:
        words = phrase("connection_test.does_not_answer", host=host, port=port)
        return CheckResult("TCP", State.PROBLEM, words, phrase("connection_test.check_the_address_a_firewall_may"))
    except OSError as error:
        words = phrase("connection_test.nothing_listens_at", host=host, port=port, strerror=error.strerror or error)
        return CheckResult("TCP", State.PROBLEM, words, phrase("connection_test.start_rabbitmq_there_or_correct_host"))
    return CheckResult("TCP", State.OK, phrase("connection_test.port_is_open", port=port))


def _tls(host: str, port: int) -> CheckResult:
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return CheckResult("TLS", State.OK, Words(str(secure.version())))
    except ssl.SSLCertVerificationError as error:
        what, remedy = explain_certificate(error)
        reason = error.verify_message.rstrip(".")
        return CheckResult(
            "TLS", State.PROBLEM, phrase("connection_test.the_certificate", what=what, reason=reason), remedy
        )
    except OSError as error:
        why = (
            getattr(error, "reason", None) or error.strerror or error
        )  # `reason` leaves out the place in OpenSSL's sources
        reason = str(why).replace("_", " ").lower()
        words = phrase("connection_test.it_does_not_answer_with_tls", reason=reason)
        return CheckResult("TLS", State.PROBLEM, words, phrase("connection_test.use_the_port_for_tls_usually"))


def _rights(url: str) -> CheckResult:
    """Check that the account may declare a queue: every listener needs one of its own."""
    try:
        with Probe(url, "order-desk-connection-test") as session:
            session.do(lambda channel, answer: channel.queue_declare("", exclusive=True, callback=answer))
    except StepRefused as refused:
        if refused.code == ACCESS_REFUSED:
            repair = phrase("connection_test.give_the_account_configure_write_and")
            return CheckResult(
                "rights", State.PROBLEM, phrase("connection_test.this_account_may_not_listen", refused=refused), repair
            )
        return CheckResult("rights", State.PROBLEM, refused.words)
    except OrderDeskError as error:
        return CheckResult("rights", State.PROBLEM, error.words)
    return CheckResult("rights", State.OK, phrase("connection_test.it_may_have_a_queue_of"))
