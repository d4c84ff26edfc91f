"""`metrics` beside a running warehouse process, on a real RabbitMQ."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from messaging.commands import main
from messaging.runtime.settings import Settings
from tests.helpers.checkouts import ROOT
from tests.helpers.waiting import eventually


@pytest.fixture
def arguments(broker_settings: Settings) -> list[str]:
    return ["--broker", broker_settings.broker, "--data-dir", broker_settings.data_dir]


@contextmanager
def running(*words: str) -> Iterator["subprocess.Popen[str]"]:
    """A command in a process of its own, ended by SIGTERM."""
    program = "import sys; from messaging.commands import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.Popen([sys.executable, "-c", program, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()


def test_metrics_adds_up_what_runs_and_what_the_stores_and_queues_say(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def numbers() -> dict[str, Any]:
        assert main(["metrics", "--json", *arguments]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    def numbers_once_published(notices: int) -> dict[str, Any]:
        found = numbers()
        return found if found["counts"]["published"] == notices else {}

    with running("warehouse", *arguments) as warehouse:
        assert main(["place", "--user", "Alice", "laptop=2", "--wait", *arguments]) == 0
        assert main(["place", "--user", "Alice", "laptop=99", "--wait", *arguments]) == 0
        capsys.readouterr()
        found = eventually(lambda: numbers_once_published(2))
        assert [(one["role"], one["pid"]) for one in found["processes"]] == [("warehouse", warehouse.pid)]
        assert {name: found["counts"][name] for name in ("received", "processed", "refused")} == {
            "received": 2,
            "processed": 1,
            "refused": 1,
        }
        assert found["milliseconds"]["arrival_to_commit"]["count"] == 2
        assert found["orders"] == {"processed": 1, "rejected": 1}
        assert (found["waiting"], found["unconfirmed"]) == (0, 0)
        assert found["queues"]["new_orders_queue"] == 0
        assert main(["metrics", *arguments]) == 0
        table = capsys.readouterr().out
        assert f"Running: warehouse {warehouse.pid}" in table
        assert "arrival_to_commit" in table
    assert numbers()["processes"] == []


def test_metrics_asks_the_node_that_answers(broker_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    several = ["--broker", f"amqp://localhost:1,{broker_settings.broker}", "--data-dir", broker_settings.data_dir]
    assert main(["doctor", "--fix", *several]) == 1
    capsys.readouterr()
    assert main(["metrics", "--json", *several]) == 0
    assert json.loads(capsys.readouterr().out)["queues"]["new_orders_queue"] == 0


def test_prometheus_reads_them_on_this_machine(arguments: list[str]) -> None:
    with running("metrics", "--prometheus", "0", *arguments) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert b"# TYPE order_desk_placed_total counter\n" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url.replace("/metrics", "/"), timeout=10)


def test_metrics_makes_and_starts_nothing_and_names_what_it_cannot_ask(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    assert main(["metrics", "--data-dir", str(folder), "--broker", "amqp://127.0.0.1:1"]) == 0
    out, err = capsys.readouterr()
    assert "No process of Order Desk runs" in out
    assert "Nothing listens at 127.0.0.1:1" in err
    assert os.listdir(folder) == ["order-desk.log"]
