"""Tries an address step by step, so that whoever typed it learns where it ends: name, TCP, TLS, login, virtual host,
rights, topology. Nothing is changed."""

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from messaging.broker.certificate_errors import distrust
from messaging.broker.diagnostics.doctor import CheckResult, State, examine
from messaging.broker.diagnostics.probe import Probe, StepRefused
from messaging.broker.error_messages import ACCESS_REFUSED
from messaging.errors import OrderDeskError
from messaging.phrases import Words, phrase

PATIENCE = 8.0  # seconds for one step
PORTS = {"amqp": 5672, "amqps": 5671}


def try_address(url: str, management_url: str) -> Iterator[CheckResult]:
    """One finding after the other, ending with the first problem that makes the rest pointless."""
    try:
        parts = urlsplit(url)
        host, port, scheme = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 0), parts.scheme
    except ValueError as error:
        yield CheckResult(
            "address",
            State.PROBLEM,
            phrase(f"The address cannot be read: {error}."),
            phrase("write amqp://user@host:port"),
        )
        return
    if scheme not in PORTS:
        words = phrase(f"{scheme or 'Nothing'} is not how RabbitMQ is addressed.")
        yield CheckResult("address", State.PROBLEM, words, phrase("begin with amqp:// or, with TLS, amqps://"))
        return
    for step in (_name(host), _tcp(host, port), *([_tls(host, port)] if scheme == "amqps" else [])):
        yield step
        if step.state is State.PROBLEM:
            return
    for finding in examine(url, management_url, fix=False):
        if finding.name == "management":
            yield _rights(url)
        if finding.name != "connection" or finding.state is not State.OK:
            yield finding


def _name(host: str) -> CheckResult:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        words = phrase(f"{host} has no address: {why}.")
        return CheckResult("name", State.PROBLEM, words, phrase("check the host's name, and the network"))
    return CheckResult("name", State.OK, Words(", ".join(dict.fromkeys(str(one[4][0]) for one in found))))


def _tcp(host: str, port: int) -> CheckResult:
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except TimeoutError:
        words = phrase(f"{host}:{port} does not answer.")
        return CheckResult("TCP", State.PROBLEM, words, phrase("check the address; a firewall may keep it from you"))
    except OSError as error:
        words = phrase(f"Nothing listens at {host}:{port}: {error.strerror or error}.")
        return CheckResult("TCP", State.PROBLEM, words, phrase("start RabbitMQ there, or correct host and port"))
    return CheckResult("TCP", State.OK, phrase(f"port {port} is open"))


def _tls(host: str, port: int) -> CheckResult:
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return CheckResult("TLS", State.OK, Words(str(secure.version())))
    except ssl.SSLCertVerificationError as error:
        what, remedy = distrust(error)
        reason = error.verify_message.rstrip(".")
        return CheckResult("TLS", State.PROBLEM, phrase(f"The certificate {what}: {reason}."), remedy)
    except OSError as error:
        why = getattr(error, "reason", None) or error.strerror or error  # without where in OpenSSL it was noticed
        reason = str(why).replace("_", " ").lower()
        words = phrase(f"It does not answer with TLS: {reason}.")
        return CheckResult(
            "TLS", State.PROBLEM, words, phrase("use the port for TLS (usually 5671), or switch TLS off")
        )


def _rights(url: str) -> CheckResult:
    """Every listener has a queue of its own: an account that may not make one hears nothing."""
    try:
        with Probe(url, "order-desk-trial") as session:
            session.do(lambda channel, answer: channel.queue_declare("", exclusive=True, callback=answer))
    except StepRefused as refused:
        if refused.code == ACCESS_REFUSED:
            repair = phrase("give the account configure, write and read rights here (rabbitmqctl set_permissions)")
            return CheckResult("rights", State.PROBLEM, phrase(f"This account may not listen: {refused}"), repair)
        return CheckResult("rights", State.PROBLEM, refused.words)
    except OrderDeskError as error:
        return CheckResult("rights", State.PROBLEM, error.words)
    return CheckResult("rights", State.OK, phrase("it may have a queue of its own"))
