"""Queues of others that take from ours for ever, or give into ours."""

from collections.abc import Iterator
from typing import Any

from messaging.broker.diagnostics.findings import Check, CheckResult, State, shown, unseen
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.contract import topology
from messaging.phrases import phrase

NAME = phrase("queues of others")
MOST = 20  # that are named one by one
EXCHANGES = frozenset(exchange.name for exchange in topology.EXCHANGES)
OURS = frozenset(queue.name for queue in topology.DECLARED_QUEUES)


def queues(patient: InspectedBroker) -> Iterator[Check]:
    if not patient.is_managed:
        yield Check(lambda: unseen(NAME))
        return
    rows = [row for row in patient.admin.queues(patient.vhost) if row["name"] not in OURS]
    found = [*_left_behind(patient, rows), *_dead_lettering(patient, rows)]
    for finding in found:
        yield Check(lambda finding=finding: finding)  # type: ignore[misc]
    if not found:
        yield Check(lambda: CheckResult(NAME, State.OK))


def _left_behind(patient: InspectedBroker, rows: list[dict[str, Any]]) -> Iterator[CheckResult]:
    """A listener's queue goes with its connection; a durable one of that name is nobody's. There may be thousands."""
    left = [
        row["name"]
        for row in rows
        if row["name"].startswith(topology.SERVER_NAMED) and row["durable"] and not row.get("exclusive")
    ]
    if left:
        text = phrase(
            f"Durable queues with a listener's name, which stay when their maker has gone: {len(left):d}, "
            f"one of them {shown(left[0])}."
        )
        repair = phrase(
            "with the limits of listeners' queues they go a minute after their last use; "
            f"or delete each: {_delete(patient, left[0])}"
        )
        yield CheckResult(NAME, State.PROBLEM, text, repair)


def _dead_lettering(patient: InspectedBroker, rows: list[dict[str, Any]]) -> Iterator[CheckResult]:
    for row in [row for row in rows if _target(row) in EXCHANGES][:MOST]:
        name, exchange = shown(row["name"]), _target(row)
        text = phrase(f"What expires or is refused in {name} comes into {exchange}, as if somebody had sent it.")
        repair = phrase(f"close its owner's connection, or delete it: {_delete(patient, row['name'])}")
        yield CheckResult(phrase(f"dead letters of {name}"), State.PROBLEM, text, repair)


def _target(row: dict[str, Any]) -> str:
    of_policy = row.get("effective_policy_definition") or {}
    return str(row["arguments"].get("x-dead-letter-exchange") or dict(of_policy).get("dead-letter-exchange") or "")


def _delete(patient: InspectedBroker, queue: str) -> str:
    return f"rabbitmqctl delete_queue -p '{shown(patient.vhost)}' '{shown(queue)}'"
