"""Which queue hangs on which exchange."""

from collections.abc import Iterator
from typing import Any

import msgspec

from messaging import topology
from messaging.broker.diagnostics.findings import MEND, Check, Finding, State, unseen
from messaging.broker.diagnostics.patient import Patient
from messaging.errors import BrokerRefused
from messaging.phrases import phrase
from messaging.topology import Binding


def ours(patient: Patient) -> Iterator[Check]:
    for binding in topology.BINDINGS:
        yield _ours(patient, binding)


def _ours(patient: Patient, binding: Binding) -> Check:
    name = phrase(f"binding {binding.exchange.name} -> {binding.queue.name}")
    if binding.key:
        name = phrase(f"binding {binding.exchange.name} -> {binding.queue.name} with key {binding.key}")

    def look() -> Finding:
        if not patient.is_managed:
            return msgspec.structs.replace(unseen(name), repair=MEND)
        if _has(patient, binding):
            return Finding(name, State.OK)
        return Finding(name, State.PROBLEM, phrase("It is missing: messages with this key go nowhere."), MEND)

    def bind() -> Any:
        return patient.session.do(
            lambda channel, answer: channel.queue_bind(
                binding.queue.name, binding.exchange.name, binding.key, callback=answer
            )
        )

    return Check(look, bind)


def _has(patient: Patient, binding: Binding) -> bool:
    try:
        return patient.admin.has_binding(patient.vhost, binding)
    except BrokerRefused:  # 404: one of its ends is missing
        return False
