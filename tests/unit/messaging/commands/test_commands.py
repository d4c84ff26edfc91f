"""What a person types wrongly: one line on stderr that says what to do, and the right exit code."""

from pathlib import Path

import pytest

from messaging.commands import main

NOBODY_THERE = ("--broker", "amqp://127.0.0.1:1")

WRONG_ARGUMENTS = [
    ([], "COMMAND"),
    (["no-such-command"], "no-such-command"),
    (["place", "laptop=1"], "--user"),
    (["place", "--user", "alice", "laptop=x"], "NAME=QUANTITY"),
    (["place", "--user", "alice", "laptop=0"], "from 1 to 1,000,000"),
    (["place", "--user", "alice", "laptop=1.5"], "'1.5' is not a whole number"),
    (["place", "--user", "alice", "laptop=1,250"], "'1,250' is unclear"),
    (["place", "--user", "alice", "laptop=" + "9" * 5000], "from 1 to 1,000,000"),
    (["place", "--user", "alice", "laptop=\u0661"], "from 1 to 1,000,000"),
    (["place", "--user", "alice", "=1"], "not a product name"),
    (["place", "--user", "", "laptop=1"], "40 visible characters"),
    (["place", "--user", "alice", "--on-shortage", "maybe", "laptop=1"], "maybe"),
    (["place", "--user", "alice", "--file", "no-such.csv"], "no-such.csv cannot be read"),
    (["cancel", "1", "--user", "nobody"], "no user 'nobody'"),
    (["ship"], "ORDER"),
    (["restock", "laptop", "many"], "many"),
    (["restock", "laptop", "-5"], "not -5"),
    (["restock", "laptop", "0", "--preview"], "not 0"),
    (["restock", "laptop", "9" * 30], "1,000,000,000 units"),
    (["restock", "laptop", "9" * 5000], "QUANTITY"),
    (["adjust", "laptop", "0", "--reason", "counted"], "up or down"),
    (["adjust", "laptop", "-1"], "--reason"),
    (["adjust", "laptop", "-1", "--reason", " "], "reason"),
    (["stock", "--import", "no-such.csv"], "no-such.csv cannot be read"),
    (["stock", "--database", "nonsense://x"], "sqlite:///FILE"),
    (["dead-letters", "show", "x"], "x"),
    (["dead-letters", "show", "-1"], "above zero"),
    (["dead-letters", "drop", "9" * 30], "above zero"),
    (["orders", "--limit", "-1"], "above zero"),
    (["orders", "--limit", "9" * 30], "above zero"),
    (["orders", "--user", ""], "leave it out"),
    (["order", ""], "id is missing"),
    (["ship", " "], "id is missing"),
    (["return", ""], "id is missing"),
    (["metrics", "--prometheus", "99999"], "not a port"),
    (["warehouse", "--batch", "0"], "above zero"),
    (["warehouse", "--batch", "many"], "not a whole number"),
    (["warehouse", "--batch", "20000"], "10,000 is the most"),
    (["listen", "--user", "alice", "--heartbeat", "100000"], "65,535 is the most"),
    (["place", "--user", "alice", "laptop=1", "--confirm-window", "9" * 30], "1,000,000 is the most"),
    (["doctor", "--broker", "nonsense"], "amqp://USER:PASSWORD@HOST"),
    (["doctor", "--broker", "amqp://me:secret@host:port"], "amqp://USER:PASSWORD@HOST"),
    (["doctor", "--broker", "http://me:secret@host"], "amqp://USER:PASSWORD@HOST"),
    (["broker", "frobnicate"], "frobnicate"),
]
CANNOT_BE = [
    (["order", "no-such-order"], "no order 'no-such-order'"),
    (["ship", "no-such-order"], "no order 'no-such-order'"),
    (["return", "no-such-order"], "no order 'no-such-order'"),
    (["restock", "no-such-product", "5"], "no product 'no-such-product'"),
    (["adjust", "laptop", "-1000", "--reason", "lost"], "cannot be posted"),
    (["dead-letters", "drop", "7"], "under number 7"),
    (["dead-letters", "replay", "7", *NOBODY_THERE], "Nothing listens"),
    (["stock", "--database", "postgresql+psycopg://me:secret@127.0.0.1:1/x"], "cannot be used now"),
]


def say(words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    try:
        code = main([*words, *(["--data-dir", str(folder)] if len(words) > 1 else [])])
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "named", "code"), [(*one, 2) for one in WRONG_ARGUMENTS] + [(*one, 1) for one in CANNOT_BE]
)
def test_what_cannot_be_done_is_said_in_one_line(
    words: list[str], named: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, said = say(words, tmp_path / "data", capsys)
    assert exit_code == code
    assert said.startswith("order-desk: ")
    assert said.count("\n") == 1
    assert named in said
    assert "secret" not in said


def test_a_change_that_cannot_be_told_now_is_done_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(["restock", "laptop", "5", *NOBODY_THERE], tmp_path, capsys) == (
        0,
        "order-desk: RabbitMQ cannot be reached: Nothing listens at 127.0.0.1:1: is RabbitMQ running there? "
        "It is in the books, and reaches the users and clients with a warehouse that runs on these books.\n",
    )
