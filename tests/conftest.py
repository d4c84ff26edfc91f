"""Shared fixtures: one private RabbitMQ for the run, a virtual host for each test, and no leftovers."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import hypothesis
import pytest

from messaging.bootstrap.rabbitmq_server import VARIABLE
from messaging.broker.diagnostics.management_api import ROOT_VHOST
from messaging.broker.node import member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.contract import topology
from messaging.runtime import settings
from messaging.runtime.option import PREFIX
from messaging.runtime.settings import Settings
from tests.helpers import leftovers
from tests.helpers.admin import Admin
from tests.helpers.books import postgresql, server, store, store_url
from tests.helpers.doctored_vhost import Clinic
from tests.helpers.tls import TlsListener, add_listener
from tests.helpers.waiting import eventually

__all__ = [
    "postgresql",
    "server",
    "store",
    "store_url",
]  # once: each import makes a cluster of its own

hypothesis.settings.register_profile("order-desk", deadline=None, derandomize=True)
hypothesis.settings.load_profile("order-desk")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in [name for name in os.environ if name.startswith(PREFIX) and name != VARIABLE]:
    del os.environ[name]  # the tests must not depend on, nor touch, what this person has set up

BOOT_SECONDS = 180.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test logged may hold half a surrogate pair, which a worker could not send to the main process."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever forgets a data directory gets an empty one, not this person's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def _garbage_in_the_main_thread() -> Iterator[None]:
    """As in the program: a thread that happened to collect could free another test's widgets, and abort."""
    gc.disable()  # `GuiGarbage` switches it on again
    yield
    gc.disable()
    gc.collect()


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """A thread or a child process that a test leaves behind fails it."""
    threads, children = leftovers.threads(), leftovers.children()
    yield

    def left() -> list[str]:
        processes = [f"{pid}: {command}" for pid, command in leftovers.children().items() if pid not in children]
        return [thread.name for thread in leftovers.threads() - threads] + processes

    eventually(lambda: not left() or None, 5, f"the end of what this test started: {left()}")


@pytest.fixture(scope="session")
def node_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of the run's private node; the space in its folder's name is meant."""
    return settings.load({"data_dir": str(tmp_path_factory.mktemp("order desk"))}, os.environ)


@pytest.fixture(scope="session")
def tls(node_settings: Settings) -> TlsListener:
    return add_listener(NodeFolder(node_settings.folder.broker))


@pytest.fixture(scope="session")
def node(node_settings: Settings, tls: TlsListener) -> Iterator[PrivateNode]:
    """The run's RabbitMQ, started as the app starts it, with a listener for TLS beside its own one. Where none is
    installed this fails: nothing is skipped."""
    with PrivateNode(node_settings.folder, node_settings, grace=0.5) as private:
        private.wait_ready(BOOT_SECONDS)
        yield private
    folder = NodeFolder(node_settings.folder.broker)
    eventually(lambda: not member.is_supervised(folder), 60, "the end of the run's RabbitMQ")


@pytest.fixture
def admin(node: PrivateNode) -> Iterator[Admin]:
    with Admin(node.management_url()) as admin:
        yield admin


@pytest.fixture
def vhost(admin: Admin) -> Iterator[str]:
    """A virtual host of one's own, with what the node's own has of policies and queue type, and without the
    topology: the product declares that."""
    name = f"test-{uuid4().hex[:12]}"
    admin.add_vhost(name, admin.default_queue_type(ROOT_VHOST))
    admin.permit(name, "operator", ".*", ".*", ".*")
    for policy in topology.POLICIES:
        admin.set_policy(name, policy)
    yield name
    admin.delete_vhost(name)


@pytest.fixture
def broker_url(node: PrivateNode, vhost: str) -> str:
    """The operator's AMQP URL of this test's virtual host."""
    server = node.wait_ready(BOOT_SECONDS).rpartition("/")[0]
    return f"{server}/{quote(vhost, safe='')}"


@pytest.fixture
def clinic(broker_url: str, node: PrivateNode, admin: Admin, vhost: str) -> Clinic:
    return Clinic(broker_url, node.management_url(), admin, vhost)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory of one's own."""
    return tmp_path / "data"


@pytest.fixture
def broker_settings(broker_url: str, data_dir: Path) -> Settings:
    """Settings with this test's virtual host and data directory."""
    return settings.load({"broker": broker_url, "data_dir": str(data_dir)}, {})
