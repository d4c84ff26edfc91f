"""A RabbitMQ of its own for the faults: it is killed, frozen and starved."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from messaging.bootstrap.rabbitmq_server import find_rabbitmq_server
from messaging.broker.diagnostics.management_api import ROOT_VHOST
from messaging.broker.node import files, member, processes
from messaging.broker.node.configuration import environment
from messaging.broker.node.files import Identity, NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.contract import topology
from messaging.runtime.settings import Settings
from tests.helpers.admin import Admin
from tests.helpers.proxy import Proxy, proxy_to
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

HEARTBEAT = 1  # seconds


def detection(heartbeat: int) -> float:
    """Seconds: pika looks each 5 s later than the heartbeat, and gives up at the second look; and one for patience."""
    return 3.0 * (heartbeat + 5)


class Victim:
    """The node, and what may be done to it."""

    def __init__(self, node: PrivateNode, folder: NodeFolder) -> None:
        self.node, self.folder = node, folder

    def kill(self) -> None:
        """Its supervisor starts it again."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def starve(self) -> None:
        """Memory alarm: it takes nothing from whoever publishes."""
        self._control("set_vm_memory_high_watermark", "absolute", "1MB")

    def feed(self) -> None:
        self._control("set_vm_memory_high_watermark", "0.6")

    def _control(self, *arguments: str) -> None:
        identity = files.read_as(Identity, self.folder.identity)
        server = find_rabbitmq_server(os.environ)
        assert identity is not None
        assert server is not None
        environ = environment(self.folder, identity, self.folder.data(server), os.environ)
        command = [str(server.parent / "rabbitmqctl"), "-n", identity.node, *arguments]
        subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, timeout=60)

    def _signal(self, number: int) -> None:
        identity = files.read_as(Identity, self.folder.identity)
        assert identity is not None
        for pid in processes.leftovers(self.folder.mark(identity)):
            os.kill(pid, number)


@pytest.fixture(scope="session")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    settings = Settings(data_dir=str(tmp_path_factory.mktemp("victim")))
    folder = NodeFolder(settings.folder.broker)
    with PrivateNode(settings.folder, settings, grace=0.5) as node:
        node.wait_ready(180)
        yield Victim(node, folder)
    eventually(lambda: not member.is_supervised(folder), 60, "the end of the node for the faults")


@pytest.fixture
def victim_url(victim: Victim) -> str:
    """A virtual host of its own on it."""
    name = f"fault-{uuid4().hex[:12]}"
    server = victim.node.wait_ready(180).rpartition("/")[0]
    with Admin(victim.node.management_url(), timeout=30) as admin:
        admin.add_vhost(name, admin.default_queue_type(ROOT_VHOST))
        admin.permit(name, "operator", ".*", ".*", ".*")
        for policy in topology.POLICIES:
            admin.set_policy(name, policy)
    return f"{server}/{quote(name, safe='')}"


@pytest.fixture
def proxy(broker_url: str) -> Iterator[Proxy]:
    with proxy_to(broker_url) as proxy:
        yield proxy


@pytest.fixture
def shop(tmp_path: Path, proxy: Proxy) -> Shop:
    """All its lines go through the proxy."""
    return Shop(tmp_path, proxy.url, heartbeat=HEARTBEAT, retry_most=1.0)
