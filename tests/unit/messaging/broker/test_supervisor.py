"""The private node's supervisor, with a node that ends and starts when the test says so."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from messaging.broker.node import member, supervisor
from messaging.broker.node.boot import Node
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.broker.node.protocol import NodeRequest, NodeStage
from messaging.broker.node.supervisor import Supervisor
from messaging.errors import NodeFailed
from messaging.phrases import Words
from messaging.runtime.paths import DataDir
from messaging.runtime.settings import Settings
from tests.helpers.waiting import eventually


class Puppet(Node):
    """Each start has another address, so that it is seen which one was told."""

    def __init__(self, folder: NodeFolder) -> None:
        super().__init__(folder, Path("/nowhere"))
        self.starts = 0
        self.may_log_in, self.may_end = threading.Event(), threading.Event()
        self.fails = False
        self._told: asyncio.Event = asyncio.Event()

    async def boot(self, tell: Callable[[Words], None]) -> None:
        self.starts += 1
        self._told = asyncio.Event()
        self.choose_ports(anew=True)
        await asyncio.to_thread(self.may_log_in.wait)
        if self.fails:
            self.fails = False
            raise NodeFailed(Words("could not start"))

    @property
    def is_ending(self) -> bool:
        return self._told.is_set()

    async def end_process(self) -> None:
        self._told.set()
        await asyncio.to_thread(self.may_end.wait)

    async def ended(self) -> int:
        await self._told.wait()
        await asyncio.to_thread(self.may_end.wait)
        return 0

    async def stop(self) -> None:
        self.may_end.set()

    def choose_ports(self, *, anew: bool = False) -> None:
        del anew
        ports = self.identity.ports
        self.identity = type(self.identity)("x", "operator", "secret", "y", type(ports)(self.starts, 0, 0, 0))


class Played:
    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self.data, self._pool = DataDir(folder), pool
        self.folder = NodeFolder(self.data.broker)
        self.node = Puppet(self.folder)
        self.ended = pool.submit(lambda: asyncio.run(Supervisor(self.folder, self.node, 60).run()))

    def stage(self) -> NodeStage | None:
        found = member.connect(self.folder, NodeRequest.LOOK)
        if found is None:
            return None
        found.close()
        return found.first.stage

    def restart(self) -> Future[str]:
        return self._pool.submit(PrivateNode(self.data, Settings()).restart)

    def says(self, words: str) -> bool:
        found = member.connect(self.folder, NodeRequest.LOOK)
        if found is None:
            return False
        found.close()
        return words in found.first.words


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    with ThreadPoolExecutor() as pool, _until_stopped(Played(tmp_path, pool)) as played:
        eventually(lambda: played.stage() is not None, 10, "the supervisor")
        yield played


@contextmanager
def _until_stopped(played: Played) -> Iterator[Played]:
    try:
        yield played
    finally:
        played.node.may_log_in.set()
        played.node.may_end.set()
        if (stopping := member.connect(played.folder, NodeRequest.STOP)) is not None:
            stopping.close()
        played.ended.result(10)


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


def test_a_node_that_was_told_to_end_while_it_started_is_not_called_ready(played: Played) -> None:
    """Its login may work for a moment: whoever connects then finds that nothing listens."""
    restarted = played.restart()
    eventually(lambda: played.says("restarted by command"), 10, "the restart")
    played.node.may_log_in.set()
    eventually(lambda: played.node.is_ending, 10, "the old node's end")
    assert played.stage() is not NodeStage.READY
    played.node.may_end.set()
    assert port_of(restarted.result(10)) == 2


def test_a_restart_that_stops_a_start_is_no_failure(played: Played) -> None:
    played.node.fails = True
    restarted = played.restart()
    eventually(lambda: played.says("restarted by command"), 10, "the restart")
    played.node.may_end.set()
    played.node.may_log_in.set()
    assert port_of(restarted.result(10)) == 2


def test_a_node_that_could_not_start_is_tried_again_by_a_restart(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "RETRY_FAILED", 3600.0)
    played.node.fails = True
    played.node.may_log_in.set()
    eventually(lambda: played.stage() is NodeStage.FAILED, 10, "the failure")
    assert port_of(played.restart().result(10)) == 2


def test_a_ready_node_that_is_restarted_is_ready_when_the_next_one_is(played: Played) -> None:
    played.node.may_log_in.set()
    eventually(lambda: played.stage() is NodeStage.READY, 10, "the first start")
    restarted = played.restart()
    eventually(lambda: played.stage() is NodeStage.STARTING, 10, "the restart")
    assert not restarted.done()
    played.node.may_end.set()
    assert port_of(restarted.result(10)) == 2
