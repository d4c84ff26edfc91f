"""A password may stand wherever somebody puts it, in any argument or setting: no output shows it."""

import argparse
import os
import sys
from collections.abc import Iterator

import pytest

from desktop.application.arguments import parse
from desktop.application.arguments import parser as window_parser
from messaging.bootstrap.secrets import OPTIONS as SECRETS
from messaging.bootstrap.secrets import move_out_of_sight, parted
from messaging.commands import main, parser
from messaging.errors import OrderDeskError, UsageError
from messaging.phrases import Words
from messaging.runtime.settings import OPTIONS, load

SECRET = "S3cr3tPw"
URL = f"amqp://u:{SECRET}@h/"
TEXTS = [URL, f"a={URL}", f"x{URL}", f"postgresql://h/x?password={SECRET}", f"amqp:/u:{SECRET}@h"]
CommandLine = list[str]


def _commands(top: argparse.ArgumentParser) -> Iterator[tuple[CommandLine, argparse.ArgumentParser]]:
    """Each command with its words, down to those that have none below."""
    below = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield [], top
    for action in below:
        for name, one in action.choices.items():
            for words, last in _commands(one):
                yield [name, *words], last


def _value(action: argparse.Action) -> str:
    """One that fits."""
    return str(next(iter(action.choices))) if action.choices else "1"


def _given(command: argparse.ArgumentParser, secret: argparse.Action, text: str) -> CommandLine:
    """What the command needs, with the secret in one argument."""
    words = list[str]()
    for action in command._actions:
        if action.nargs == 0 or not (action is secret or action.required):
            continue
        value = text if action is secret else _value(action)
        words += [action.option_strings[-1], value] if action.option_strings else [value]
    return words


def _cases(top: argparse.ArgumentParser) -> Iterator[CommandLine]:
    for words, command in _commands(top):
        for action in command._actions:
            if action.nargs != 0 and action.dest not in ("broker", "database"):
                for text in TEXTS[:2]:
                    yield [*words, *_given(command, action, text)]


@pytest.mark.parametrize("words", [*_cases(parser()), ["stock", "--import", f"amqp://u:{SECRET}/x/y@h/"]], ids=" ".join)
def test_no_argument_of_a_command_shows_it(
    words: CommandLine,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    monkeypatch.setenv("ORDER_DESK_DATA_DIR", str(tmp_path_factory.getbasetemp() / "kept"))
    try:
        code = main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    said = "".join(capsys.readouterr())
    assert code == 2, said
    assert said.count("\n") == 1
    assert SECRET not in said


@pytest.mark.parametrize("words", [*_cases(window_parser())], ids=" ".join)
def test_nor_does_one_of_the_window(words: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words, {})
    said = "".join(capsys.readouterr())
    assert ended.value.code == 2
    assert SECRET not in said


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("text", [*TEXTS, f"http://u:{SECRET}@h", f"amqp://u\0:{SECRET}@h"])
def test_nor_does_a_setting(name: str, text: str) -> None:
    said = ""
    try:
        load({}, {OPTIONS[name].variable: text})
    except UsageError as error:
        said = str(error)
    assert SECRET not in said
    assert said or name in ("broker", "database")


def test_set_up_moves_each_secret_option_out_of_sight() -> None:
    """It runs before the packages stand that the declaration needs."""
    assert {option.flag: option.variable for option in OPTIONS.values() if option.is_secret} == SECRETS


def test_whatever_an_error_quotes_is_without_it() -> None:
    error = OrderDeskError(Words(f"{URL} cannot be used."))
    assert error.words == "amqp://u:***@h/ cannot be used."


def test_on_windows_the_command_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("it began again"))
    for given in (["--broker", URL], [f"--database=postgresql://u:{SECRET}@h"], ["--brok", URL]):
        with pytest.raises(UsageError, match=r"ORDER_DESK_(BROKER|DATABASE) in the environment") as refused:
            move_out_of_sight(["python", "-m", "messaging", "listen", *given], system="nt")
        assert SECRET not in str(refused.value)
    move_out_of_sight(["python", "-m", "messaging", "listen", "--broker", "amqp://u@h/"], system="nt")


def test_elsewhere_it_moves_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = list[tuple[str, CommandLine, dict[str, str]]]()
    monkeypatch.setattr(os, "execve", lambda *given: begun.append(given))
    move_out_of_sight(["python", "-m", "messaging", "listen", "--brok", URL], system="posix")
    ((program, words, variables),) = begun
    assert (program, words) == (sys.executable, ["python", "-m", "messaging", "listen"])
    assert variables["ORDER_DESK_BROKER"] == URL
    query = f"postgresql://h/x?password={SECRET}"
    assert parted(["--data", query, "--datab", query]) == ([], {"ORDER_DESK_DATABASE": query})
    assert parted(["--", URL, "-b", URL]) == (["--", URL, "-b", URL], {})


def test_other_addresses_are_values_as_before() -> None:
    assert load({"data_dir": "C:/Users/a@b", "broker": URL}, {}) == load(
        {}, {"ORDER_DESK_DATA_DIR": "C:/Users/a@b", "ORDER_DESK_BROKER": URL}
    )
