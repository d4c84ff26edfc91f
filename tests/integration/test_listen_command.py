"""`listen` in a process of its own, beside commands and windows of the same user, on a real RabbitMQ."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from messaging.commands import main
from messaging.history.store.history_store import HistoryStore
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings
from tests.helpers.checkouts import ROOT
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

PROGRAM = "import sys; from messaging.commands import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Iterator[Shop]:
    shop = Shop(tmp_path, broker_url)
    with shop.warehouse():
        yield shop


def where(shop: Shop) -> list[str]:
    return ["--broker", shop.url, "--data-dir", str(shop.folder)]


def place(shop: Shop, *products: str) -> None:
    for product in products:
        assert main(["place", "--user", "alice", f"{product}=1", "--wait", *where(shop)]) == 0


class Listener:
    """Its lines as they come, without waiting longer than for the wanted number of them."""

    def __init__(self, shop: Shop, *words: str) -> None:
        command = [sys.executable, "-c", PROGRAM, "listen", "--user", "alice", "--json", *words, *where(shop)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._read = b""

    def products(self, count: int) -> list[str]:
        return [json.loads(line)["order"][0]["name"] for line in eventually(lambda: self._lines(count))]

    def _lines(self, count: int) -> list[bytes]:
        assert self.process.stdout is not None
        if select.select([self.process.stdout], [], [], 0)[0]:
            self._read += os.read(self.process.stdout.fileno(), 65536)
        lines = self._read.splitlines()
        return lines if len(lines) >= count and self._read.endswith(b"\n") else []

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0


@contextmanager
def listening(shop: Shop, *words: str) -> Iterator[Listener]:
    listener = Listener(shop, *words)
    try:
        yield listener
    finally:
        listener.process.kill()
        listener.process.communicate()


def test_a_listener_prints_also_what_the_commands_before_it_have_heard(shop: Shop) -> None:
    place(shop, "laptop", "mouse", "keyboard")
    with listening(shop) as listener:
        assert listener.products(3) == ["laptop", "mouse", "keyboard"]
        place(shop, "monitor")
        assert listener.products(4) == ["laptop", "mouse", "keyboard", "monitor"]
        listener.end()


def test_each_name_goes_on_after_its_own_last_line(shop: Shop) -> None:
    place(shop, "laptop")
    with listening(shop) as listener:
        assert listener.products(1) == ["laptop"]
        listener.end()
    place(shop, "mouse", "keyboard")
    with listening(shop) as again, listening(shop, "--name", "till-2") as other:
        assert again.products(2) == ["mouse", "keyboard"]
        assert other.products(3) == ["laptop", "mouse", "keyboard"]
        place(shop, "monitor")
        assert again.products(3) == ["mouse", "keyboard", "monitor"]
        assert other.products(4) == ["laptop", "mouse", "keyboard", "monitor"]


def test_a_listener_that_was_killed_loses_none(shop: Shop) -> None:
    alice = Profiles(Settings(data_dir=str(shop.folder)).folder).named("alice")
    place(shop, "laptop")
    with listening(shop) as listener:
        listener.products(1)
        listener.process.kill()
    place(shop, "mouse")
    with listening(shop) as again:
        found = eventually(lambda: (lines := again.products(1))[-1] == "mouse" and lines)
        assert found in (["mouse"], ["laptop", "mouse"])
        again.end()
    history = HistoryStore(shop.settings.folder.history(alice.user_id), alice.user_id)
    assert history.listeners.read_to("default") == 2
    history.close()


def test_a_listener_ends_when_its_reader_has_gone_without_a_further_line(shop: Shop) -> None:
    place(shop, "laptop")
    with listening(shop) as listener:
        assert listener.products(1) == ["laptop"]
        assert listener.process.stdout is not None
        listener.process.stdout.close()
        assert listener.process.wait(20) == 141
        assert has_only_connected(listener.process)
        listener.process.stdout = None


def test_head_ends_a_listener_without_a_word(shop: Shop) -> None:
    place(shop, "laptop", "mouse")
    words = [sys.executable, "-c", PROGRAM, "listen", "--user", "alice", "--json", *where(shop)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listener:
        head = subprocess.run(["head", "-1"], stdin=listener.stdout, stdout=subprocess.PIPE, check=True)
        assert b"laptop" in head.stdout
        assert listener.stdout is not None
        listener.stdout.close()
        assert listener.wait(20) == 141
        assert has_only_connected(listener)


def has_only_connected(listener: "subprocess.Popen[bytes]") -> bool:
    assert listener.stderr is not None
    return all(line.startswith(b"order-desk: Connected to ") for line in listener.stderr.read().splitlines())


@pytest.mark.parametrize("name", ["", "a b", "\x1b[2J", "é", "x" * 41])
def test_a_listeners_name_is_plain(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["listen", "--user", "alice", "--name", name, "--data-dir", str(tmp_path)]) == 2
    assert "--name takes 1 to 40 letters" in capsys.readouterr().err
