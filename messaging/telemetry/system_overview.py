"""The numbers of one data directory's processes, stores and broker at one moment."""

from collections.abc import Mapping

from msgspec import Struct

from messaging.telemetry.metrics import BOUNDS, HELP, TIMED, MetricsSnapshot, Times
from messaging.telemetry.reporting import ProcessReport

PREFIX = "order_desk"


class Overview(Struct, frozen=True):
    """`orders` by state, `unpublished` notices and messages `set_aside` are the books'; None without books.
    `waiting`: messages in the outboxes of this data directory's users. `queues`: messages ready by queue.
    `problems`: what could not be reached, and why.
    """

    processes: tuple[ProcessReport, ...]
    waiting: int
    orders: Mapping[str, int] | None
    unpublished: int | None
    set_aside: int | None
    queues: Mapping[str, int]
    problems: tuple[str, ...] = ()

    @property
    def total(self) -> MetricsSnapshot:
        total = MetricsSnapshot.zero()
        for report in self.processes:
            total.merge(report.numbers)
        return total

    def facts(self) -> list[tuple[str, str, int]]:
        """Numbers of the stores and the broker: name, label, number."""
        found = [("waiting", "", self.waiting)]
        found += [("orders", status, number) for status, number in sorted((self.orders or {}).items())]
        found += [] if self.unpublished is None else [("unpublished", "", self.unpublished)]
        found += [] if self.set_aside is None else [("set_aside_kept", "", self.set_aside)]
        return found + [("queue_ready", queue, number) for queue, number in self.queues.items()]


FACTS = {
    "waiting": ("Messages in the outboxes, not confirmed yet", ""),
    "orders": ("Orders in the books by state", "status"),
    "unpublished": ("Notices in the books that are not marked as published", ""),
    "set_aside_kept": ("Messages set aside that nobody has dealt with", ""),
    "queue_ready": ("Messages ready in a queue of RabbitMQ", "queue"),
}


def prometheus(overview: Overview) -> str:
    """In the text format 0.0.4. A series is one process's: it only grows, and ends with the process."""
    lines: list[str] = []
    for count, words in HELP.items():
        lines += _head(f"{count}_total", words, "counter")
        lines += [_line(f"{count}_total", _of(one), one.numbers.counts[count]) for one in overview.processes]
    for timing, words in TIMED.items():
        lines += _head(f"{timing}_seconds", words, "histogram")
        for one in overview.processes:
            lines += _histogram(f"{timing}_seconds", _of(one), one.numbers.times[timing])
    lines += _head("unconfirmed", "Messages sent without a confirm yet", "gauge")
    lines += [_line("unconfirmed", _of(one), one.numbers.unconfirmed) for one in overview.processes]
    for name, (words, label) in FACTS.items():
        found = [(which, number) for fact, which, number in overview.facts() if fact == name]
        lines += _head(name, words, "gauge") if found else []
        lines += [_line(name, {label: which} if label else {}, number) for which, number in found]
    return "\n".join(lines) + "\n"


def _of(report: ProcessReport) -> dict[str, str]:
    return {"role": report.role, "pid": str(report.pid)}


def _head(name: str, words: str, kind: str) -> list[str]:
    return [f"# HELP {PREFIX}_{name} {words}", f"# TYPE {PREFIX}_{name} {kind}"]


def _histogram(name: str, labels: dict[str, str], times: Times) -> list[str]:
    lines, upto = [], 0
    for bound, number in zip((*(f"{bound:.6g}" for bound in BOUNDS), "+Inf"), times.buckets, strict=True):
        upto += number
        lines.append(_line(f"{name}_bucket", {**labels, "le": bound}, upto))
    return [*lines, _line(f"{name}_sum", labels, times.total), _line(f"{name}_count", labels, upto)]


def _line(name: str, labels: dict[str, str], value: float) -> str:
    named = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{PREFIX}_{name}{{{named}}} {value}" if named else f"{PREFIX}_{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
