"""A fresh machine: the environment is made once, mended when it was cut off, and what cannot be done is said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.__main__ import NoDisplay, choose_display
from messaging.bootstrap import Peek
from messaging.bootstrap.parts import broker_parts, window_parts
from messaging.bootstrap.rabbitmq_server import VARIABLE, find_rabbitmq_server
from tests.helpers.checkouts import ROOT, SmallCheckout, base_python, make_wheel, plain_environ


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> SmallCheckout:
    return SmallCheckout(tmp_path_factory.mktemp("small checkout"))


def test_the_first_start_sets_up_and_the_second_says_nothing(checkout: SmallCheckout) -> None:
    code, out, err = checkout.run("--user", "two words")
    assert code == 0, err
    assert out == f"{checkout.venv} 1.0 ['--user', 'two words']\n"
    assert "Making a Python environment" in err
    assert checkout.run("again") == (0, f"{checkout.venv} 1.0 ['again']\n", "")


def test_a_changed_dependency_is_installed_into_the_same_environment(checkout: SmallCheckout) -> None:
    checkout.run()
    checkout.need(make_wheel(checkout.root, "2.0"))
    code, out, err = checkout.run()
    assert (code, out) == (0, f"{checkout.venv} 2.0 []\n"), err
    assert "Making" not in err


def test_a_set_up_that_was_cut_off_is_begun_anew(checkout: SmallCheckout) -> None:
    checkout.run()
    (checkout.venv / "order-desk-unfinished").touch()
    for library in checkout.venv.glob("lib/*/site-packages/pip"):
        library.rename(library.with_name("half-a-pip"))
    code, out, err = checkout.run()
    assert code == 0, err
    assert out.startswith(str(checkout.venv))
    assert not list(checkout.venv.glob("lib/*/site-packages/half-a-pip"))


def test_two_starts_at_once_install_once(tmp_path: Path) -> None:
    checkout = SmallCheckout(tmp_path / "checkout")
    with checkout.start("a") as first, checkout.start("b") as second:
        ends = [process.communicate(timeout=100) for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), ends
    assert "".join(err for _, err in ends).count("Making a Python environment") == 1


def test_packages_that_cannot_be_had_end_the_start_with_what_to_type(checkout: SmallCheckout) -> None:
    checkout.need(checkout.root / "not-there-1.0-py3-none-any.whl")
    code, _, err = checkout.run()
    assert code == 1
    assert err.rstrip().endswith("Then type: python3 -m program")
    assert "Traceback" not in err
    checkout.need(make_wheel(checkout.root, "3.0"))
    assert checkout.run()[0] == 0


SEE_TO = """
import sys
from messaging.bootstrap import Part, exit_code
from messaging.bootstrap.packages import see_to
from pathlib import Path
part = Part("RabbitMQ", Path(sys.argv[1]).exists, "rabbitmq-server", "rabbitmq", "rabbitmq")
sys.exit(exit_code(lambda: see_to([part]) or 0))
"""


def see_to_rabbitmq(tools: Path, installed: Path) -> "subprocess.CompletedProcess[str]":
    """With nothing on PATH but these tools, and no terminal."""
    return subprocess.run(
        [base_python(), "-c", SEE_TO, str(installed)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=plain_environ(PATH=str(tools)),
        check=False,
    )


def put_tool(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text("#!/bin/sh\n" + script, "utf-8")
    (folder / name).chmod(0o755)


def test_without_a_package_manager_it_says_what_to_install(tmp_path: Path) -> None:
    ended = see_to_rabbitmq(tmp_path, tmp_path / "installed")
    assert ended.returncode == 1
    assert "Install RabbitMQ with your system's package manager" in ended.stderr
    assert "ORDER_DESK_BROKER=amqp://" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="apt-get is Debian's")
def test_root_without_a_terminal_installs_and_anyone_else_is_shown_the_command(tmp_path: Path) -> None:
    installed, calls = tmp_path / "installed", tmp_path / "calls"
    put_tool(tmp_path, "apt-get", f'echo "$@" >> "{calls}"\n[ "$1" = update ] || : > "{installed}"\n')
    ended = see_to_rabbitmq(tmp_path, installed)
    command = "apt-get install -y --no-install-recommends rabbitmq-server"
    assert command in ended.stderr
    if os.geteuid() == 0:
        assert ended.returncode == 0, ended.stderr
        assert calls.read_text("utf-8").splitlines() == ["update", command.removeprefix("apt-get ")]
    else:
        assert (ended.returncode, calls.exists()) == (1, False)


def test_what_is_missing_after_the_installation_is_named(tmp_path: Path) -> None:
    put_tool(tmp_path, "apt-get", "echo 'E: Unable to locate package'; exit 100\n")
    ended = see_to_rabbitmq(tmp_path, tmp_path / "installed")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    if os.geteuid() == 0:
        assert "E: Unable to locate package" in ended.stderr


def test_a_broker_elsewhere_needs_no_rabbitmq_here(tmp_path: Path) -> None:
    here = {"ORDER_DESK_DATA_DIR": str(tmp_path)}
    url = "amqp://elsewhere"
    assert [part.name for part in broker_parts(Peek.at([], here), here)] == ["RabbitMQ"]
    assert broker_parts(Peek.at(["demo", "--broker", url], here), here) == ()
    assert broker_parts(Peek.at([], here | {"ORDER_DESK_BROKER": url}), here) == ()
    (tmp_path / "settings.toml").write_text(f'broker = "{url}"\n', "utf-8")
    assert broker_parts(Peek.at([], here), here) == ()


def test_wrong_arguments_are_left_to_the_programs_own_parser() -> None:
    assert Peek.at(["place", "--user", "x", "--unknown", "laptop=1", "--broker"], {}).words[0] == "place"


def test_postgresql_brings_its_driver() -> None:
    assert Peek.at(["--database", "postgresql+psycopg://there/books"], {}).groups == ("base", "postgres")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_only_the_demos_pictures_are_made() -> None:
    environ: dict[str, str] = {}
    with pytest.raises(NoDisplay, match="--screenshots"):
        choose_display(Peek.at(["--user", "alice"], {}), environ)
    choose_display(Peek.at(["demo", "--screenshots", "shots"], {}), environ)
    assert environ == {"QT_QPA_PLATFORM": "offscreen"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the wheels bring their libraries")
def test_the_libraries_of_x11_are_asked_for_only_where_windows_are_drawn_on_it() -> None:
    def wanted(environ: dict[str, str]) -> bool:
        return "libxcb-cursor.so.0" in {part.name for part in window_parts(environ)}

    assert wanted({"DISPLAY": ":0"})
    assert not wanted({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"})
    assert not wanted({})


def test_a_named_rabbitmq_server_is_the_only_one_looked_at(tmp_path: Path) -> None:
    assert find_rabbitmq_server({VARIABLE: str(tmp_path / "nothing")}) is None
    put_tool(tmp_path, "my-server", "exit 0\n")
    assert find_rabbitmq_server({VARIABLE: str(tmp_path / "my-server")}) == tmp_path / "my-server"
