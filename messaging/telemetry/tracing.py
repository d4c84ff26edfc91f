"""W3C Trace Context (https://www.w3.org/TR/trace-context/): the ids that join the messages of one order.

All ids are derived from the order, so that a message sent again carries the same ids and none must be stored.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

from messaging.domain.orders import order_id_in

HEADER = "traceparent"
SAMPLED = "01"

_PATTERN = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_UUID = re.compile(r"(?!0{8}-0{4}-0{4}-0{4}-0{12})[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def trace_id_of(identity: str) -> str:
    """An order's UUID is its trace id as well; the identity of a numbered one is hashed."""
    order_id = order_id_in(identity)
    if _UUID.fullmatch(order_id):
        return order_id.replace("-", "")
    return sha256(identity.encode()).hexdigest()[:32]


def traceparent(trace_id: str, hop: str) -> str:
    """For one message of the trace; `hop` names it: the same message always gets the same span id."""
    span_id = sha256(f"{trace_id}#{hop}".encode()).hexdigest()[:16]
    return f"00-{trace_id}-{span_id}-{SAMPLED}"


def trace_id_in(headers: Mapping[str, object], identity: str) -> str:
    """The sender's trace id; the one derived from the identity where the header is missing or wrong."""
    given = headers.get(HEADER)
    found = _PATTERN.fullmatch(given) if isinstance(given, str) else None
    return found[1] if found else trace_id_of(identity)
