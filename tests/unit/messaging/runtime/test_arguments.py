"""What is given to a program never shows a password, and never ends in anything but a line."""

import os
import stat
from pathlib import Path

import pytest

from desktop.application.arguments import parse
from messaging.bootstrap.command_line import Peek
from messaging.commands import main
from messaging.commands.support.numbers import units
from messaging.errors import OrderDeskError, UsageError
from messaging.runtime.settings import Settings, keep, load, readable_by_others
from messaging.warehouse.store.database.engine import Database
from messaging.warehouse.store.warehouse_store import WarehouseStore

URL = "amqp://u:S3cr3tPw@h/"
LEAKS = [
    ["stock", "--broker", URL],
    ["orders", "--brokr", URL],
    ["orders", f"--brokr={URL}"],
    ["orders", "--password", "S3cr3tPw"],
    ["orders", "--password=S3cr3tPw"],
    [URL],
    ["place", "--user", "a", "--on-shortage", URL],
    ["dead-letters", "show", URL],
    ["metrics", "--prometheus", URL],
    ["stock", "--broker", "amqp://u:my S3cr3tPw here@h/"],
    ["stock", "u:S3cr3tPw@h"],
    ["doctor", "--broker", "http://u:S3cr3tPw@h"],
    ["stock", "--database", "postgresql+psycopg://u:S3cr3tPw@[::1/x"],
    ["stock", "--database", "postgresql://u:S3cr3tPw@h:port/x"],
    ["stock", "--database", "S3cr3tPw"],
    ["place", "--user", "a", URL],
    ["place", "--user", "a", "laptop=" + URL],
    ["place", "--user", "a", "--file", "o.csv", "broker=" + URL],
    ["place", "--user", "a", "x" * 25 + URL],
    ["place", "--user", "a", f"{URL[:-3]}{'x' * 60}@h/"],
    ["place", "--user", "a", f"broker={URL[:-3]}{'x' * 60}@h/"],
]


@pytest.mark.parametrize("words", LEAKS)
def test_no_wrong_argument_shows_a_password(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDER_DESK_DATA_DIR", str(tmp_path))
    try:
        code = main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    said = capsys.readouterr().err
    assert code == 2
    assert said.startswith("order-desk: ")
    assert said.count("\n") == 1
    assert "S3cr3tPw" not in said


@pytest.mark.parametrize("words", [["--brokr", URL], [URL], ["--tab", URL], [f"--start={URL}"]])
def test_nor_does_the_window(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words, {})
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith("order-desk: ")
    assert "S3cr3tPw" not in said


def test_an_endless_argument_and_one_that_is_no_text_are_one_short_line(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["restock", "a", "9" * 5000], ["adjust", "a\udcff", "1", "--reason", "x"], ["ship", "\udcff"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr().err
        assert ended.value.code == 2
        assert len(said) < 400


@pytest.mark.parametrize(
    "text",
    [
        'broker = ["amqp://u:S3cr3tPw@h/"]',
        'broker = {url = "amqp://u:S3cr3tPw@h/"}',
        'broker = "http://u:S3cr3tPw@h/"',
        'database = ["postgresql://u:S3cr3tPw@h/"]',
        '"amqp://u:S3cr3tPw@h/" = 1',
        'broker = "amqp://u:S3cr3tPw@h/',
        'broker = "amqp://u:S3cr3tPw\\u0000@h/"',
        "a = " + "[" * 5000,
        "a = " + "{b=" * 5000,
        "batch = " + "9" * 5000,
        "batch = " + "9" * 4000,
        "batch = 2026-01-01",
        'database = "a\\u0000b"',
        'log_level = "' + "x" * 5000 + '"',
        "\ufeff\ufeffbatch = 1",
        "x" * 2_000_000,
    ],
)
def test_whatever_the_settings_hold_is_one_short_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError) as refused:
        load({"data_dir": str(tmp_path)}, {})
    said = str(refused.value)
    assert "S3cr3tPw" not in said
    assert said.isprintable()
    assert len(said) < 400
    Peek.at(["stock", "--data-dir", str(tmp_path)], {})


@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "loop"])
def test_what_is_no_file_is_no_settings(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "settings.toml"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if kind == "device" else path)
    Peek.at(["stock", "--data-dir", str(tmp_path)], {})
    with pytest.raises(UsageError, match=r"settings\.toml in the data directory cannot be read"):
        load({"data_dir": str(tmp_path)}, {})


def test_a_mark_before_the_settings_is_read_over_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbfheartbeat = 30\n")
    settings = load({"data_dir": str(tmp_path)}, {})
    assert settings.heartbeat == 30
    keep(settings.folder, {"batch": 7})
    assert path.read_bytes() == b"heartbeat = 30\nbatch = 7\n"
    assert Peek.at(["--data-dir", str(tmp_path)], {}).broker == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_settings_that_an_editor_kept_in_utf_16_are_read(tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    (tmp_path / "settings.toml").write_bytes(f"{mark}heartbeat = 30\n".encode(encoding))
    assert load({"data_dir": str(tmp_path)}, {}).heartbeat == 30


@pytest.mark.parametrize("data", [b"a = '\xe9'", b"\xff\xfea", b"batch = " + b"9" * 5000])
def test_settings_that_cannot_be_read_are_told_in_plain_words(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(data)
    with pytest.raises(UsageError) as refused:
        load({"data_dir": str(tmp_path)}, {})
    assert not any(word in str(refused.value) for word in ("codec", "sys.", "0x"))


WRONG_UNITS = ["x", "1.5", "1_000", "\uff11\uff12", "9" * 5000, "1e3", "", "--3", "\u00b3"]


@pytest.mark.parametrize("number", WRONG_UNITS)
@pytest.mark.parametrize(
    "words", [("restock", "laptop"), ("adjust", "laptop", "--reason", "x"), ("metrics", "--prometheus")]
)
def test_wrong_numbers_are_told_without_words_of_a_program(
    words: tuple[str, ...], number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, number])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert not any(word in said for word in ("invalid", "_port", " int "))


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("+3", 3), ("-3", -3), ("3.0", 3), (" 12 ", 12)])
def test_units_are_read_as_in_a_file(text: str, number: int) -> None:
    assert units(text) == number


def test_settings_with_a_password_that_others_may_read_are_warned_of(tmp_path: Path) -> None:
    path, settings = tmp_path / "settings.toml", Settings(data_dir=str(tmp_path))
    path.write_text(f'broker = "{URL}"\n')
    path.chmod(0o644)
    warning = readable_by_others(settings.folder)
    assert warning is not None
    assert "chmod 600" in warning
    assert "S3cr3tPw" not in warning
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert readable_by_others(settings.folder) is None
    path.write_text('broker = "amqp://h/"\n')
    path.chmod(0o644)
    assert readable_by_others(settings.folder) is None


@pytest.mark.parametrize(
    "name", ["shop?1", "shop?2", "a%20b", "a#b", "a b", "%", "%3F", "a&b=c", "\u8c46", "a\udcff", "a:b"]
)
def test_the_books_are_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    settings = load({"data_dir": str(folder)}, {})
    store = WarehouseStore(settings.database_url).open()
    store.close()
    assert (folder / "warehouse.sqlite").exists()
    assert {one.name for one in tmp_path.iterdir()} == {name}


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://u:x@[::1/x", "postgresql://h:99999999999999999999/x", "sqlite:///", "sqlite:////a%00b",
     "\0", "x", "postgresql://h:x/y", "mysql://u:x@h/y", "sqlite:///:memory:", "://", "sqlite:////a?b=%zz", "[" * 5000],
)  # fmt: skip
def test_a_wrong_address_of_a_database_is_said(url: str) -> None:
    with pytest.raises(OrderDeskError):
        Database(url).read(lambda connection: None)


def test_a_database_is_named_without_its_password() -> None:
    for url in ("postgresql://u:S3cr3tPw@h/shop", "postgresql+psycopg://h/shop?password=S3cr3tPw&user=u"):
        title = Database(url).title
        assert "shop" in title
        assert "S3cr3tPw" not in title
