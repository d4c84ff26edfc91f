"""Comparing a broker with the topology: each thing that is missing or wrong, and its repair."""

from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from pika import exceptions

from messaging.broker import error_messages
from messaging.broker.diagnostics import bindings, declared, foreign_policies, foreign_queues, limits, policies
from messaging.broker.diagnostics.check_results import MEND, Check, CheckResult, State
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.broker.diagnostics.management_api import ROOT_VHOST, ManagementApi
from messaging.broker.error_messages import ACCESS_REFUSED, NOT_ALLOWED
from messaging.errors import BrokerRefused, BrokerUnavailable, OrderDeskError
from messaging.phrases import phrase

__all__ = ["CheckResult", "State", "examine"]

CHECKS: tuple[Callable[[InspectedBroker], Iterator[Check]], ...] = (
    declared.exchanges,
    declared.queues,
    bindings.ours,
    policies.ours,
    bindings.others,
    foreign_policies.others,
    limits.listeners,
    limits.queues,
    limits.accounts,
    foreign_queues.queues,
)


def examine(
    url: str, management_url: str, *, fix: bool, restart: Callable[[], str] | None = None
) -> Iterator[CheckResult]:
    """Yield the result of each check. With `fix` what is missing is declared; what is wrong but would lose messages
    when repaired (another type, other arguments) is only reported.

    `restart` restarts the node and returns its URL, where a repair needs that.
    """
    with ManagementApi(management_url) as admin:
        try:
            broker = InspectedBroker(url, admin, unquote(urlsplit(url).path[1:]) or ROOT_VHOST, restart)
        except OrderDeskError as error:
            yield from _not_connected(error)
            return
        with broker:
            yield from (CheckResult(name, State.OK) for name in ("connection", "login", "virtual host"))
            yield broker.management()
            for checks in CHECKS:
                for check in _allowed(checks, broker):
                    yield _run(check, fix)


def _allowed(checks: Callable[[InspectedBroker], Iterator[Check]], broker: InspectedBroker) -> Iterator[Check]:
    """Report checks that need an administrator as unknown where the account is none."""
    try:
        yield from checks(broker)
    except (BrokerRefused, BrokerUnavailable) as error:
        found = CheckResult("management", State.UNKNOWN, error.words, phrase("doctor.use_an_account_that_may_manage"))
        yield Check(lambda: found)


def _run(check: Check, fix: bool) -> CheckResult:
    found = check.inspect()
    if not fix or found.state is State.OK or found.repair != MEND:
        return found
    try:
        done = check.mend()
    except OrderDeskError as error:
        return CheckResult(
            found.name, State.PROBLEM, phrase("doctor.it_could_not_be_mended", words=found.words, error=error)
        )
    again = check.inspect()
    if again.state is State.PROBLEM:
        return again
    return CheckResult(found.name, State.MENDED, again.words if again.state is State.UNKNOWN else done or found.words)


def _not_connected(error: OrderDeskError) -> Iterator[CheckResult]:
    """The error shows which steps succeeded before it: the connection, the login, the virtual host."""
    cause = error_messages.root_of(error)
    code = cause.reply_code if isinstance(cause, exceptions.ConnectionClosed) else 0
    if isinstance(cause, exceptions.ProbableAccessDeniedError) or code == NOT_ALLOWED:
        yield CheckResult("connection", State.OK)
        yield CheckResult("login", State.OK)
        repair = phrase("doctor.create_the_virtual_host_or_give")
        yield CheckResult("virtual host", State.PROBLEM, error.words, repair)
    elif isinstance(cause, exceptions.ProbableAuthenticationError | exceptions.AuthenticationError) or (
        code == ACCESS_REFUSED
    ):
        yield CheckResult("connection", State.OK)
        repair = phrase("doctor.check_name_and_password_in_broker")
        yield CheckResult("login", State.PROBLEM, error.words, repair)
    else:
        repair = phrase("doctor.mend_that_or_give_another_address")
        yield CheckResult("connection", State.PROBLEM, error.words, repair)
