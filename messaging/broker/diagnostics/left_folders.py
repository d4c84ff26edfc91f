"""What other series of RabbitMQ have left in the private node's folder: each reads its own data alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from messaging.broker.diagnostics.findings import CheckResult, State
from messaging.phrases import phrase


def left_data(folders: Sequence[Path]) -> Iterator[CheckResult]:
    """Nothing is wrong with it: the repair is for whoever knows of messages that no client sends again."""
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
