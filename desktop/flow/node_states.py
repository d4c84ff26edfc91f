"""Works out what is written in each node of the picture from the state of the system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop.flow.nodes import CLIENT, LISTENER, MINE, ORDERS_QUEUE, OTHERS, OUTBOX, WAREHOUSE
from desktop.flow.picture import NodeState
from desktop.style.colours import Tone
from desktop.text.formats import number
from messaging.contract import topology

if TYPE_CHECKING:  # it loads pika
    from messaging.broker.queue_depths import Depths

translate = QCoreApplication.translate


class SystemState(NamedTuple):
    """`queues` is None without a connection; `waiting` counts the messages in the outbox."""

    user: str
    waiting: int
    queues: Depths | None
    is_warehouse_here: bool
    is_paused: bool
    is_listening: bool


def node_states(known: SystemState) -> Mapping[str, NodeState]:
    listening, stopped = translate("Flow", "listens"), translate("Flow", "stopped")
    found = {
        CLIENT: NodeState(translate("Flow", "Client"), known.user),
        OUTBOX: _outbox(known.waiting),
        WAREHOUSE: _warehouse(known),
        LISTENER: NodeState(translate("Flow", "Notifications"), listening if known.is_listening else stopped),
        MINE: NodeState(
            "amq.gen-\N{HORIZONTAL ELLIPSIS}", translate("Flow", "of this window") if known.is_listening else ""
        ),
        OTHERS: NodeState("amq.gen-\N{HORIZONTAL ELLIPSIS}", translate("Flow", "of other windows")),
    }
    for exchange in topology.EXCHANGES:
        found[exchange.name] = NodeState(exchange.name, exchange.kind.value)
    for queue in topology.QUEUES:
        found[queue.name] = _queue(queue.name, known.queues)
    return found


def _outbox(waiting: int) -> NodeState:
    words = translate("Flow", "{0} to send").format(number(waiting)) if waiting else translate("Flow", "empty")
    return NodeState(translate("Flow", "Outbox"), words, Tone.WARN if waiting else Tone.NEUTRAL)


def _warehouse(known: SystemState) -> NodeState:
    name = translate("Flow", "Warehouse")
    depth = (known.queues or {}).get(ORDERS_QUEUE)
    if known.is_warehouse_here:
        paused = translate("Flow", "paused")
        return (
            NodeState(name, paused, Tone.WARN) if known.is_paused else NodeState(name, translate("Flow", "runs here"))
        )
    if depth is None:
        return NodeState(name)
    if depth.consumers:
        return NodeState(name, translate("Flow", "runs elsewhere"))
    return NodeState(name, translate("Flow", "runs nowhere"), Tone.WARN)


def _queue(name: str, queues: Depths | None) -> NodeState:
    if queues is not None and name not in queues:
        return NodeState(name, translate("Flow", "missing"), Tone.BAD)
    depth = queues[name] if queues else None
    if depth is None:
        return NodeState(name, "\N{EN DASH}")
    words = translate("Flow", "{0} ready, consumers: {1}").format(number(depth.ready), number(depth.consumers))
    return NodeState(name, words, Tone.WARN if depth.ready and not depth.consumers else Tone.NEUTRAL)
