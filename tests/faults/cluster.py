"""Three RabbitMQ nodes as one cluster, of which one at a time is killed; and the single node in the same shape."""

import os
import random
import signal
import subprocess
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import quote

import msgspec

from messaging.broker.diagnostics.probe import Probe
from messaging.broker.node import configuration, files, ports, processes
from messaging.broker.node.files import Identity, NodeFolder, Ports
from messaging.broker.node.private import PrivateNode
from messaging.errors import BrokerRefused, BrokerUnavailable
from tests.faults.storm import kill_broker
from tests.helpers.waiting import eventually

NODES = 3
BOOT = 120.0  # seconds

CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_user = {user}
default_pass = {password}
disk_free_limit.absolute = 100MB
cluster_partition_handling = pause_minority
cluster_formation.peer_discovery_backend = classic_config
"""


class Broker(Protocol):
    """What rounds are run on."""

    @property
    def queue_type(self) -> str: ...
    def management_url(self) -> str: ...
    def urls(self, vhost: str) -> str: ...
    def kill(self) -> None: ...


class Single:
    """The private node; its supervisor starts it again."""

    def __init__(self, node: PrivateNode, folder: NodeFolder, server: Path) -> None:
        self._node, self._folder = node, folder
        self.queue_type = configuration.queue_type(files.series_of(server))

    def management_url(self) -> str:
        self._node.wait_ready(BOOT)
        return self._node.management_url()

    def urls(self, vhost: str) -> str:
        return _at(self._node.wait_ready(BOOT), vhost)

    def kill(self) -> None:
        kill_broker(self._folder)


class Cluster:
    """Its queues are quorum queues on all three. `kill` kills one node, once the one killed before is there again."""

    queue_type = "quorum"

    def __init__(self, root: Path, server: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        first, *others = _distinct_ports()
        identity = files.new_identity(first)
        identities = [identity] + [
            msgspec.structs.replace(
                identity, name=f"{identity.name}-{number}", ports=msgspec.structs.replace(one, epmd=first.epmd)
            )
            for number, one in enumerate(others)
        ]
        self._members = [_Member(root / one.name, one, identities, server) for one in identities]

    def __enter__(self) -> Self:
        try:
            self._heal()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        for member in self._members:
            member.kill()
        processes.end_epmd(self._members[0].identity.ports.epmd)

    def management_url(self) -> str:
        self._heal()
        return self._members[0].identity.management_url

    def urls(self, vhost: str) -> str:
        return ",".join(_at(member.identity.url, vhost) for member in self._members)

    def kill(self) -> None:
        self._heal()
        self._chance.choice(self._members).kill()

    def _heal(self) -> None:
        """All at once: at first each waits for the others."""
        for member in self._members:
            member.start()
        for member in self._members:
            member.until_ready()


class _Member:
    def __init__(self, root: Path, identity: Identity, all_of_them: list[Identity], server: Path) -> None:
        self.identity = identity
        self._folder, self._server = NodeFolder(root), server
        self._process: subprocess.Popen[bytes] | None = None
        self._folder.make()
        config = CONFIG.format(
            amqp=identity.ports.amqp,
            management=identity.ports.management,
            user=identity.user,
            password=identity.password,
        )
        for number, one in enumerate(all_of_them, 1):
            config += f"cluster_formation.classic_config.nodes.{number} = {one.node}\n"
        files.write_private(self._folder.config, config.encode())
        files.write_private(self._folder.plugins, b"[rabbitmq_management].\n")
        files.write_private(self._folder.cookie, identity.cookie.encode(), mode=0o400)

    def start(self) -> None:
        if self._process is not None:
            return
        data = self._folder.data(self._server)
        with self._folder.console.open("ab") as console:
            self._process = subprocess.Popen(
                [str(self._server)],
                env=configuration.environment(self._folder, self.identity, data, os.environ),
                cwd=self._folder.root,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
                preexec_fn=processes.tie_to_parent(),  # noqa: PLW1509  # it makes two system calls and takes no lock
            )

    def until_ready(self) -> None:
        eventually(self._can_log_in, BOOT, f"a login at {self.identity.node}; see {self._folder.console}")

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _can_log_in(self) -> bool:
        if ports.is_free(self.identity.ports.amqp):
            return False
        try:
            Probe(self.identity.url, "order-desk-start").close()
        except (BrokerUnavailable, BrokerRefused):
            return False
        return True


def _at(url: str, vhost: str) -> str:
    return f"{url.rpartition('/')[0]}/{quote(vhost, safe='')}"


def _distinct_ports() -> list[Ports]:
    while True:
        found = [ports.free_ports() for _ in range(NODES)]
        if len({port for one in found for port in msgspec.structs.astuple(one)}) == NODES * len(
            Ports.__struct_fields__
        ):
            return found
