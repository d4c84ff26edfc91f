import stat
from pathlib import Path

import pytest

from messaging.errors import UsageError
from messaging.runtime.paths import DataDir
from messaging.runtime.settings import keep, kept, load


@pytest.fixture
def folder(tmp_path: Path) -> DataDir:
    return DataDir.at(str(tmp_path))


def test_what_is_kept_holds_at_the_next_start(folder: DataDir) -> None:
    keep(folder, {"broker": 'amqp://me:p"w\\\x7f@shop', "batch": 50})
    settings = load({"data_dir": str(folder.root)}, {})
    assert (settings.broker, settings.batch) == ('amqp://me:p"w\\\x7f@shop', 50)
    assert stat.S_IMODE(folder.settings.stat().st_mode) == 0o600  # it may hold a password


def test_comments_and_other_options_stay_and_none_takes_one_out(folder: DataDir) -> None:
    folder.settings.write_text("# mine\nbatch = 1  # few\nheartbeat = 3\n")
    keep(folder, {"batch": None, "consumers": 2})
    assert folder.settings.read_text() == "# mine\nheartbeat = 3\nconsumers = 2\n"
    assert kept(folder) == {"heartbeat": 3, "consumers": 2}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "batch = 5\n"),
        ("# mine\nbatch = 1  # few\nconsumers = 2", "# mine\nbatch = 5  # few\nconsumers = 2"),
        ('"batch" = 1\n', '"batch" = 5\n'),
        ("heartbeat = 3  # short", "heartbeat = 3  # short\nbatch = 5\n"),
        ("heartbeat = 3\n\n# mine\n[mine]\nx = 1\n", "heartbeat = 3\n\n# mine\nbatch = 5\n\n[mine]\nx = 1\n"),
        ("[mine]\nx = 1\n", "batch = 5\n\n[mine]\nx = 1\n"),
        ('broker = """\nbatch = 2\n"""\n', 'broker = """\nbatch = 2\n"""\nbatch = 5\n'),
        ("heartbeat = 3\r\n", "heartbeat = 3\r\nbatch = 5\n"),
    ],
)
def test_a_changed_value_leaves_the_rest_as_its_owner_wrote_it(folder: DataDir, before: str, after: str) -> None:
    folder.settings.write_bytes(before.encode())
    keep(folder, {"batch": 5})
    assert folder.settings.read_bytes().decode() == after


def test_a_text_over_several_lines_is_replaced(folder: DataDir) -> None:
    folder.settings.write_text('broker = """\nbatch = 2\n"""\nbatch = 3\n')
    keep(folder, {"broker": "amqp://x"})
    assert kept(folder) == {"broker": "amqp://x", "batch": 3}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {"batch": 0}),
        ("", {"nonsense": 1}),
        ("batch = ", {"batch": 1}),
    ],
)
def test_what_cannot_be_written_safely_changes_nothing(folder: DataDir, text: str, values: dict[str, object]) -> None:
    folder.settings.write_text(text)
    with pytest.raises(UsageError):
        keep(folder, values)
    assert folder.settings.read_text() == text
