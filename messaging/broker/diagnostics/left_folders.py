"""Data of other series of RabbitMQ in the private node's folder: a series reads only its own."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from messaging.broker.diagnostics.check_results import CheckResult, State
from messaging.phrases import phrase


def left_data(folders: Sequence[Path]) -> Iterator[CheckResult]:
    """Report each folder as unknown: only messages of other programs in it, which no client sends again, may matter."""
    for data in folders:
        series = data.name.removeprefix("data-")
        yield CheckResult(
            "left data",
            State.UNKNOWN,
            phrase("left_folders.holds_what_rabbitmq_had_not_handed", name=data.name, series=series),
            phrase("left_folders.delete_once_no_client_shows_accepted", data=data, series=series),
        )
    if not folders:
        yield CheckResult("left data", State.OK)
