"""What a command writes, through a real process: whatever the console, the pipe and the texts of others are."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from messaging.commands.support.terminal import json_text, print_error, print_line
from messaging.texts import HIDDEN

HOSTILE = "\x1b[31mred\x07\x9b0m\r\nforged\u202e\u2066\u200b\ud800"


def run(folder: Path, words: Sequence[str], *, shell: str = "", **environ: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "messaging", *words, "--data-dir", str(folder)]
    if shell:
        command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
    return subprocess.run(command, env=os.environ | environ, capture_output=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "catalogue.csv").write_text("name,price,stock\n\u5496\u5561\u8c46,5.00,100\nCaf\u00e9,1.00,5\n", "utf-8")
    done = run(folder, ["stock", "--import", str(folder / "catalogue.csv")])
    assert (done.returncode, done.stderr) == (0, b"")
    return folder


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [(one, "Caf\u00e9") for one in ("cp1252", "latin-1", "utf-8", "cp437")] + [("ascii", "Caf?")],
)
def test_what_a_console_cannot_show_is_a_question_mark(shop: Path, encoding: str, shown: str) -> None:
    done = run(shop, ["stock"], PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode(encoding)
    assert shown in said
    assert ("\u5496\u5561\u8c46" if encoding == "utf-8" else "???") in said


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_error_is_a_line_in_any_encoding_and_json_is_whole_in_all(shop: Path, encoding: str) -> None:
    failed = run(shop, ["restock", "\u8c46", "1"], PYTHONIOENCODING=encoding)
    assert (failed.returncode, failed.stdout) == (1, b"")
    assert failed.stderr.startswith(b"order-desk: There is no product '?'")
    whole = run(shop, ["stock", "--json"], PYTHONIOENCODING=encoding).stdout
    assert {"\u5496\u5561\u8c46", "Caf\u00e9"} <= {level["name"] for level in json.loads(whole)}


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams_harm_neither_the_command_nor_the_books(shop: Path, closed: str) -> None:
    done = run(shop, ["stock"], shell=closed)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert run(shop, ["audit"]).returncode == 0


def test_a_full_disk_behind_the_output_is_said(shop: Path) -> None:
    done = run(shop, ["stock"], shell="> /dev/full")
    assert (done.returncode, done.stderr) == (
        1,
        b"order-desk: The output cannot be written: No space left on device.\n",
    )


def test_no_text_of_others_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_line(f"why: {HOSTILE}")
    print_error(f"why: {HOSTILE}")
    out, err = capsys.readouterr()
    assert out == f"why: {HIDDEN}[31mred{HIDDEN}{HIDDEN}0m forged{HIDDEN * 4}\n"
    assert err.startswith("order-desk: why: ")
    assert not set(out + err) & set("\x1b\x07\x9b\r\u202e\u2066\u200b\ud800")
    assert all(line.startswith("  ") for line in err.splitlines()[1:])


def test_json_is_ascii_and_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    text = json_text({"reason": HOSTILE + "\x7f\u5496"})
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text) == {"reason": HOSTILE + "\x7f\u5496"}
