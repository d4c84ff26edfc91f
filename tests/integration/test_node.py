"""The private node: one per data directory, whoever starts it, and gone with its last user."""

import argparse
import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pika
import pytest

from messaging.bootstrap.rabbitmq_server import find_rabbitmq_server
from messaging.broker.diagnostics.probe import Probe
from messaging.broker.node import files, member, ports, processes
from messaging.broker.node.boot import Node
from messaging.broker.node.files import Control, Identity, NodeFolder, Ports
from messaging.broker.node.private import PrivateNode
from messaging.broker.node.protocol import NodeRequest
from messaging.commands import broker
from messaging.contract import topology
from messaging.errors import NodeFailed, UsageError
from messaging.runtime.settings import Settings
from tests.helpers.admin import Admin
from tests.helpers.waiting import eventually

BOOT = 120.0


class Place:
    """A data directory and what runs for it."""

    def __init__(self, root: Path) -> None:
        self.settings = Settings(data_dir=str(root))
        self.folder = NodeFolder(self.settings.folder.broker)

    @property
    def identity(self) -> Identity:
        identity = files.read_as(Identity, self.folder.identity)
        assert identity is not None
        return identity

    @property
    def supervisor(self) -> int:
        control = files.read_as(Control, self.folder.control)
        assert control is not None
        return control.pid

    def nodes(self) -> list[int]:
        return list(processes.leftovers(self.folder.mark(self.identity)))

    def is_gone(self) -> bool:
        return not self.nodes() and not member.is_supervised(self.folder) and ports.are_free(self.identity.ports)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Used by several tests; each leaves its node running."""
    place = Place(tmp_path_factory.mktemp("shared node"))
    yield place
    eventually(place.is_gone, 60, "the end of the shared node")


@pytest.fixture(scope="module")
def private(place: Place) -> Iterator[PrivateNode]:
    with PrivateNode(place.settings.folder, place.settings, grace=0.2) as private:
        private.wait_ready(BOOT)
        yield private


def start_member(place: Place) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.helpers.node_member", place.settings.data_dir, "0.2"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def end(process: "subprocess.Popen[str]", *, kill: bool = False) -> None:
    if kill:
        process.kill()
    process.communicate("", timeout=10)


def publish(url: str, body: bytes) -> None:
    persistent = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
    with Probe(url, "test") as session:
        session.do(
            lambda channel, answer: channel.confirm_delivery(
                answer,
                callback=lambda _ok: channel.basic_publish(topology.NEW_ORDERS.name, "", body, persistent),
            )
        )


def fetch(url: str) -> bytes:
    with Probe(url, "test") as session:
        body: bytes = session.do(
            lambda channel, answer: channel.basic_get(
                topology.NEW_ORDERS_QUEUE.name, lambda _c, _m, _p, body: answer(body), auto_ack=True
            )
        )
        return body


def listeners_of(pid: int) -> set[str]:
    """Addresses on which a process listens (Linux)."""
    sockets = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found = set()
    for table, length in (("tcp", 8), ("tcp6", 32)):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in sockets:
                found.add(columns[1][:length])
    return found


def test_five_windows_that_race_share_one_node_and_the_last_one_killed_ends_it(tmp_path: Path) -> None:
    place = Place(tmp_path / "a data dir")
    members = [start_member(place) for _ in range(5)]
    try:
        urls = {process.stdout.readline().strip() for process in members if process.stdout}
        assert urls == {place.identity.url}
        assert len(place.nodes()) == 1

        if sys.platform == "linux":
            assert listeners_of(place.nodes()[0]) == {"0100007F"}
            assert listeners_of(place.supervisor) == {"0100007F"}
        secret = [place.folder.identity, place.folder.control, place.folder.config, place.folder.definitions]
        assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}
        assert stat.S_IMODE(place.folder.root.stat().st_mode) == 0o700

        for process in members[:4]:
            end(process)
        Probe(place.identity.url, "test").close()
    finally:
        for process in members:
            end(process, kill=True)
    eventually(place.is_gone, 40, "the end of the node, its port mapper and its supervisor")
    assert not place.folder.control.exists()


def test_it_has_the_topology_the_policy_and_one_account(private: PrivateNode) -> None:
    with Admin(private.management_url()) as admin:
        assert admin.users() == ["operator"]
        assert {row["name"] for row in admin.queues("/")} == {queue.name for queue in topology.DECLARED_QUEUES}
        assert all(admin.has_binding("/", binding) for binding in topology.BINDINGS)
        assert {row["name"] for row in admin.policies("/")} == {policy.name for policy in topology.POLICIES}


def test_a_killed_supervisor_leaves_no_orphan_and_its_members_get_a_new_node(
    place: Place, private: PrivateNode
) -> None:
    url = private.wait_ready(BOOT)
    (old,) = place.nodes()
    publish(url, b"kept")
    os.kill(place.supervisor, signal.SIGKILL)
    eventually(lambda: not private.address().urls, 10, "the loss of the supervisor")
    assert private.wait_ready(BOOT) == url, "the address stays"
    assert old not in place.nodes()
    assert len(place.nodes()) == 1
    assert fetch(url) == b"kept"


def test_a_killed_node_is_started_again_with_its_data(place: Place, private: PrivateNode) -> None:
    url = private.wait_ready(BOOT)
    supervisor = place.supervisor
    publish(url, b"kept")
    os.kill(place.nodes()[0], signal.SIGKILL)
    eventually(lambda: not private.address().urls, 10, "the loss of the node")
    assert "ended by itself" in private.address().reason or "starting" in private.address().reason
    assert private.wait_ready(BOOT) == url
    assert fetch(url) == b"kept"
    assert place.supervisor == supervisor


def test_a_stop_by_command_stays_until_somebody_starts_it_again(
    place: Place, private: PrivateNode, capsys: pytest.CaptureFixture[str]
) -> None:
    url = private.wait_ready(BOOT)
    assert command(place, "status") == 0
    assert "(1 user)" in capsys.readouterr().out
    assert command(place, "url") == 0
    assert capsys.readouterr().out.strip() == url

    assert command(place, "stop") == 0
    assert place.is_gone()
    eventually(lambda: private.address().failed)  # first it says that it stops, by command
    assert "stopped by command" in private.address().reason
    with pytest.raises(NodeFailed, match="broker start"):
        private.wait_ready(1)
    assert command(place, "status") == 1
    assert command(place, "url") == 1
    assert "broker start" in capsys.readouterr().err
    assert command(place, "stop") == 0, "stopping what is stopped is no failure"

    with PrivateNode(place.settings.folder, place.settings, grace=0.2) as second:
        assert second.wait_ready(BOOT) == url
        eventually(lambda: private.address().urls == (url,), 10, "the first one to be back")


def command(place: Place, action: str) -> int:
    return broker.run(argparse.Namespace(action=action), place.settings)


def test_started_by_command_it_stays_without_users(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a stand-in for RabbitMQ this could not be told from a hanging one: it is a real one."""
    place = Place(tmp_path)
    assert command(place, "start") == 0
    assert "ready at 127.0.0.1" in capsys.readouterr().out
    Probe(place.identity.url, "test").close()
    assert command(place, "stop") == 0
    assert place.is_gone()


def test_the_broker_commands_are_for_the_private_node_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), broker="amqp://elsewhere")
    with pytest.raises(UsageError, match="--broker"):
        broker.run(argparse.Namespace(action="stop"), settings)


def test_a_node_that_cannot_start_shows_the_last_lines_of_its_log(tmp_path: Path) -> None:
    server = tmp_path / "rabbitmq-server"
    server.write_text("#!/bin/sh\necho BOOT FAILED\necho the disk is made of cheese\nexit 1\n")
    server.chmod(0o755)
    settings = Settings(data_dir=str(tmp_path / "data"), rabbitmq_server=str(server))
    with PrivateNode(settings.folder, settings, grace=0.2) as private:
        with pytest.raises(NodeFailed, match="could not start") as caught:
            private.wait_ready(30)
        assert str(caught.value).splitlines()[-1] == "the disk is made of cheese"
        assert private.address().failed
    folder = NodeFolder(settings.folder.broker)
    eventually(lambda: not member.is_supervised(folder), 20, "the end of its supervisor")


def test_without_rabbitmq_it_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "data"), rabbitmq_server=str(tmp_path / "nowhere"))
    with (
        PrivateNode(settings.folder, settings) as private,
        pytest.raises(NodeFailed, match=r"no rabbitmq-server at .*nowhere; check --rabbitmq-server"),
    ):
        private.wait_ready(30)


def test_ports_stay_where_they_are_free_and_change_where_they_are_not(tmp_path: Path) -> None:
    folder = NodeFolder(tmp_path)
    node = Node(folder, tmp_path / "rabbitmq-server")
    before = node.identity
    node.choose_ports()
    assert node.identity == before
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", before.ports.management))
        taken.listen()
        again = Node(folder, tmp_path / "rabbitmq-server")
        assert again.identity == before
        again.choose_ports()
    assert again.identity.ports.management != before.ports.management
    assert again.identity.password == before.password
    assert files.read_as(Identity, folder.identity) == again.identity


class Raced(Node):
    """Somebody takes one of its ports just after it was found free."""

    def __init__(self, folder: NodeFolder, server: Path, port: str) -> None:
        super().__init__(folder, server)
        self.taken = socket.socket()
        self._port = port

    def choose_ports(self, *, anew: bool = False) -> None:
        super().choose_ports(anew=anew)
        if not anew:
            self.taken.bind(("127.0.0.1", getattr(self.identity.ports, self._port)))
            self.taken.listen()


@pytest.mark.parametrize("port", ["management", "distribution"])
def test_a_port_that_is_taken_just_before_the_start_is_left_to_the_other(tmp_path: Path, port: str) -> None:
    server = find_rabbitmq_server(os.environ)
    assert server is not None

    async def main() -> None:
        node = Raced(NodeFolder(tmp_path), server, port)
        with node.taken:
            first = node.identity.ports
            try:
                await node.boot(lambda _words: None)
                assert node.identity.ports != first
            finally:
                await node.stop()

    asyncio.run(main())


def test_a_torn_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    path.write_bytes(msgspec.json.encode(files.new_identity(Ports(1, 2, 3, 4)))[:-9])
    assert files.read_as(Identity, path) is None


def test_closing_while_it_boots_neither_hangs_nor_leaves_a_node(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with PrivateNode(place.settings.folder, place.settings, grace=0.2):
        eventually(lambda: place.folder.identity.exists() and place.nodes(), 20, "the node's process")
    eventually(place.is_gone, 60, "the end of the node")


def test_a_stranger_on_the_port_of_a_killed_supervisor_is_not_taken_for_it(tmp_path: Path) -> None:
    folder = NodeFolder(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        control = Control(stranger.getsockname()[1], "token", 1)
        files.write_private(folder.control, msgspec.json.encode(control))
        answering = threading.Thread(target=_answer_like_a_web_server, args=(stranger,))
        answering.start()
        assert member.connect(folder, NodeRequest.LOOK) is None
        answering.join()


def _answer_like_a_web_server(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
