"""Narrow interfaces between the rooms, and the state of a role's connection."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from messaging.phrases import NO_WORDS, Words


class Phase(StrEnum):
    """The state of a role: its connection to RabbitMQ, and the warehouse's database."""

    STARTING = "starting"  # the private node boots
    CONNECTING = "connecting"
    READY = "ready"
    BLOCKED = "blocked"  # RabbitMQ takes no messages for now (memory or disk alarm)
    WAITING = "waiting"  # trying again in `retry_in` seconds
    DATABASE_AWAY = "database_away"  # RabbitMQ is there, the books cannot be used: nothing is consumed
    OTHER_BOOKS = "other_books"  # RabbitMQ is served with other books than these: nothing is consumed
    REFUSED = "refused"  # refused for good: trying again does not help
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LinkState:
    """The role's state with its reason in words; `retry_in` in seconds."""

    phase: Phase
    reason: Words = NO_WORDS
    retry_in: float = 0.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where RabbitMQ is: AMQP URLs to try in turn; none while it is not ready, with the reason."""

    urls: tuple[str, ...] = field(default=(), repr=False)  # they hold passwords
    reason: Words = NO_WORDS
    failed: bool = False


class Broker(Protocol):
    """Knows RabbitMQ's address: the URLs of the settings, or the private node."""

    def address(self) -> Address:
        """Return at once; from any thread."""
        ...
