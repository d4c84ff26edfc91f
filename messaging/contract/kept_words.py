"""Reasons as tables keep them: the English text, and beside it its message in JSON, where it has one."""

import msgspec

from messaging.contract.codec import encode_message
from messaging.messages import as_message
from messaging.phrases import Words


def message_cell(words: str) -> str | None:
    """What stands beside the text; None where others said it, or it was kept without a message."""
    message = words.message if isinstance(words, Words) else None
    return None if message is None else encode_message(message)


def kept_words(text: str, cell: object) -> Words:
    """Of a cell that holds no message of ours, the text counts."""
    if not text or not isinstance(cell, str):
        return Words(text)
    try:
        return Words(text, as_message(msgspec.json.decode(cell)))
    except (ValueError, RecursionError):
        return Words(text)
