"""Limiting messages to the size that readers and RabbitMQ accept: shortened notices, lists in pages."""

from collections.abc import Iterable

from msgspec.structs import replace

from messaging.contract.codec import MAX_BYTES, encode, encode_text
from messaging.domain.notices import Notice
from messaging.domain.stock import StockLevel
from messaging.phrases import SEPARATOR, Words, listed, phrase

ENVELOPE = 1_024  # bytes of a message beside what it lists
LEAST = 2_048  # bytes: a smaller limit is treated as this one


def shortened(notice: Notice, limit: int = MAX_BYTES) -> Notice:
    """The notice in at most `limit` bytes: its reason is cut first, then its lines are left out."""
    over = len(encode(notice)) - limit
    if over <= 0:
        return notice
    notice = replace(notice, reason_message=None)  # the text alone is for everybody
    over = len(encode(notice)) - limit
    if over <= 0:
        return notice
    reason = Words(notice.reason or "")
    shorter = replace(notice, reason=_beginning(reason, len(encode_text(reason)) - over))
    if len(encode(shorter)) <= limit:
        return shorter
    return replace(notice, lines=(), reason=phrase("pages.its_lines_are_left_out_rabbitmq", limit=limit))


class NoticePage:
    """Collects notices in their order, as many as one answer holds."""

    def __init__(self, limit: int = MAX_BYTES) -> None:
        self._limit = max(limit, LEAST) - ENVELOPE
        self._room = self._limit
        self.notices: list[Notice] = []

    def add(self, notice: Notice) -> bool:
        """Return False where the notice has no room any more; the first one always has."""
        short = shortened(notice, self._limit)
        self._room -= len(encode(short)) + 1
        if self._room < 0 and self.notices:
            return False
        self.notices.append(short)
        return True


def level_pages(levels: Iterable[StockLevel], limit: int = MAX_BYTES) -> list[tuple[StockLevel, ...]]:
    """Split the levels into pages of `limit` bytes at most; at least one page."""
    most = max(limit, LEAST) - ENVELOPE
    pages: list[list[StockLevel]] = [[]]
    room = most
    for level in levels:
        size = len(encode(level)) + 1
        if size > room and pages[-1]:
            pages.append([])
            room = most
        pages[-1].append(level)
        room -= size
    return [tuple(page) for page in pages]


def _beginning(reason: Words, room: int) -> Words:
    """As many sentences as fit into `room` bytes of JSON, and how many are left out."""
    sentences = [Words(sentence) for sentence in reason.split(SEPARATOR)]
    for kept in range(len(sentences) - 1, 0, -1):
        left = len(sentences) - kept
        shorter = listed([*sentences[:kept], phrase("pages.and_more", left=left)])
        if len(encode_text(shorter)) <= room:
            return shorter
    return Words("")
