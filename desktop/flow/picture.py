"""Draws nodes, the edges between them and the dots that move on them, as large as there is room."""

import time
from collections.abc import Iterable, Mapping

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from desktop.flow.dots import Dot, Dots
from desktop.flow.nodes import EDGES, NODES, SCENE, NodeKind, PictureEdge, PictureNode, in_order, path_of
from desktop.style.colours import MARK_CONTRAST, Tone, readable
from desktop.style.theme import colours

FRAME = 33  # milliseconds between two frames, while something moves
LEAST, USUAL = 0.7, 0.92  # logical pixels for a unit of the scene; with less its words cannot be read
RADIUS = 6.5  # of a dot
CUT = 14.0  # of an exchange's corners
WORDS, BESIDE, SMALLEST = 12, 11, 10  # font sizes in units of the scene: of names, beside edges, at least
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


class NodeState(Struct, frozen=True):
    """What is written in a node: its name, its state in words, and a tone that says whether that is as it should be."""

    name: str
    words: str = ""
    tone: Tone = Tone.NEUTRAL


class FlowPicture(QWidget):
    """Signals, each with the key of a node or dot: `chosen` a node by mouse or arrow keys; `dot_chosen` a dot that
    leads to an order was clicked; `arrived` a dot reached that node."""

    chosen = Signal(str)
    dot_chosen = Signal(str)
    arrived = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("How messages flow"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(int(SCENE.width() * LEAST), int(SCENE.height() * LEAST)))
        self.dots = Dots()
        self.states: Mapping[str, NodeState] = {}
        self._is_lit = True
        self._chosen = ""
        self._paths = {edge: path_of(edge) for edge in EDGES}
        self._before = 0.0
        self._timer = QTimer(self, interval=FRAME)
        self._timer.timeout.connect(self._move)

    def sizeHint(self) -> QSize:
        return QSize(int(SCENE.width() * USUAL), int(SCENE.height() * USUAL))

    # --- what it shows

    def show_states(self, states: Mapping[str, NodeState], is_lit: bool) -> None:
        """`is_lit` is False where there is no connection: what RabbitMQ holds is not known then."""
        if states != self.states or is_lit != self._is_lit:
            self.states, self._is_lit = states, is_lit
            lines = (f"{one.name}: {one.words}" for one in states.values())
            self.setAccessibleDescription("; ".join(lines))
            self.update()

    def send(self, dot: Dot, edges: Iterable[PictureEdge]) -> None:
        if self.isVisible() and self.dots.send(dot, edges) and not self._timer.isActive():
            self._before = time.monotonic()
            self._timer.start()

    def hold(self) -> None:
        """Stop all movement until the next dot is sent."""
        self._timer.stop()

    def choose(self, key: str) -> None:
        if key != self._chosen:
            self._chosen = key
            self.update()
            self.chosen.emit(key)

    def _move(self) -> None:
        now = time.monotonic()
        for key in self.dots.advance(min(now - self._before, 0.1)):
            self.arrived.emit(key)
        self._before = now
        if not len(self.dots):
            self._timer.stop()
        self.update()

    # --- mouse and keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._scale().inverted()[0].map(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._dot_at(at) else Qt.CursorShape.ArrowCursor)
        key = next((node.key for node in NODES.values() if node.rect.contains(at)), "")
        if key:
            self.choose(key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        dot = self._dot_at(self._scale().inverted()[0].map(event.position()))
        if dot is not None:
            self.dot_chosen.emit(dot.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        keys = [node.key for node in in_order()]
        self.choose(keys[(keys.index(self._chosen) + step) % len(keys)] if self._chosen else keys[0])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the first node when the focus comes by the keyboard, so that it can be seen."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and not self._chosen:
            self.choose(next(in_order()).key)

    def _dot_at(self, at: QPointF) -> Dot | None:
        """The dot at this point of the scene, of those that lead to an order."""
        for dot in (one for one in self.dots if one.leads):
            off = self._position(dot) - at
            if abs(off.x()) < 2 * RADIUS and abs(off.y()) < 2 * RADIUS:
                return dot
        return None

    def where(self, dot: Dot) -> QPointF:
        """The position of the dot in logical pixels of the widget."""
        return self._scale().map(self._position(dot))

    def _position(self, dot: Dot) -> QPointF:
        return self._paths[dot.edges[0]].pointAtPercent(min(max(dot.gone, 0.0), 1.0))

    # --- drawing

    def _scale(self) -> QTransform:
        factor = min(self.width() / SCENE.width(), self.height() / SCENE.height())
        left, top = (self.width() - factor * SCENE.width()) / 2, (self.height() - factor * SCENE.height()) / 2
        return QTransform(factor, 0, 0, factor, left, top)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self._scale())
        for edge in EDGES:
            self._draw_edge(painter, edge)
        for node in NODES.values():
            self._draw_node(painter, node)
        for dot in self.dots:
            if dot.gone >= 0:
                self._draw_dot(painter, dot)
        painter.end()

    def _draw_edge(self, painter: QPainter, edge: PictureEdge) -> None:
        theme, path = colours(), self._paths[edge]
        pen = QPen(QColor(theme.control), 1.4)
        pen.setStyle(Qt.PenStyle.DashLine if edge.is_seldom else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.control))
        painter.drawPath(_arrow(path))
        if edge.key:
            painter.setFont(_font(self.font(), BESIDE))
            painter.setPen(QColor(theme.muted))
            end, start = path.pointAtPercent(1.0), path.pointAtPercent(0.0)
            beside = QRectF(end.x() - 84, end.y() + (2 if end.y() > start.y() else -18), 78, 16)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight, edge.key)

    def _draw_node(self, painter: QPainter, node: PictureNode) -> None:
        theme, state = colours(), self.states.get(node.key, NodeState(node.key))
        is_ours = node.kind in (NodeKind.ROLE, NodeKind.STORE)  # not RabbitMQ's
        is_lit = self._is_lit or is_ours
        border = theme.tone(state.tone) if state.tone is not Tone.NEUTRAL and is_lit else QColor(theme.control)
        if node.key == self._chosen:
            border = theme.tone(Tone.INFO)
        painter.setPen(QPen(border, 2.4 if node.key == self._chosen else 1.4))
        painter.setBrush(QBrush(theme.wash(Tone.INFO) if is_ours else QColor(theme.surface)))
        painter.drawPath(_outline(node))
        self._write(painter, node, state, is_lit)

    def _write(self, painter: QPainter, node: PictureNode, state: NodeState, is_lit: bool) -> None:
        theme, room = colours(), node.rect.adjusted(6, 0, -14 if node.kind is NodeKind.QUEUE else -6, 0)
        if node.kind is NodeKind.EXCHANGE:
            room.adjust(6, 0, -6, 0)  # its corners are cut
        middle = room.center().y()
        bold = _fitting(self.font(), state.name, room.width())
        painter.setPen(QColor(theme.text if is_lit else theme.muted))
        painter.setFont(bold)
        name = QFontMetricsF(bold).elidedText(state.name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(QRectF(room.left(), middle - 19, room.width(), 18), Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(theme.tone(state.tone) if is_lit else QColor(theme.muted))
        small = _font(self.font(), BESIDE)
        painter.setFont(small)
        words = QFontMetricsF(small).elidedText(state.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QRectF(room.left(), middle + 1, room.width(), 18), Qt.AlignmentFlag.AlignCenter, words)

    def _draw_dot(self, painter: QPainter, dot: Dot) -> None:
        theme, at = colours(), self._position(dot)
        is_bad = dot.is_bad and not dot.edges[0].is_undecided
        colour = readable(QColor(dot.colour), QColor(theme.window), MARK_CONTRAST)
        painter.setPen(QPen(theme.tone(Tone.BAD) if is_bad else QColor(theme.window), 1.6))
        painter.setBrush(QColor(theme.window) if is_bad else colour)
        painter.drawEllipse(at, RADIUS, RADIUS)
        if is_bad:  # not by colour alone
            arm = RADIUS / 2.4
            painter.drawLine(at - QPointF(arm, arm), at + QPointF(arm, arm))
            painter.drawLine(at - QPointF(arm, -arm), at + QPointF(arm, -arm))


def _font(font: QFont, size: int, bold: bool = False) -> QFont:
    made = QFont(font)
    made.setPixelSize(size)
    made.setBold(bold)
    return made


def _fitting(font: QFont, words: str, width: float) -> QFont:
    """A bold font, as large as this width allows; the smallest may still be too wide."""
    made = _font(font, WORDS, bold=True)
    for size in range(WORDS, SMALLEST - 1, -1):
        made.setPixelSize(size)
        if QFontMetricsF(made).horizontalAdvance(words) <= width:
            break
    return made


def _outline(node: PictureNode) -> QPainterPath:
    """An exchange has its corners cut off; a queue is a box with two bars, which stand for messages."""
    path, rect = QPainterPath(), node.rect
    if node.kind is NodeKind.EXCHANGE:
        left, right, middle = rect.left(), rect.right(), rect.center().y()
        corners = [(left, middle), (left + CUT, rect.top()), (right - CUT, rect.top()), (right, middle)]
        corners += [(right - CUT, rect.bottom()), (left + CUT, rect.bottom())]
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        path.closeSubpath()
        return path
    path.addRoundedRect(rect, *((8, 8) if node.kind is NodeKind.ROLE else (3, 3)))
    if node.kind is NodeKind.QUEUE:
        for bar in (5, 9):
            path.moveTo(rect.right() - bar, rect.top() + 8)
            path.lineTo(rect.right() - bar, rect.bottom() - 8)
    if node.kind is NodeKind.STORE:
        path.moveTo(rect.left(), rect.top() + 8)
        path.lineTo(rect.right(), rect.top() + 8)
    return path


def _arrow(path: QPainterPath) -> QPainterPath:
    """The head of the arrow at the end of this line."""
    tip, back = path.pointAtPercent(1.0), path.pointAtPercent(max(0.0, 1.0 - 9 / max(path.length(), 1.0)))
    along, head = tip - back, QPainterPath(tip)
    across = QPointF(-along.y(), along.x()) * 0.45
    head.lineTo(back + across)
    head.lineTo(back - across)
    head.closeSubpath()
    return head
