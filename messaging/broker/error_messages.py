"""Why a connection failed and what to do about it; and whether trying again can help."""

import re
import socket
import ssl
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from pika import exceptions
from pika.adapters.utils import connection_workflow as workflow

from messaging.bootstrap.checkout import typed
from messaging.broker.certificate_errors import explain_certificate
from messaging.phrases import Words, phrase

ACCESS_REFUSED, NOT_FOUND, PRECONDITION_FAILED, NOT_ALLOWED, INTERNAL_ERROR = 403, 404, 406, 530, 541
FOR_GOOD = {ACCESS_REFUSED, PRECONDITION_FAILED, NOT_ALLOWED}
# Also 406, but of this connection only: an acknowledgement of an unknown tag, or one too late (consumer_timeout).
OF_THIS_CONNECTION = ("unknown delivery tag", "timed out")
TOO_LARGE = re.compile(r"message size \d+ is larger than (?:configured )?max size (\d+)")  # also 406: of one message
NODE_DOWN = re.compile(r"home node '([^']+)' of durable queue '([^']+)'")  # also 404: it comes back with its node
# 404 as well: its node must be restarted. The second where RabbitMQ has waited a minute for one that crashes on and on.
CRASHED = re.compile(r"queue '([^']+)' in vhost .* (?:has crashed|due to timeout)")
LIMIT = re.compile(r"[a-z ]*limit[a-z ]*(?:'[^']*' )?\(\d+\)[a-z ]*")  # of connections, channels, queues
DOCTOR = f"{typed('messaging')} doctor --fix"


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
        return not may_declare and not NODE_DOWN.search(cause.reply_text)
    return cause.reply_code in FOR_GOOD and not _is_of_this_connection(cause.reply_text)


def _is_of_this_connection(text: str) -> bool:
    return any(words in text for words in OF_THIS_CONNECTION) or TOO_LARGE.search(text) is not None


def largest_message(error: BaseException) -> int | None:
    """The most bytes that RabbitMQ takes, where it closed a channel over a message that was larger."""
    found = TOO_LARGE.search(error.reply_text) if isinstance(error, exceptions.ChannelClosedByBroker) else None
    return int(found[1]) if found else None


def _is_guess(cause: BaseException) -> bool:
    """A connection lost during the login: pika takes it for a refusal, but RabbitMQ sends a reason when it refuses."""
    probable = exceptions.ProbableAuthenticationError | exceptions.ProbableAccessDeniedError
    return isinstance(cause, probable) and "StreamLostError" in str(cause)


def is_without_right(error: BaseException) -> bool:
    """True where the account may not do what a channel was asked for."""
    cause = root_of(error)
    return isinstance(cause, exceptions.ChannelClosed) and cause.reply_code == ACCESS_REFUSED


def explain(error: BaseException, url: str, *, may_declare: bool = True) -> Words:
    """One line for a user."""
    cause, at = root_of(error), _Place.of(url)
    if _is_guess(cause):
        return phrase("error_messages.the_connection_to_rabbitmq_at_was_lost", where=at.where)
    if isinstance(cause, ssl.SSLCertVerificationError):
        what, remedy = explain_certificate(cause)
        return phrase("error_messages.the_certificate_of_rabbitmq_at", where=at.where, what=what, remedy=remedy)
    if limit := LIMIT.search(str(cause)):
        reached = limit[0].strip()
        return phrase("error_messages.rabbitmq_lets_open_no_more_close", user=at.user, reached=reached)
    for kinds, say in _WORDS:
        if isinstance(cause, kinds):
            return say(at)
    if isinstance(cause, exceptions.ConnectionClosed | exceptions.ChannelClosed):
        return _closed(cause, may_declare)
    why = str(cause)[:120] or type(cause).__name__
    return phrase("error_messages.the_connection_to_rabbitmq_at_was", where=at.where, why=why)


def _closed(cause: exceptions.ConnectionClosed | exceptions.ChannelClosed, may_declare: bool) -> Words:
    text = cause.reply_text[:200]
    if down := NODE_DOWN.search(cause.reply_text):
        node, queue = down[1][:80], down[2][:80]
        return phrase("error_messages.the_node_of_the_cluster_which", node=node, queue=queue)
    if crashed := CRASHED.search(cause.reply_text):
        queue = crashed[1][:80]
        return phrase("error_messages.the_queue_has_crashed_in_rabbitmq", queue=queue, doctor=DOCTOR)
    if not may_declare and isinstance(cause, exceptions.ChannelClosed) and cause.reply_code == NOT_FOUND:
        return phrase("error_messages.only_the_operator_may_make_it", text=text, doctor=DOCTOR)
    if large := TOO_LARGE.search(cause.reply_text):
        return phrase("error_messages.rabbitmq_takes_no_message_of_more", large=int(large[1]))
    missing = re.search(r"no queue '([^']+)'", text)
    if missing:
        queue = missing[1][:80]
        return phrase("error_messages.a_queue_was_deleted_it_is", queue=queue)
    return phrase("error_messages.rabbitmq_closed_the_connection", reply_code=cause.reply_code, text=text)


class _Place(NamedTuple):
    """The parts of a URL that a message shows; never its password."""

    where: str
    user: str
    vhost: str

    @classmethod
    def of(cls, url: str) -> "_Place":
        parts = urlsplit(url)
        port = parts.port or (5671 if parts.scheme == "amqps" else 5672)
        return cls(f"{parts.hostname or 'localhost'}:{port}", parts.username or "guest", parts.path.lstrip("/") or "/")


_WORDS: tuple[tuple[tuple[type[BaseException], ...], Callable[[_Place], Words]], ...] = (
    (
        (exceptions.ProbableAuthenticationError, exceptions.AuthenticationError),
        lambda at: phrase("error_messages.rabbitmq_at_refused_the_login_of", where=at.where, user=at.user),
    ),
    (
        (exceptions.ProbableAccessDeniedError,),
        lambda at: phrase("error_messages.rabbitmq_at_does_not_let_into", where=at.where, user=at.user, vhost=at.vhost),
    ),
    (
        (ConnectionRefusedError,),
        lambda at: phrase("error_messages.nothing_listens_at_is_rabbitmq_running", where=at.where),
    ),
    (
        (socket.gaierror,),
        lambda at: phrase("error_messages.the_name_of_cannot_be_resolved", where=at.where),
    ),
    (
        (ssl.SSLError,),
        lambda at: phrase("error_messages.does_not_answer_with_tls_use", where=at.where),
    ),
    (
        (exceptions.IncompatibleProtocolError,),
        lambda at: phrase("error_messages.does_not_speak_amqp_0_9", where=at.where),
    ),
    (
        (exceptions.AMQPHeartbeatTimeout,),
        lambda at: phrase("error_messages.rabbitmq_at_did_not_answer_any", where=at.where),
    ),
    (
        # the last one: the server accepts the connection and sends nothing
        (TimeoutError, workflow.AMQPConnectorStackTimeout, exceptions.ConnectionOpenAborted),
        lambda at: phrase("error_messages.rabbitmq_at_does_not_answer_is", where=at.where),
    ),
)
