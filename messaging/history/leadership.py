"""Which of a window's roles listens for all that share a history: the first to connect, then the next."""

import threading
from typing import Protocol

from messaging.contract.codec import Events


class Member(Protocol):
    """Called from any thread; must return at once."""

    def lead(self) -> None:
        """Listen from now on."""

    def answered(self, events: Events) -> None:
        """The one that listens has got an answer with which the history lacks nothing."""


class Leadership:
    """From any thread. All that join listen to the same notices of the same RabbitMQ."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._members: tuple[Member, ...] = ()  # the first one leads

    def join(self, member: Member) -> None:
        """It leads at once where it is the first; else it stands by until those before it have left."""
        with self._lock:
            before = self._members
            self._members = (*(one for one in before if one is not member), member)
        self._call_if_new(before)

    def leave(self, member: Member) -> None:
        with self._lock:
            before = self._members
            self._members = tuple(one for one in before if one is not member)
        self._call_if_new(before)

    def leads(self, member: Member) -> bool:
        return self._members[:1] == (member,)

    def share(self, events: Events, source: Member) -> None:
        """Give an answer to all others."""
        for member in self._members:
            if member is not source:
                member.answered(events)

    def _call_if_new(self, before: tuple[Member, ...]) -> None:
        members = self._members
        if members and members[:1] != before[:1]:
            members[0].lead()
