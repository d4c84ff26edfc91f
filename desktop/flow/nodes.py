"""What is on the picture and where: the nodes, each a part of the system, and the edges between them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from messaging.contract import topology

SCENE = QRectF(0, 0, 1220, 592)  # in units of its own; it is drawn as large as there is room


class NodeKind(StrEnum):
    ROLE = "role"
    STORE = "store"
    EXCHANGE = "exchange"
    QUEUE = "queue"


class PictureNode(Struct, frozen=True):
    """`left`, `top`, `width`, `height` in units of the scene."""

    key: str
    kind: NodeKind
    left: float
    top: float
    width: float
    height: float

    @property
    def rect(self) -> QRectF:
        return QRectF(self.left, self.top, self.width, self.height)


CLIENT, OUTBOX, WAREHOUSE, LISTENER, MINE, OTHERS = "client", "outbox", "warehouse", "listener", "mine", "others"
NEW_ORDERS, ORDERS_QUEUE = topology.NEW_ORDERS.name, topology.NEW_ORDERS_QUEUE.name
COMMANDS_QUEUE = topology.COMMANDS_QUEUE.name
DEAD_LETTERS, DEAD_LETTER_QUEUE = topology.DEAD_LETTERS.name, topology.DEAD_LETTER_QUEUE.name
QUESTIONS, QUESTIONS_QUEUE = topology.QUESTIONS.name, topology.QUESTIONS_QUEUE.name
INVENTORY, NOTIFICATIONS = topology.INVENTORY.name, topology.NOTIFICATIONS.name

_EXCHANGE, _QUEUE = 206, 196  # widths
_FIRST, _SECOND, _THIRD = 338, 620, 866  # left edges of the columns

NODES: Mapping[str, PictureNode] = {
    node.key: node
    for node in (
        PictureNode(CLIENT, NodeKind.ROLE, 10, 104, 130, 336),
        PictureNode(OUTBOX, NodeKind.STORE, 190, 110, 106, 56),
        PictureNode(NEW_ORDERS, NodeKind.EXCHANGE, _FIRST, 110, _EXCHANGE, 56),
        PictureNode(ORDERS_QUEUE, NodeKind.QUEUE, _SECOND, 110, _QUEUE, 56),
        PictureNode(DEAD_LETTERS, NodeKind.EXCHANGE, _SECOND, 12, _QUEUE, 56),
        PictureNode(DEAD_LETTER_QUEUE, NodeKind.QUEUE, _THIRD, 12, 180, 56),
        PictureNode(COMMANDS_QUEUE, NodeKind.QUEUE, _SECOND, 196, _QUEUE, 56),
        PictureNode(QUESTIONS, NodeKind.EXCHANGE, _FIRST, 282, _EXCHANGE, 56),
        PictureNode(QUESTIONS_QUEUE, NodeKind.QUEUE, _SECOND, 282, _QUEUE, 56),
        PictureNode(INVENTORY, NodeKind.EXCHANGE, _SECOND, 368, _QUEUE, 56),
        PictureNode(WAREHOUSE, NodeKind.ROLE, 1090, 12, 120, 566),
        PictureNode(NOTIFICATIONS, NodeKind.EXCHANGE, _SECOND, 454, _QUEUE, 56),
        PictureNode(MINE, NodeKind.QUEUE, _FIRST, 454, _EXCHANGE, 56),
        PictureNode(LISTENER, NodeKind.ROLE, 10, 454, 130, 56),
        PictureNode(OTHERS, NodeKind.QUEUE, _FIRST, 522, _EXCHANGE, 56),
    )
}


class PictureEdge(Struct, frozen=True):
    """`key` is the routing key as it is written beside the edge; `is_seldom`: dashed.

    `is_undecided`: orders move here before the warehouse has decided them, so none is drawn as refused.
    """

    start: str
    end: str
    key: str = ""
    is_seldom: bool = False
    is_undecided: bool = False


EDGES = (
    PictureEdge(CLIENT, OUTBOX, is_undecided=True),
    PictureEdge(OUTBOX, NEW_ORDERS, is_undecided=True),
    PictureEdge(NEW_ORDERS, ORDERS_QUEUE, "key ''", is_undecided=True),
    PictureEdge(NEW_ORDERS, COMMANDS_QUEUE, topology.COMMAND_KEY),
    PictureEdge(ORDERS_QUEUE, WAREHOUSE, is_undecided=True),
    PictureEdge(COMMANDS_QUEUE, WAREHOUSE),
    PictureEdge(ORDERS_QUEUE, DEAD_LETTERS, is_seldom=True),
    PictureEdge(DEAD_LETTERS, DEAD_LETTER_QUEUE, is_seldom=True),
    PictureEdge(DEAD_LETTER_QUEUE, WAREHOUSE, is_seldom=True),
    PictureEdge(CLIENT, QUESTIONS, is_seldom=True),
    PictureEdge(QUESTIONS, QUESTIONS_QUEUE, topology.QUESTION_KEY, is_seldom=True),
    PictureEdge(QUESTIONS_QUEUE, WAREHOUSE, is_seldom=True),
    PictureEdge(WAREHOUSE, INVENTORY),
    PictureEdge(INVENTORY, CLIENT),
    PictureEdge(WAREHOUSE, NOTIFICATIONS),
    PictureEdge(NOTIFICATIONS, MINE),
    PictureEdge(MINE, LISTENER),
    PictureEdge(NOTIFICATIONS, OTHERS),
)
_BY_ENDS = {(edge.start, edge.end): edge for edge in EDGES}


def along(*keys: str) -> tuple[PictureEdge, ...]:
    """The edges from each of these nodes to the next."""
    return tuple(_BY_ENDS[ends] for ends in pairwise(keys))


def path_of(edge: PictureEdge) -> QPainterPath:
    """The line from the border of one node to that of the other: straight at the same height, else a curve."""
    start, end = _end_points(NODES[edge.start].rect, NODES[edge.end].rect)
    path = QPainterPath(start)
    if start.x() == end.x() or start.y() == end.y():
        path.lineTo(end)
    else:
        middle = (start.x() + end.x()) / 2
        path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
    return path


def _end_points(one: QRectF, other: QRectF) -> tuple[QPointF, QPointF]:
    if one.left() == other.left():  # one above the other
        return QPointF(one.center().x(), one.top()), QPointF(one.center().x(), other.bottom())
    smaller = one if one.height() < other.height() else other
    at = smaller.center().y()
    heights = (
        (at, at)
        if max(one.height(), other.height()) > 2 * smaller.height()
        else (
            one.center().y(),
            other.center().y(),
        )
    )
    is_rightwards = one.left() < other.left()
    start = QPointF(one.right() if is_rightwards else one.left(), heights[0])
    return start, QPointF(other.left() if is_rightwards else other.right(), heights[1])


def in_order() -> Iterator[PictureNode]:
    """The nodes in the order in which the arrow keys choose them: first along the path of an order."""
    walk = (CLIENT, OUTBOX, NEW_ORDERS, ORDERS_QUEUE, COMMANDS_QUEUE, WAREHOUSE, NOTIFICATIONS, MINE, LISTENER, OTHERS)
    aside = (INVENTORY, QUESTIONS, QUESTIONS_QUEUE, DEAD_LETTERS, DEAD_LETTER_QUEUE)
    return (NODES[key] for key in (*walk, *aside))
