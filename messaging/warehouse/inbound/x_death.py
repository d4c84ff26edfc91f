"""What RabbitMQ says of a message that it dead-lettered. The headers can be forged: they are only words."""

from collections.abc import Mapping

from msgspec import Struct

from messaging.contract.codec import is_of_death
from messaging.phrases import Words, phrase
from messaging.texts import printable

MOST_NAME = 255  # bytes of a queue's name in AMQP


class XDeath(Struct, frozen=True):
    """Where it died last, and why; empty where RabbitMQ does not say."""

    queue: str = ""
    reason: str = ""

    @property
    def in_words(self) -> Words:
        queue = self.queue or "a queue that is not known"
        match self.reason:
            case "rejected":
                return phrase("x_death.another_consumer_of_refused_it", queue=queue)
            case "expired":
                return phrase("x_death.it_ran_out_of_time_in", queue=queue)
            case "maxlen":
                return phrase("x_death.was_full", queue=queue)
            case "delivery_limit":
                return phrase("x_death.it_was_given_out_of_too", queue=queue)
        return phrase("x_death.it_was_dead_lettered_from", queue=queue)


def was_dead(headers: Mapping[str, object]) -> bool:
    return any(map(is_of_death, headers))


def last(headers: Mapping[str, object]) -> XDeath:
    """RabbitMQ puts the newest first."""
    deaths = headers.get("x-death")
    newest = deaths[0] if isinstance(deaths, list) and deaths else None
    if not isinstance(newest, dict):
        return XDeath()
    return XDeath(_name(newest.get("queue")), _name(newest.get("reason")))


def _name(value: object) -> str:
    return value if isinstance(value, str) and value == printable(value) and len(value) <= MOST_NAME else ""
