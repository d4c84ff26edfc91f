"""Who else works on the machine sees what every process was started with: no password may stand there."""

import subprocess
import sys
from pathlib import Path

import pytest

from messaging.bootstrap.secrets import parted

SECRET = "S3cr3tPw"
URL = f"amqp://u:{SECRET}@127.0.0.1:1/"


@pytest.mark.parametrize("given", [["--broker", URL], [f"--broker={URL}"]])
def test_a_running_program_shows_none(given: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "messaging", "listen", "--user", "alice", *given]
    with subprocess.Popen(
        [*command, "--data-dir", str(tmp_path)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        finally:
            process.terminate()
            said += process.stderr.read()
    assert "127.0.0.1:1" in said
    assert b"listen" in shown
    assert SECRET not in said + shown.decode()


def test_only_what_holds_a_password_moves() -> None:
    words = [
        "python",
        "-m",
        "desktop",
        "--broker",
        "amqp://h",
        "--user",
        "a",
        "--database",
        f"postgresql://u:{SECRET}@h",
    ]
    assert parted(words) == (words[:-2], {"ORDER_DESK_DATABASE": words[-1]})
    assert parted(["x", "--broker"]) == (["x", "--broker"], {})
    assert parted(["x", f"--broker={URL}", "--broker", "amqp://h"]) == (
        ["x", "--broker", "amqp://h"],
        {"ORDER_DESK_BROKER": URL},
    )
