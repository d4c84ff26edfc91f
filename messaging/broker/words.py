"""Why a connection failed, in words that say what to do; and whether trying again can help."""

import re
import socket
import ssl
from urllib.parse import urlsplit

from pika import exceptions
from pika.adapters.utils import connection_workflow as workflow

from messaging.bootstrap.checkout import typed
from messaging.broker.distrust import distrust

ACCESS_REFUSED, NOT_FOUND, PRECONDITION_FAILED, NOT_ALLOWED = 403, 404, 406, 530
FOR_GOOD = {ACCESS_REFUSED, PRECONDITION_FAILED, NOT_ALLOWED}
# Also 406, but of this line only: an acknowledgement that went astray, or that came too late (consumer_timeout).
OF_THIS_LINE = ("unknown delivery tag", "timed out")


def root_of(error: BaseException) -> BaseException:
    """pika wraps what happened in up to four layers: the innermost is the one that says it."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = _inner(error)
        if inner is None:
            return error
        error = inner
    return error


def _inner(error: BaseException) -> BaseException | None:
    if isinstance(error, workflow.AMQPConnectionWorkflowFailed) and error.exceptions:
        return error.exceptions[-1]
    if isinstance(error, workflow.AMQPConnectorPhaseErrorBase):
        return error.exception
    if type(error) is exceptions.AMQPConnectionError and error.args and isinstance(error.args[0], BaseException):
        return error.args[0]
    return error.__cause__


def is_for_good(error: BaseException, *, may_declare: bool = True) -> bool:
    """True where trying again would only be refused again: login, virtual host, rights, arguments; and what
    is missing, where this account may not make it."""
    cause = root_of(error)
    if _is_guess(cause):
        return False
    if isinstance(cause, exceptions.ProbableAuthenticationError | exceptions.AuthenticationError):
        return True
    if isinstance(cause, exceptions.ProbableAccessDeniedError | ssl.SSLCertVerificationError):
        return True
    if not isinstance(cause, exceptions.ConnectionClosed | exceptions.ChannelClosed):
        return False
    if cause.reply_code == NOT_FOUND:
        return not may_declare
    return cause.reply_code in FOR_GOOD and not any(words in cause.reply_text for words in OF_THIS_LINE)


def _is_guess(cause: BaseException) -> bool:
    """A line that was cut while logging in: pika takes it for a refusal, but RabbitMQ says so when it refuses."""
    probable = exceptions.ProbableAuthenticationError | exceptions.ProbableAccessDeniedError
    return isinstance(cause, probable) and "StreamLostError" in str(cause)


def is_without_right(error: BaseException) -> bool:
    """True where the account may not do what a channel was asked for."""
    cause = root_of(error)
    return isinstance(cause, exceptions.ChannelClosed) and cause.reply_code == ACCESS_REFUSED


def explain(error: BaseException, url: str, *, may_declare: bool = True) -> str:
    """One line for a user."""
    cause = root_of(error)
    parts = urlsplit(url)
    where = f"{parts.hostname or 'localhost'}:{parts.port or (5671 if parts.scheme == 'amqps' else 5672)}"
    if _is_guess(cause):
        return f"The connection to RabbitMQ at {where} was lost while logging in."
    for kinds, words in _WORDS:
        if isinstance(cause, kinds):
            vhost, user = parts.path.lstrip("/") or "/", parts.username or "guest"
            return words.format(where=where, vhost=vhost, user=user, distrusted=_distrusted(cause))
    if not may_declare and isinstance(cause, exceptions.ChannelClosed) and cause.reply_code == NOT_FOUND:
        return f"{cause.reply_text[:200]}: only the operator may make it ({typed('messaging')} doctor --fix)."
    missing = re.search(r"no queue '([^']+)'", str(getattr(cause, "reply_text", "")))
    if missing:
        return f"A queue was deleted: {missing[1][:80]}. It is made anew."
    if isinstance(cause, exceptions.ConnectionClosed | exceptions.ChannelClosed):
        return f"RabbitMQ closed the connection: {cause.reply_code} {cause.reply_text[:200]}"
    return f"The connection to RabbitMQ at {where} was lost: {str(cause)[:120] or type(cause).__name__}"


def _distrusted(cause: BaseException) -> str:
    return ": ".join(distrust(cause)) if isinstance(cause, ssl.SSLCertVerificationError) else ""


_WORDS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (
        (exceptions.ProbableAuthenticationError, exceptions.AuthenticationError),
        "RabbitMQ at {where} refused the login of {user}: check name and password.",
    ),
    (
        (exceptions.ProbableAccessDeniedError,),
        "RabbitMQ at {where} does not let {user} into the virtual host {vhost}: does it exist, has the user rights?",
    ),
    ((ConnectionRefusedError,), "Nothing listens at {where}: is RabbitMQ running there?"),
    ((socket.gaierror,), "The name of {where} cannot be resolved: check the host in the broker's URL."),
    ((ssl.SSLCertVerificationError,), "The certificate of RabbitMQ at {where} {distrusted}."),
    (
        (ssl.SSLError,),
        "{where} does not answer with TLS: use RabbitMQ's port for TLS (usually 5671), or begin the address with amqp://.",
    ),
    (
        (exceptions.IncompatibleProtocolError,),
        "{where} does not speak AMQP 0-9-1: if it is a port for TLS, begin the address with amqps://; "
        "RabbitMQ may also still be starting there.",
    ),
    (
        (exceptions.AMQPHeartbeatTimeout,),
        "RabbitMQ at {where} did not answer any more: it is frozen, or the network is cut.",
    ),
    (
        (TimeoutError, workflow.AMQPConnectorStackTimeout),
        "RabbitMQ at {where} does not answer: is it frozen or overloaded?",
    ),
)
