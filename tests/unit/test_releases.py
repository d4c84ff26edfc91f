"""Which RabbitMQ the tests are run on."""

import pytest

from tests import releases


@pytest.mark.parametrize(
    ("arguments", "series", "others"),
    [
        ([], None, []),
        (["--broker", "4.3"], "4.3", []),
        (["-k", "outbox", "--broker=3.10", "-x", "tests/unit"], "3.10", ["-k", "outbox", "-x", "tests/unit"]),
        (["benchmark", "--help"], None, ["benchmark", "--help"]),
    ],
)
def test_the_broker_is_taken_out_of_pytests_arguments(
    arguments: list[str], series: str | None, others: list[str]
) -> None:
    assert releases.chosen(arguments) == (series, others)


def test_an_unknown_release_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        releases.chosen(["--broker", "2.7"])
    assert "4.3" in capsys.readouterr().err


def test_the_launcher_stands_beside_the_plugins_that_tell_its_version() -> None:
    """messaging.broker.node.files.series_of looks there."""
    release = releases.Release("4.0")
    assert release.launcher.parent.parent == release.folder
