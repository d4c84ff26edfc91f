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
            phrase(
                f"{data.name} holds what RabbitMQ {series} had not handed over when another series took its place. "
                "Accepted orders without an outcome are sent again by their clients when they next connect."
            ),
            phrase(
                f"delete {data} once no client shows accepted orders; for messages of other programs in it "
                f"start RabbitMQ {series} once more with --rabbitmq-server"
            ),
        )
    if not folders:
        yield CheckResult("left data", State.OK)
