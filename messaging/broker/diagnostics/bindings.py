"""Which queue hangs on which exchange: ours, and what others have bound to ours."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from messaging.broker.diagnostics.findings import MEND, Check, CheckResult, State, shown, unseen
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


def ours(patient: InspectedBroker) -> Iterator[Check]:
    for binding in topology.BINDINGS:
        yield _ours(patient, binding)


def others(patient: InspectedBroker) -> Iterator[Check]:
    """Everything else that ends in our exchanges and queues, or begins there and is no listener."""
    if not patient.is_managed:
        yield Check(lambda: unseen(OTHERS))
        return
    foreign = _foreign(patient)
    for row in foreign:
        yield Check(partial(_look, patient, row), partial(patient.admin.delete_binding, row))
    if not foreign:
        yield Check(lambda: CheckResult(OTHERS, State.OK))


def _foreign(patient: InspectedBroker) -> list[dict[str, Any]]:
    return [row for row in patient.admin.bindings(patient.vhost) if _is_foreign(row)]


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


def _look(patient: InspectedBroker, row: dict[str, Any]) -> CheckResult:
    source, destination, key = (shown(row[what]) for what in ("source", "destination", "routing_key"))
    name = phrase("bindings.binding", source=source, destination=destination)
    if row not in _foreign(patient):
        return CheckResult(name, State.OK)
    by_hand = phrase("bindings.if_nobody_needs_it_take_it", row=patient.admin.command_to_unbind(row))
    if row["destination_type"] == "exchange" and row["destination"] in EXCHANGES:
        text = phrase("bindings.somebody_has_bound_it_with_the_key", key=key, source=source, destination=destination)
        return CheckResult(name, State.PROBLEM, text, MEND)
    if row["destination"] in QUEUES:
        text = phrase("bindings.somebody_has_bound_it_with_the_key_what", key=key)
        return CheckResult(name, State.PROBLEM, text, by_hand)
    text = phrase("bindings.somebody_has_bound_it_with_the", key=key)
    return CheckResult(name, State.NOTE, text, by_hand)


def _ours(patient: InspectedBroker, binding: Binding) -> Check:
    name = phrase("bindings.binding_exchange_queue", exchange=binding.exchange.name, queue=binding.queue.name)
    if binding.key:
        name = phrase(
            "bindings.binding_with_key", exchange=binding.exchange.name, queue=binding.queue.name, key=binding.key
        )

    def look() -> CheckResult:
        if not patient.is_managed:
            return msgspec.structs.replace(unseen(name), repair=MEND)
        if _has(patient, binding):
            return CheckResult(name, State.OK)
        return CheckResult(name, State.PROBLEM, phrase("bindings.it_is_missing_messages_with_this"), MEND)

    def bind() -> None:
        patient.session.do(
            lambda channel, answer: channel.queue_bind(
                binding.queue.name, binding.exchange.name, binding.key, callback=answer
            )
        )

    return Check(look, bind)


def _has(patient: InspectedBroker, binding: Binding) -> bool:
    try:
        return patient.admin.has_binding(patient.vhost, binding)
    except BrokerRefused:  # 404: one of its ends is missing
        return False
