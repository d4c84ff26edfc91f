"""Rules of others that change what our queues and exchanges do: policies, and operators' policies beside them."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from messaging.broker.diagnostics.findings import Check, CheckResult, State, shown, unseen
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.contract import topology
from messaging.phrases import Words, phrase

NAME = phrase("rules of others")
# Where a queue lies and how it is kept, not what comes out of it.
HARMLESS = re.compile(
    r"ha-|queue-(mode|version|master-locator|leader-locator)|initial-cluster-size|target-group-size|max-in-memory-|"
    r"dead-letter-strategy|stream-"
)
OF_QUESTIONS = frozenset(("message-ttl", "max-length", "max-length-bytes", "overflow"))  # those are asked again
HARMS = {
    "message-ttl": phrase("what waits there for longer, in milliseconds, is set aside or lost."),
    "expires": phrase("it is deleted, with all that is in it, when nobody has used it for so long."),
    "max-length": phrase("what is too much for it is set aside, lost, or not taken."),
    "max-length-bytes": phrase("what is too much for it is set aside, lost, or not taken."),
    "overflow": phrase("what is too much for it is treated in another way."),
    "delivery-limit": phrase("good orders are set aside once their warehouse has lost its connection so often."),
    "dead-letter-exchange": phrase("what is refused goes elsewhere, or is lost."),
    "dead-letter-routing-key": phrase("what is refused goes elsewhere, or is lost."),
    "alternate-exchange": phrase("what finds no queue goes there, and its sender takes it for delivered."),
}
OTHERWISE = phrase("it does something else than Order Desk needs.")


class ForeignPolicy(Struct, frozen=True):
    """One key of a policy in force for one of ours."""

    policy: str
    is_operators: bool
    target: str
    key: str
    value: object


def others(patient: InspectedBroker) -> Iterator[Check]:
    if not patient.is_managed:
        yield Check(lambda: unseen(NAME))
        return
    rules = list(_rules(patient))
    for rule in rules:
        finding = _finding(patient, rule)
        yield Check(lambda finding=finding: finding)  # type: ignore[misc]
    if not rules:
        yield Check(lambda: CheckResult(NAME, State.OK))


def _rules(patient: InspectedBroker) -> Iterator[ForeignPolicy]:
    policies = patient.admin.policies(patient.vhost)
    operators = patient.admin.operator_policies(patient.vhost)
    targets = {queue.name: ["queues", f"{patient.kind_of(queue)}_queues"] for queue in topology.DECLARED_QUEUES}
    targets |= {exchange.name: ["exchanges"] for exchange in topology.EXCHANGES}
    for name, kinds in targets.items():
        yield from _in_force(policies, name, kinds, is_operators=False)
        yield from _in_force(operators, name, kinds, is_operators=True)


def _in_force(
    rows: list[dict[str, Any]], target: str, kinds: list[str], *, is_operators: bool
) -> Iterator[ForeignPolicy]:
    """Of each of the two sorts the one with the highest priority alone."""
    matching = [row for row in rows if row["apply-to"] in ("all", *kinds) and re.search(row["pattern"], target)]
    for row in sorted(matching, key=lambda row: -int(row["priority"]))[:1]:
        for key, value in row["definition"].items():
            if _changes(target, key, value, is_operators=is_operators):
                yield ForeignPolicy(row["name"], is_operators, target, key, value)


def _changes(target: str, key: str, value: object, *, is_operators: bool) -> bool:
    """What of our own policies is hidden is another check's."""
    if HARMLESS.match(key) or (target == topology.QUESTIONS_QUEUE.name and key in OF_QUESTIONS):
        return False
    if key == "delivery-limit" and isinstance(value, int):
        return 0 <= value < topology.DELIVERY_LIMIT
    wanted = {k for one in topology.POLICIES if re.search(one.pattern, target) for k in one.definition}
    return is_operators or key not in wanted


def _finding(patient: InspectedBroker, rule: ForeignPolicy) -> CheckResult:
    name = phrase(f"rule {rule.key} of {rule.target}")
    policy, harm = shown(rule.policy), HARMS.get(rule.key, OTHERWISE)
    value, vhost = shown(str(rule.value)), shown(patient.vhost)
    if rule.is_operators:
        text = phrase(f"The operator policy {policy} sets it to {value}: {harm}")
        repair = _repair(f"rabbitmqctl clear_operator_policy -p '{vhost}' '{policy}'", rule.key)
    else:
        text = phrase(f"The policy {policy} sets it to {value}: {harm}")
        repair = _repair(f"rabbitmqctl clear_policy -p '{vhost}' '{policy}'", rule.key)
    return CheckResult(name, State.PROBLEM, text, repair)


def _repair(command: str, key: str) -> Words:
    return phrase(f"set that policy again without {key} or for other names, or take it away: {command}")
