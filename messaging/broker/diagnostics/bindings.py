"""Checks of bindings: ours, and those that other owners have made to our exchanges and queues."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from messaging.broker.diagnostics.check_results import MEND, Check, CheckResult, State, shown, unseen
from messaging.broker.diagnostics.inspected_broker import InspectedBroker
from messaging.contract import topology
from messaging.contract.topology import Binding
from messaging.errors import BrokerRefused
from messaging.phrases import phrase

OTHERS = phrase("bindings.bindings_of_others")
EXCHANGES = frozenset(exchange.name for exchange in topology.EXCHANGES)
QUEUES = frozenset(queue.name for queue in topology.DECLARED_QUEUES)
BINDINGS = frozenset((one.exchange.name, one.queue.name, one.key) for one in topology.BINDINGS)
LISTENED_TO = frozenset((topology.NOTIFICATIONS.name, topology.INVENTORY.name))


def ours(broker: InspectedBroker) -> Iterator[Check]:
    for binding in topology.BINDINGS:
        yield _ours(broker, binding)


def others(broker: InspectedBroker) -> Iterator[Check]:
    """All other bindings to our exchanges and queues, and those from our exchanges that are no listener's."""
    if not broker.is_managed:
        yield Check(lambda: unseen(OTHERS))
        return
    foreign = _foreign(broker)
    for row in foreign:
        yield Check(partial(_inspect, broker, row), partial(broker.admin.delete_binding, row))
    if not foreign:
        yield Check(lambda: CheckResult(OTHERS, State.OK))


def _foreign(broker: InspectedBroker) -> list[dict[str, Any]]:
    return [row for row in broker.admin.bindings(broker.vhost) if _is_foreign(row)]


def _is_foreign(row: dict[str, Any]) -> bool:
    source, destination, key = row["source"], row["destination"], row["routing_key"]
    if source == "":  # the default exchange's own: every queue has one
        return False
    if row["destination_type"] == "exchange":
        return source in EXCHANGES or destination in EXCHANGES
    if (source, destination, key) in BINDINGS and not row["arguments"]:
        return False
    if source in LISTENED_TO and destination.startswith(topology.SERVER_NAMED):
        return False
    return source in EXCHANGES or destination in QUEUES


def _inspect(broker: InspectedBroker, row: dict[str, Any]) -> CheckResult:
    source, destination, key = (shown(row[what]) for what in ("source", "destination", "routing_key"))
    name = phrase("bindings.binding", source=source, destination=destination)
    if row not in _foreign(broker):
        return CheckResult(name, State.OK)
    by_hand = phrase("bindings.if_nobody_needs_it_take_it", row=broker.admin.command_to_unbind(row))
    if row["destination_type"] == "exchange" and row["destination"] in EXCHANGES:
        text = phrase("bindings.somebody_has_bound_it_with_the_key", key=key, source=source, destination=destination)
        return CheckResult(name, State.PROBLEM, text, MEND)
    if row["destination"] in QUEUES:
        text = phrase("bindings.somebody_has_bound_it_with_the_key_what", key=key)
        return CheckResult(name, State.PROBLEM, text, by_hand)
    text = phrase("bindings.somebody_has_bound_it_with_the", key=key)
    return CheckResult(name, State.NOTE, text, by_hand)


def _ours(broker: InspectedBroker, binding: Binding) -> Check:
    name = phrase("bindings.binding_exchange_queue", exchange=binding.exchange.name, queue=binding.queue.name)
    if binding.key:
        name = phrase(
            "bindings.binding_with_key", exchange=binding.exchange.name, queue=binding.queue.name, key=binding.key
        )

    def inspect() -> CheckResult:
        if not broker.is_managed:
            return msgspec.structs.replace(unseen(name), repair=MEND)
        if _has(broker, binding):
            return CheckResult(name, State.OK)
        return CheckResult(name, State.PROBLEM, phrase("bindings.it_is_missing_messages_with_this"), MEND)

    def bind() -> None:
        broker.session.do(
            lambda channel, answer: channel.queue_bind(
                binding.queue.name, binding.exchange.name, binding.key, callback=answer
            )
        )

    return Check(inspect, bind)


def _has(broker: InspectedBroker, binding: Binding) -> bool:
    try:
        return broker.admin.has_binding(broker.vhost, binding)
    except BrokerRefused:  # 404: one of its ends is missing
        return False
