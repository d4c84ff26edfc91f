"""What a member and the supervisor say to each other: JSON lines over a loopback connection."""

from enum import StrEnum

import msgspec
from msgspec import Struct

from messaging.phrases import Words


class Ask(StrEnum):
    JOIN = "join"  # be a member until this connection ends
    KEEP = "keep"  # the same, and the node stays when nobody is left
    LOOK = "look"  # one report
    RESTART = "restart"  # end the node and start it again, whoever uses it
    STOP = "stop"  # end the node, whoever uses it


class Hello(Struct, frozen=True):
    token: str
    ask: Ask


class NodeStage(StrEnum):
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPING = "stopping"


class NodeReport(Struct, frozen=True):
    """Where the node stands; `words` for a user, the last lines of its log below the first one."""

    stage: NodeStage
    words: Words
    url: str = ""
    management_url: str = ""
    by_command: bool = False
    members: int = 0


def line(message: Hello | NodeReport) -> bytes:
    return msgspec.json.encode(message) + b"\n"
