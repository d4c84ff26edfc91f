"""Checks that our policies are in force, and hidden by no other."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from messaging.broker.diagnostics.check_results import MEND, Check, CheckResult, State, shown, unseen
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.contract import topology
from messaging.contract.topology import Policy, Queue
from messaging.phrases import Words, phrase


def ours(broker: InspectedBroker) -> Iterator[Check]:
    for queue in topology.QUEUES:
        if policies := [policy for policy in topology.POLICIES if re.search(policy.pattern, queue.name)]:
            yield _ours(broker, policies, queue)


def _ours(broker: InspectedBroker, policies: list[Policy], queue: Queue) -> Check:
    name = phrase("foreign_queues.dead_letters_of", name=queue.name)

    def inspect() -> CheckResult:
        return _effective(broker, name, policies, queue) if broker.is_managed else unseen(name)

    def mend() -> None:
        for policy in policies:
            broker.admin.set_policy(broker.vhost, policy)

    return Check(inspect, mend)


def _effective(broker: InspectedBroker, name: Words, ours: list[Policy], queue: Queue) -> CheckResult:
    """Only the policy with the highest priority is in force for a queue. It is computed here, because RabbitMQ reports
    it only some seconds after a change."""
    kind = broker.kind_of(queue)
    wanted = max((one for one in ours if _knows(kind, one.definition)), key=lambda one: one.priority)
    rows = [row for row in broker.admin.policies(broker.vhost) if _is_for(row, queue, kind)]
    highest = max((row["priority"] for row in rows), default=0)
    in_force = [row for row in rows if row["priority"] == highest]
    lacking = [row for row in in_force if not wanted.definition.items() <= row["definition"].items()]
    if in_force and not lacking:
        return CheckResult(name, State.OK)
    harm = _harm(wanted, lacking[0]["definition"] if lacking else {})
    others = [row["name"] for row in lacking if row["name"] not in {one.name for one in ours}]
    if others:
        return hidden(name, wanted, others[0], harm)
    return CheckResult(name, State.PROBLEM, phrase("policies.no_policy_sets_it", harm=harm), MEND)


def hidden(title: Words, wanted: Policy, other: str, harm: Words) -> CheckResult:
    """The result where the policy `other` is in force instead of `wanted`."""
    other = shown(other)
    repair = phrase("policies.add_to_or_lower_its_priority", definition=wanted.definition, other=other)
    return CheckResult(
        title, State.PROBLEM, phrase("policies.the_policy_hides", other=other, name=wanted.name, harm=harm), repair
    )


def _knows(kind: str, definition: Mapping[str, object]) -> bool:
    """A policy with a key that the queue's type does not know is not in force at all."""
    return kind == "quorum" or not topology.QUORUM_ONLY & definition.keys()


def _is_for(row: dict[str, Any], queue: Queue, kind: str) -> bool:
    meant = row["apply-to"] in ("all", "queues", f"{kind}_queues")
    return meant and _knows(kind, row["definition"]) and re.search(row["pattern"], queue.name) is not None


def _harm(policy: Policy, in_force: dict[str, Any]) -> Words:
    if in_force.get("dead-letter-exchange") != policy.definition["dead-letter-exchange"]:
        return phrase("policies.refused_messages_are_lost")
    return phrase("policies.a_quorum_queue_sets_good_orders")
