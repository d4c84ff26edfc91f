"""Checks of limits, without which one account could use up connections, channels, queues and memory for all."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from messaging.broker.diagnostics import policies
from messaging.broker.diagnostics.check_results import MEND, Check, CheckResult, State, shown, unseen
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.contract import topology
from messaging.contract.topology import Limits
from messaging.phrases import phrase

ACCOUNTS = phrase("limits.limits_of_accounts")
QUEUES = phrase("limits.limit_of_queues")
LISTENERS = phrase("limits.limits_of_listeners_queues")


def listeners(broker: InspectedBroker) -> Iterator[Check]:
    """Check the policy in force for listeners' queues: the one with the highest priority that matches their names."""
    wanted = topology.LISTENERS

    def inspect() -> CheckResult:
        if not broker.is_managed:
            return unseen(LISTENERS)
        rows = [row for row in broker.admin.policies(broker.vhost) if _is_for_listeners(row)]
        best = max(rows, key=lambda row: int(row["priority"]), default=None)
        if best is not None and best["definition"].keys() >= wanted.definition.keys():
            return CheckResult(LISTENERS, State.OK)
        harm = phrase("limits.a_listener_that_hears_nothing_or")
        if best is not None and best["name"] != wanted.name and best["priority"] >= wanted.priority:
            return policies.hidden(LISTENERS, wanted, best["name"], harm)
        return CheckResult(LISTENERS, State.PROBLEM, phrase("limits.no_policy_sets_them", harm=harm), MEND)

    yield Check(inspect, lambda: broker.admin.set_policy(broker.vhost, wanted))


def _is_for_listeners(row: dict[str, Any]) -> bool:
    name = f"{topology.SERVER_NAMED}abc"
    return row["apply-to"] in ("all", "queues", "classic_queues") and re.search(row["pattern"], name) is not None


def queues(broker: InspectedBroker) -> Iterator[Check]:
    """Check the limit of queues; it is only a note where other owners have queues in the virtual host, which it would
    limit."""
    if not broker.is_managed:
        yield Check(lambda: unseen(QUEUES))
        return
    ours = {queue.name for queue in topology.DECLARED_QUEUES}

    def inspect() -> CheckResult:
        if broker.admin.vhost_limits(broker.vhost).get("max-queues", -1) >= 0:
            return CheckResult(QUEUES, State.OK)
        text = phrase("limits.an_account_may_make_queues_in")
        command = f"""rabbitmqctl set_vhost_limits -p '{broker.vhost}' '{{"max-queues": {topology.MOST_QUEUES}}}'"""
        names = [row["name"] for row in broker.admin.queues(broker.vhost)]
        others = [name for name in names if name not in ours and not name.startswith(topology.SERVER_NAMED)]
        if others or len(names) > topology.MOST_QUEUES // 2:
            repair = phrase("limits.choose_a_number_that_all_who", command=command)
            return CheckResult(QUEUES, State.NOTE, text, repair)
        return CheckResult(QUEUES, State.PROBLEM, text, MEND)

    yield Check(inspect, lambda: broker.admin.limit_queues(broker.vhost, topology.MOST_QUEUES))


def accounts(broker: InspectedBroker) -> Iterator[Check]:
    """Check the limits of all accounts with rights in this virtual host but administrators, who could remove a
    limit."""
    if not broker.is_managed:
        yield Check(lambda: unseen(ACCOUNTS))
        return
    lacking = _lacking(broker)
    for user in lacking:
        mend = partial(broker.admin.limit_user, user, topology.ACCOUNT_LIMITS)
        yield Check(partial(_inspect_account, broker, user), mend)
    if not lacking:
        yield Check(lambda: CheckResult(ACCOUNTS, State.OK))


def _lacking(broker: InspectedBroker) -> list[str]:
    limited = broker.admin.user_limits()
    administrators = {row["name"] for row in broker.admin.user_rows() if "administrator" in row["tags"]}
    users = {row["user"] for row in broker.admin.permissions() if row["vhost"] == broker.vhost}
    return sorted(user for user in users - administrators if not _is_limited(limited.get(user, {})))


def _is_limited(limits: dict[str, int]) -> bool:
    return all(limits.get(key, -1) >= 0 for key in topology.ACCOUNT_LIMITS.definition)


def _inspect_account(broker: InspectedBroker, user: str) -> CheckResult:
    name = phrase("limits.limits_of", user=shown(user))
    if user not in _lacking(broker):
        return CheckResult(name, State.OK)
    text = phrase("limits.this_account_may_open_connections_and")
    limits = topology.ACCOUNT_LIMITS
    if _is_shared(broker, user, limits):
        command = f"rabbitmqctl set_user_limits '{shown(user)}' '{limits.as_json}'"
        words = phrase("limits.it_is_used_elsewhere_too_or", command=command)
        return CheckResult(name, State.NOTE, text, words)
    return CheckResult(name, State.PROBLEM, text, MEND)


def _is_shared(broker: InspectedBroker, user: str, limits: Limits) -> bool:
    """Whether the account works elsewhere, or has many connections: a limit holds in all virtual hosts."""
    elsewhere = [row for row in broker.admin.permissions() if row["user"] == user and row["vhost"] != broker.vhost]
    connections = Counter(row.get("user") for row in broker.admin.connections())
    return bool(elsewhere) or connections[user] > limits.connections // 2
