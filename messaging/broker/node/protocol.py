"""Messages between a member and the supervisor: JSON lines over a loopback connection."""

from enum import StrEnum

import msgspec
from msgspec import Struct

from messaging.messages import Message, as_message
from messaging.phrases import Words, with_log, without_log


class NodeRequest(StrEnum):
    JOIN = "join"  # be a member until this connection ends
    KEEP = "keep"  # the same, and the node stays when nobody is left
    LOOK = "look"  # one report
    RESTART = "restart"  # end the node and start it again, also while others use it
    STOP = "stop"  # end the node, also while others use it


class Hello(Struct, frozen=True):
    token: str
    ask: NodeRequest


class NodeStage(StrEnum):
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPING = "stopping"


class NodeReport(Struct, frozen=True):
    """The node's stage; `words` for a user, with the last lines of its log below the first line."""

    stage: NodeStage
    words: Words
    url: str = ""
    management_url: str = ""
    by_command: bool = False
    members: int = 0


class _ReportLine(NodeReport, frozen=True):
    """A report as it is sent: `message` is that of the first line of its words."""

    message: Message | None = None


def line(message: Hello | NodeReport) -> bytes:
    if isinstance(message, Hello):
        return msgspec.json.encode(message) + b"\n"
    fields = {name: getattr(message, name) for name in NodeReport.__struct_fields__}
    sent = _ReportLine(**fields, message=without_log(message.words).message)
    return msgspec.json.encode(sent, enc_hook=str) + b"\n"


def read_report(received: bytes) -> NodeReport:
    """Raises msgspec.DecodeError for what is none."""
    found: dict[str, object] = msgspec.json.decode(received, type=dict[str, object])
    first, line_feed, log = str(found.get("words", "")).partition("\n")
    words = Words(first, as_message(found.pop("message", None)))
    report = msgspec.convert({**found, "words": ""}, NodeReport, dec_hook=lambda kind, text: kind(text))
    return msgspec.structs.replace(report, words=with_log(words, [log]) if line_feed else words)
