"""What RabbitMQ says of a message that it dead-lettered. The headers can be forged: they are only words."""

from collections.abc import Mapping

from msgspec import Struct

HEADERS = ("x-death", "x-first-death-queue", "x-first-death-exchange", "x-first-death-reason")
MOST_NAME = 255  # bytes of a queue's name in AMQP

WORDS = {
    "rejected": "Another consumer of {} refused it.",
    "expired": "It ran out of time in {}.",
    "maxlen": "{} was full.",
    "delivery_limit": "It was given out of {} too often and never acknowledged: it may bring down whatever takes it.",
}


class Death(Struct, frozen=True):
    """Where it died last, and why; empty where RabbitMQ does not say."""

    queue: str = ""
    reason: str = ""

    @property
    def in_words(self) -> str:
        words = WORDS.get(self.reason, "It was dead-lettered from {}.")
        return words.format(self.queue or "a queue that is not known")


def was_dead(headers: Mapping[str, object]) -> bool:
    return any(name in headers for name in HEADERS)


def last(headers: Mapping[str, object]) -> Death:
    """RabbitMQ puts the newest first."""
    deaths = headers.get("x-death")
    newest = deaths[0] if isinstance(deaths, list) and deaths else None
    if not isinstance(newest, dict):
        return Death()
    return Death(_name(newest.get("queue")), _name(newest.get("reason")))


def _name(value: object) -> str:
    return value if isinstance(value, str) and value.isprintable() and len(value) <= MOST_NAME else ""
