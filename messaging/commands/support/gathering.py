"""Collecting the numbers of processes, stores and RabbitMQ; nothing is started or created for it."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from messaging.broker.diagnostics.probe import Probe, StepRefused
from messaging.broker.node import member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.protocol import NodeRequest, NodeStage
from messaging.commands.support.books import opened
from messaging.commands.support.terminal import print_upgrade
from messaging.contract import topology
from messaging.errors import BrokerUnavailable, OrderDeskError
from messaging.history.store.database.damage import named
from messaging.history.store.history_store import HistoryStore
from messaging.runtime.settings import Settings
from messaging.telemetry.reporting import reports
from messaging.telemetry.system_overview import Overview
from messaging.warehouse.records import BooksCounts

NAME = "order-desk-metrics"
PATIENCE = 2.0  # seconds for one question to RabbitMQ


def gather(settings: Settings) -> Overview:
    """What cannot be reached is left out and named in `problems`."""
    problems: list[str] = []
    books: BooksCounts | None = None
    waiting = 0
    queues: Mapping[str, int] = {}
    with _noted(problems):
        waiting = _waiting(settings)
    with _noted(problems):
        books = _books(settings)
    with _noted(problems):
        queues = _queues(settings)
    processes = tuple(reports(settings.folder))
    if books is None:
        return Overview(processes, waiting, None, None, None, queues, tuple(problems))
    return Overview(processes, waiting, books.orders, books.unpublished, books.set_aside, queues, tuple(problems))


@contextmanager
def _noted(problems: list[str]) -> Iterator[None]:
    try:
        yield
    except OrderDeskError as error:
        problems.append(str(error))


def _waiting(settings: Settings) -> int:
    waiting = 0
    for path in sorted(settings.folder.histories.glob("*.sqlite")):
        with named(path), closing(HistoryStore(path, path.stem, print_upgrade)) as history:
            waiting += history.counts().waiting
    return waiting


def _books(settings: Settings) -> BooksCounts | None:
    """None where there are none yet."""
    if not settings.database and not settings.folder.warehouse.exists():
        return None
    with opened(settings) as store:
        return store.counts()


def _queues(settings: Settings) -> Mapping[str, int]:
    urls = settings.broker_urls or _private_urls(settings)
    if not urls:
        return {}
    with _session(urls) as session:
        found = {queue.name: _ready(session, queue.name) for queue in topology.QUEUES}
    return {name: ready for name, ready in found.items() if ready is not None}


def _session(urls: tuple[str, ...]) -> Probe:
    """Connect to the first node that answers: each knows the queues of the cluster."""
    *others, last = urls
    for url in others:
        with suppress(BrokerUnavailable):
            return Probe(url, NAME, PATIENCE)
    return Probe(last, NAME, PATIENCE)


def _ready(session: Probe, queue: str) -> int | None:
    """Messages ready; None where the queue does not exist, or the account may not read it."""

    def declare(channel: Any, answer: Any) -> None:
        channel.queue_declare(queue, passive=True, callback=answer)

    try:
        return int(session.do(declare).method.message_count)
    except StepRefused:
        return None


def _private_urls(settings: Settings) -> tuple[str, ...]:
    """Of the private node, if it runs."""
    asked = member.connect(NodeFolder(settings.folder.broker), NodeRequest.LOOK)
    if asked is None:
        return ()
    asked.close()
    return (asked.first.url,) if asked.first.stage is NodeStage.READY else ()
