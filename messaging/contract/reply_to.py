"""Where an answer may go: to whoever asked, and into no queue that anybody else has named.

RabbitMQ's own name of a direct reply-to holds two texts in base64: an Erlang process id and a key. 3.10 closes the
connection of whoever answers to a made up one (541), and from outside not all of those can be known: so answers have a
connection of their own.
"""

import base64
import binascii
import re

from messaging.contract.topology import DIRECT_REPLY_TO

_DIRECT = re.compile(re.escape(DIRECT_REPLY_TO) + r"\.([A-Za-z0-9+/]+={0,2})\.([A-Za-z0-9+/]+={0,2})")
_PROCESS = re.compile(rb"\x83[Xg](?:[vd]\x00|[ws])(?P<length>.)(?P<name>[!-~]+@[!-~]+)(?P<numbers>.{12})", re.DOTALL)
_GENERATED = re.compile(r"amq\.gen-[A-Za-z0-9_-]{1,64}")
_KEY = 16  # bytes


def is_answerable(reply_to: object) -> bool:
    """RabbitMQ's direct reply-to, or a queue whose name RabbitMQ made."""
    if not isinstance(reply_to, str):
        return False
    direct = _DIRECT.fullmatch(reply_to)
    if direct is None:
        return _GENERATED.fullmatch(reply_to) is not None
    try:
        process, key = (base64.b64decode(text, validate=True) for text in direct.groups())
    except binascii.Error:
        return False
    return len(key) == _KEY and _is_process(process)


def _is_process(encoded: bytes) -> bool:
    found = _PROCESS.fullmatch(encoded)
    return found is not None and ord(found["length"]) == len(found["name"])
