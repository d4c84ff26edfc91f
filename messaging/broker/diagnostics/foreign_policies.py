"""Policies and operator policies of other owners that change what our queues and exchanges do."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from messaging.broker.diagnostics.check_results import Check, CheckResult, State, shown, unseen
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.contract import topology
from messaging.phrases import Words, phrase

NAME = phrase("foreign_policies.rules_of_others")
# Keys about where a queue is stored, which change nothing of what comes out of it.
HARMLESS = re.compile(
    r"ha-|queue-(mode|version|master-locator|leader-locator)|initial-cluster-size|target-group-size|max-in-memory-|"
    r"dead-letter-strategy|stream-"
)
OF_QUESTIONS = frozenset(("message-ttl", "max-length", "max-length-bytes", "overflow"))  # clients ask these again
HARMS = {
    "message-ttl": phrase("foreign_policies.what_waits_there_for_longer_in"),
    "expires": phrase("foreign_policies.it_is_deleted_with_all_that"),
    "max-length": phrase("foreign_policies.what_is_too_much_for_it"),
    "max-length-bytes": phrase("foreign_policies.what_is_too_much_for_it"),
    "overflow": phrase("foreign_policies.what_is_too_much_for_it_is"),
    "delivery-limit": phrase("foreign_policies.good_orders_are_set_aside_once"),
    "dead-letter-exchange": phrase("foreign_policies.what_is_refused_goes_elsewhere_or"),
    "dead-letter-routing-key": phrase("foreign_policies.what_is_refused_goes_elsewhere_or"),
    "alternate-exchange": phrase("foreign_policies.what_finds_no_queue_goes_there"),
}
OTHERWISE = phrase("foreign_policies.it_does_something_else_than_order")


class ForeignPolicy(Struct, frozen=True):
    """One key of a policy in force for one of ours."""

    policy: str
    is_operators: bool
    target: str
    key: str
    value: object


def others(broker: InspectedBroker) -> Iterator[Check]:
    if not broker.is_managed:
        yield Check(lambda: unseen(NAME))
        return
    rules = list(_rules(broker))
    for rule in rules:
        result = _result(broker, rule)
        yield Check(lambda result=result: result)  # type: ignore[misc]
    if not rules:
        yield Check(lambda: CheckResult(NAME, State.OK))


def _rules(broker: InspectedBroker) -> Iterator[ForeignPolicy]:
    policies = broker.admin.policies(broker.vhost)
    operators = broker.admin.operator_policies(broker.vhost)
    targets = {queue.name: ["queues", f"{broker.kind_of(queue)}_queues"] for queue in topology.DECLARED_QUEUES}
    targets |= {exchange.name: ["exchanges"] for exchange in topology.EXCHANGES}
    for name, kinds in targets.items():
        yield from _in_force(policies, name, kinds, is_operators=False)
        yield from _in_force(operators, name, kinds, is_operators=True)


def _in_force(
    rows: list[dict[str, Any]], target: str, kinds: list[str], *, is_operators: bool
) -> Iterator[ForeignPolicy]:
    """RabbitMQ applies one policy and one operator policy to a name: the ones with the highest priority."""
    matching = [row for row in rows if row["apply-to"] in ("all", *kinds) and re.search(row["pattern"], target)]
    for row in sorted(matching, key=lambda row: -int(row["priority"]))[:1]:
        for key, value in row["definition"].items():
            if _changes(target, key, value, is_operators=is_operators):
                yield ForeignPolicy(row["name"], is_operators, target, key, value)


def _changes(target: str, key: str, value: object, *, is_operators: bool) -> bool:
    """Whether the key does harm; a key that hides one of our own policies is reported by `policies`."""
    if HARMLESS.match(key) or (target == topology.QUESTIONS_QUEUE.name and key in OF_QUESTIONS):
        return False
    if key == "delivery-limit" and isinstance(value, int):
        return 0 <= value < topology.DELIVERY_LIMIT
    wanted = {k for one in topology.POLICIES if re.search(one.pattern, target) for k in one.definition}
    return is_operators or key not in wanted


def _result(broker: InspectedBroker, rule: ForeignPolicy) -> CheckResult:
    name = phrase("foreign_policies.rule_of", key=rule.key, target=rule.target)
    policy, harm = shown(rule.policy), HARMS.get(rule.key, OTHERWISE)
    value, vhost = shown(str(rule.value)), shown(broker.vhost)
    if rule.is_operators:
        text = phrase("foreign_policies.the_operator_policy_sets_it_to", policy=policy, value=value, harm=harm)
        repair = _repair(f"rabbitmqctl clear_operator_policy -p '{vhost}' '{policy}'", rule.key)
    else:
        text = phrase("foreign_policies.the_policy_sets_it_to", policy=policy, value=value, harm=harm)
        repair = _repair(f"rabbitmqctl clear_policy -p '{vhost}' '{policy}'", rule.key)
    return CheckResult(name, State.PROBLEM, text, repair)


def _repair(command: str, key: str) -> Words:
    return phrase("foreign_policies.set_that_policy_again_without_or", key=key, command=command)
