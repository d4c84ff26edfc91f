import argparse
from dataclasses import fields
from itertools import takewhile
from pathlib import Path

import pytest

from messaging.errors import UsageError
from messaging.runtime.option import KINDS, Option
from messaging.runtime.paths import DataDir
from messaging.runtime.settings import OPTIONS, Settings, add_arguments, load


def test_without_anything_said_the_defaults_hold(tmp_path: Path) -> None:
    settings = load({"data_dir": str(tmp_path)}, {})
    assert (settings.heartbeat, settings.broker, settings.batch) == (10, "", 200)
    assert settings.database_url == f"sqlite:///{tmp_path}/warehouse.sqlite"


def test_the_command_line_beats_the_environment_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("batch = 1\nconsumers = 2\nheartbeat = 3\n")
    environ = {"ORDER_DESK_CONSUMERS": "20", "ORDER_DESK_HEARTBEAT": "30"}
    settings = load({"data_dir": str(tmp_path), "heartbeat": "300", "batch": None}, environ)
    assert (settings.batch, settings.consumers, settings.heartbeat, settings.confirm_window) == (1, 20, 300, 1000)


@pytest.mark.parametrize(
    ("arguments", "environ", "words"),
    [
        ({"batch": "many"}, {}, r"batch \(command line\): 'many'"),
        ({}, {"ORDER_DESK_BATCH": "0"}, r"batch \(environment\): use a number above zero"),
        ({"retry_most": "nan"}, {}, "above zero"),
        ({"retry_most": "inf"}, {}, "above zero"),
        ({"heartbeat": "-1"}, {}, "above zero"),
        ({"log_level": "LOUD"}, {}, "use one of DEBUG"),
    ],
)
def test_a_wrong_value_names_the_option_and_where_it_came_from(
    tmp_path: Path, arguments: dict[str, str], environ: dict[str, str], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        load({"data_dir": str(tmp_path), **arguments}, environ)


@pytest.mark.parametrize("text", ["batch = ", "no_such_option = 1", "batch = [1]", "\udcff"])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageError, match=r"settings\.toml"):
        load({"data_dir": str(tmp_path)}, {})


def test_several_brokers_are_separated_by_commas(tmp_path: Path) -> None:
    settings = load({"data_dir": str(tmp_path), "broker": "amqp://a, amqp://b,"}, {})
    assert settings.broker_urls == ("amqp://a", "amqp://b")


def test_each_option_has_an_argument_with_help_and_default() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert vars(parser.parse_args([])) == {option.name: None for option in fields(Settings)}
    assert parser.parse_args(["--data-dir", "x"]).data_dir == "x"
    assert "(default 10)" in parser.format_help()


def test_a_parser_gets_only_the_options_it_names() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser, "broker")
    assert vars(parser.parse_args([])) == {"broker": None}


def test_a_data_directory_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--data-dir"):
        DataDir.at(str(tmp_path / "file" / "below"))


def test_a_new_data_directory_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert DataDir.at(str(tmp_path / "new")).root.stat().st_mode & 0o777 == 0o700


def test_the_readme_has_the_table_of_options() -> None:
    """Paste the table that this expects where an option was added or changed."""
    rows = [f"| `{one.name}` | {one.help} | {_limit(one)} | {_default(one)} |" for one in OPTIONS.values()]
    readme = (Path(__file__).parents[4] / "README.md").read_text("utf-8")
    _, _, after = readme.partition("| option | what it is | accepts | default |\n|---|---|---|---|\n")
    assert [*takewhile(bool, after.splitlines())] == rows


def _limit(option: Option) -> str:
    if option.kind is str:
        return ", ".join(f"`{one}`" for one in option.choices) or "a text"
    return f"{KINDS[option.kind]}, at most {option.most:,} {option.unit}".rstrip()


def _default(option: Option) -> str:
    return f"`{option.default}`" if option.default else ""
