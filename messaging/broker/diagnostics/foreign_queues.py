"""Queues of other owners: durable ones left behind, and ones that dead-letter into our exchanges."""

from collections.abc import Iterator
from typing import Any

from messaging.broker.diagnostics.check_results import Check, CheckResult, State, shown, unseen
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.contract import topology
from messaging.phrases import phrase

NAME = phrase("foreign_queues.queues_of_others")
MOST = 20  # that are named one by one
EXCHANGES = frozenset(exchange.name for exchange in topology.EXCHANGES)
OURS = frozenset(queue.name for queue in topology.DECLARED_QUEUES)


def queues(broker: InspectedBroker) -> Iterator[Check]:
    if not broker.is_managed:
        yield Check(lambda: unseen(NAME))
        return
    rows = [row for row in broker.admin.queues(broker.vhost) if row["name"] not in OURS]
    found = [*_left_behind(broker, rows), *_dead_lettering(broker, rows)]
    for result in found:
        yield Check(lambda result=result: result)  # type: ignore[misc]
    if not found:
        yield Check(lambda: CheckResult(NAME, State.OK))


def _left_behind(broker: InspectedBroker, rows: list[dict[str, Any]]) -> Iterator[CheckResult]:
    """A listener's queue goes with its connection; a durable one of that name is nobody's. There may be thousands."""
    left = [
        row["name"]
        for row in rows
        if row["name"].startswith(topology.SERVER_NAMED) and row["durable"] and not row.get("exclusive")
    ]
    if left:
        text = phrase("foreign_queues.durable_queues_with_a_listeners_name", left=len(left), left_=shown(left[0]))
        repair = phrase("foreign_queues.with_the_limits_of_listeners_queues", patient=_delete(broker, left[0]))
        yield CheckResult(NAME, State.PROBLEM, text, repair)


def _dead_lettering(broker: InspectedBroker, rows: list[dict[str, Any]]) -> Iterator[CheckResult]:
    for row in [row for row in rows if _target(row) in EXCHANGES][:MOST]:
        name, exchange = shown(row["name"]), _target(row)
        text = phrase("foreign_queues.what_expires_or_is_refused_in", name=name, exchange=exchange)
        repair = phrase("foreign_queues.close_its_owners_connection_or_delete", patient=_delete(broker, row["name"]))
        yield CheckResult(phrase("foreign_queues.dead_letters_of", name=name), State.PROBLEM, text, repair)


def _target(row: dict[str, Any]) -> str:
    of_policy = row.get("effective_policy_definition") or {}
    return str(row["arguments"].get("x-dead-letter-exchange") or dict(of_policy).get("dead-letter-exchange") or "")


def _delete(broker: InspectedBroker, queue: str) -> str:
    return f"rabbitmqctl delete_queue -p '{shown(broker.vhost)}' '{shown(queue)}'"
