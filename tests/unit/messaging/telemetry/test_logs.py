import json
import logging
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from messaging.errors import StoreUnavailable
from messaging.telemetry import logs

LOG = logging.getLogger("tests.logs")

WRITER = """
import logging, sys
from pathlib import Path
from messaging.telemetry import logs
logs.MAX_BYTES = 20_000
with logs.start_logging(Path(sys.argv[1]), "INFO"):
    for number in range(200):
        logging.info("%s %d", sys.argv[2], number)
"""


@pytest.fixture(autouse=True)
def _level_as_before() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "order-desk.log"


def lines(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def test_a_line_is_one_json_object_with_time_level_and_logger(path: Path) -> None:
    with logs.start_logging(path, "INFO"):
        LOG.info("placed %s", "an order", extra={"order": "id-1"})
        LOG.debug("too small to tell")
    (line,) = lines(path)
    assert (line["message"], line["level"], line["logger"], line["order"]) == (
        "placed an order",
        "INFO",
        "tests.logs",
        "id-1",
    )
    assert line["time"].endswith("+00:00")
    assert line["process"] == os.getpid()


def test_text_from_others_cannot_forge_or_colour_a_line(path: Path) -> None:
    evil = "x\r\n{}\x1b[31m\u2028\u202e\ud800\x00\x9b"
    with logs.start_logging(path, "INFO"):
        LOG.warning("name %s", evil, extra={"name_given": evil})
    raw = path.read_bytes()
    assert raw.count(b"\n") == 1
    assert all(0x20 <= byte < 0x7F for byte in raw[:-1])
    assert lines(path)[0]["message"] == f"name {evil}"


@pytest.mark.parametrize(
    "url",
    [
        "amqp://alice:s3cret@host:5672/x",
        "amqps://a:s3c@s3cret@h",
        "postgresql+psycopg://u:s3cret@db/x",
        "amqp://:s3cret@h",
    ],
)
def test_no_password_reaches_the_log(path: Path, url: str) -> None:
    with logs.start_logging(path, "INFO"):
        LOG.info("connecting to %s", url, extra={"url": url, "urls": [url]})
        try:
            raise ValueError(url)
        except ValueError:
            LOG.exception("no connection")
    assert b"s3c" not in path.read_bytes()
    assert b"***@" in path.read_bytes()


@pytest.mark.parametrize(("level", "told"), [("DEBUG", ["trouble", "no broker"]), ("INFO", [])])
def test_pika_tells_only_what_is_wrong_and_only_whoever_looks_closely(path: Path, level: str, told: list[str]) -> None:
    """Our own line says why a try failed; pika's six for each try would push everything else out of the log."""
    with logs.start_logging(path, level):
        logging.getLogger("pika.connection").info("chatter")
        logging.getLogger("pika.connection").warning("trouble")
        logging.getLogger("pika.adapters.base_connection").error("no broker")
    assert [line["message"] for line in lines(path)] == told


def test_a_closed_log_takes_nothing_more(path: Path) -> None:
    logs.start_logging(path, "INFO").close()
    LOG.warning("later")
    assert lines(path) == []


def test_the_log_is_for_its_owner_alone(path: Path) -> None:
    logs.start_logging(path, "INFO").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        logs.start_logging(tmp_path, "INFO")


def test_a_full_log_is_moved_aside_and_two_old_ones_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 1000)
    with logs.start_logging(path, "INFO"):
        for number in range(60):
            LOG.info("line %d", number)
    kept = [path.with_name("order-desk.log.2"), path.with_name("order-desk.log.1"), path]
    assert {p.name for p in path.parent.iterdir()} - {"order-desk.log.lock"} == {p.name for p in kept}
    numbers = [int(line["message"].split()[1]) for line in lines(*kept)]
    assert numbers == list(range(numbers[0], 60))
    assert all(p.stat().st_size < 1300 for p in kept)


def test_several_processes_write_whole_lines_and_follow_when_the_file_is_moved(path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in ("one", "two")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    kept = sorted(p for p in path.parent.iterdir() if not p.name.endswith(".lock"))
    seen = {line["message"] for line in lines(*kept)}
    assert len(kept) == 3
    assert {"one 199", "two 199"} & seen
    assert len(seen) == len(lines(*kept))


def test_a_bug_in_a_thread_is_logged_whole_and_told(path: Path) -> None:
    told: list[BaseException] = []
    undo = logs.install_crash_hook(told.append)
    try:
        with logs.start_logging(path, "INFO"):
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
    finally:
        undo()
    (line,) = lines(path)
    assert line["level"] == "CRITICAL"
    assert "ZeroDivisionError: division by zero" in line["error"]
    assert [type(error) for error in told] == [ZeroDivisionError]


def test_a_bug_in_the_main_thread_gives_the_user_one_line_and_the_log_the_rest(path: Path) -> None:
    program = "import sys; from pathlib import Path; from messaging.telemetry.logs import *; install_crash_hook(); "
    program += "start_logging(Path(sys.argv[1])); 1/0"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "order-desk: a bug, ZeroDivisionError: the log has the details.\n"
    assert "Traceback" in lines(path)[0]["error"]
