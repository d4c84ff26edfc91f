"""The picture of the message flow: its edges meet its nodes, and each order is shown on each edge once."""

from collections.abc import Sequence
from itertools import combinations
from uuid import uuid4

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.flow.dots import MOST, PACE, Dot, Dots
from desktop.flow.explanations import meaning
from desktop.flow.nodes import (
    CLIENT,
    EDGES,
    LISTENER,
    NODES,
    OTHERS,
    OUTBOX,
    SCENE,
    WAREHOUSE,
    PictureEdge,
    in_order,
    path_of,
)
from desktop.flow.picture import FlowPicture
from desktop.flow.routes import (
    ASKING_TO_CANCEL,
    PLACING,
    PUBLISHING,
    PUBLISHING_TO_OTHERS,
    RECEIVING,
    SENDING,
    TAKING,
    Routes,
)
from messaging.contract import topology
from messaging.domain.notices import Notice
from messaging.domain.orders import Order, OrderStatus, new_order
from messaging.history.records import OrderState, PlacedOrder
from messaging.warehouse.records import Decided, Event, Verdict

USER = str(uuid4())


def test_every_exchange_queue_and_binding_of_the_topology_is_on_the_picture() -> None:
    names = [one.name for one in (*topology.EXCHANGES, *topology.QUEUES)]
    assert set(names) <= NODES.keys()
    edges = {(edge.start, edge.end) for edge in EDGES}
    assert {(one.exchange.name, one.queue.name) for one in topology.BINDINGS} <= edges


def test_nodes_do_not_overlap_and_each_is_walked_to_and_explained() -> None:
    assert not [(a.key, b.key) for a, b in combinations(NODES.values(), 2) if a.rect.intersects(b.rect)]
    assert all(SCENE.contains(node.rect) for node in NODES.values())
    assert sorted(node.key for node in in_order()) == sorted(NODES)
    assert all(len(meaning(key)) > 20 for key in NODES)


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.start}-{edge.end}")
def test_an_edge_begins_and_ends_at_the_border_of_its_nodes(edge: PictureEdge) -> None:
    path = path_of(edge)
    for key, at in ((edge.start, path.pointAtPercent(0)), (edge.end, path.pointAtPercent(1))):
        rect = NODES[key].rect
        assert rect.adjusted(-1, -1, 1, 1).contains(at)
        assert not rect.adjusted(1, 1, -1, -1).contains(at)
    crossed = [
        node.key
        for node in NODES.values()
        for share in range(5, 100, 5)
        if node.key not in {edge.start, edge.end} and node.rect.contains(QPointF(path.pointAtPercent(share / 100)))
    ]
    assert not crossed


def placed(order: Order, state: OrderState, cancel_asked: bool = False) -> PlacedOrder:
    return PlacedOrder(1, order, state, (), order.created_at, cancel_asked=cancel_asked)


def decided(order: Order, status: OrderStatus = OrderStatus.PROCESSED) -> Decided:
    notice = Notice(order.order_id, order.user_id, (), order.created_at, status)
    return Decided(Verdict.ACCEPT, (Event(1, notice),), order, status)


def ends(edges: Sequence[PictureEdge]) -> tuple[str, str]:
    return edges[0].start, edges[-1].end


def test_an_order_of_mine_passes_each_edge_once_whatever_is_received_of_it_first() -> None:
    order = new_order(USER, [("laptop", 1)])
    routes = Routes()
    assert routes.of_mine(placed(order, OrderState.WAITING)) == PLACING
    assert routes.of_decided(decided(order), USER) == (*SENDING, *TAKING, *PUBLISHING)  # before its confirm is heard of
    assert routes.of_mine(placed(order, OrderState.ACCEPTED)) == ()
    assert routes.of_mine(placed(order, OrderState.PROCESSED)) == RECEIVING
    assert routes.of_mine(placed(order, OrderState.PROCESSED)) == ()
    assert routes.of_mine(placed(order, OrderState.PROCESSED, cancel_asked=True)) == ASKING_TO_CANCEL
    assert routes.of_mine(placed(order, OrderState.CANCELLED)) == (*PUBLISHING, *RECEIVING)


def test_an_order_cancelled_in_the_outbox_goes_nowhere() -> None:
    order, other = new_order(USER, [("laptop", 1)]), new_order(USER, [("laptop", 2)])
    routes = Routes()
    assert routes.of_mine(placed(order, OrderState.WAITING)) == PLACING
    assert routes.of_mine(placed(order, OrderState.CANCELLED)) == ()
    assert routes.of_mine(placed(other, OrderState.CANCELLED)) == ()  # it was placed before the window was opened


def test_without_a_warehouse_here_an_outcome_says_that_the_order_was_taken() -> None:
    order = new_order(USER, [("laptop", 1)])
    routes = Routes()
    routes.of_mine(placed(order, OrderState.WAITING))
    assert routes.of_mine(placed(order, OrderState.ACCEPTED)) == SENDING
    assert ends(routes.of_mine(placed(order, OrderState.REJECTED))) == (TAKING[0].start, LISTENER)


def test_an_order_from_before_begins_where_it_is_now() -> None:
    routes, old = Routes(), new_order(USER, [("laptop", 1)])
    assert ends(routes.of_mine(placed(old, OrderState.SHIPPED))) == (WAREHOUSE, LISTENER)


def test_the_order_of_another_user_comes_out_of_the_queue_and_goes_to_the_others() -> None:
    order = new_order(str(uuid4()), [("laptop", 1)])
    routes = Routes()
    assert routes.of_decided(decided(order), USER) == (*TAKING, *PUBLISHING, *PUBLISHING_TO_OTHERS)
    assert routes.of_decided(decided(order), USER) == ()
    assert routes.of_decided(Decided(Verdict.REFUSE), USER) == ()  # nobody can say whose it is


def test_a_dot_moves_along_its_edges_and_is_gone_at_the_end() -> None:
    dots = Dots()
    dots.send(Dot("one", "#0b5cad"), PLACING)
    dots.send(Dot("late", "#0b5cad", gone=-1.0), PLACING)
    dots.advance(PACE / 2)
    assert {dot.key: dot.gone for dot in dots} == {"one": 0.5, "late": -0.5}
    dots.send(Dot("one", "#0b5cad", is_bad=True), SENDING)  # on from where it is
    dots.advance(PACE)
    assert next(dot for dot in dots if dot.key == "one").edges[0] == SENDING[0]
    for _ in range(4):
        dots.advance(PACE)
    assert len(dots) == 0


def test_only_a_dot_that_leads_to_an_order_can_be_clicked(qtbot: QtBot) -> None:
    picture, chosen = FlowPicture(), list[str]()
    qtbot.addWidget(picture)
    picture.dot_chosen.connect(chosen.append)
    picture.show()
    for dot in (Dot("stock", "#4d5766", gone=0.5), Dot("mine", "#0b5cad", gone=0.5, leads=True)):
        picture.send(dot, PUBLISHING if dot.key == "stock" else PLACING)
    picture.hold()
    for dot in picture.dots:
        QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=picture.where(dot).toPoint())
    assert chosen == ["mine"]


def test_who_comes_by_the_keyboard_sees_where(qtbot: QtBot) -> None:
    picture, chosen = FlowPicture(), list[str]()
    qtbot.addWidget(picture)
    picture.chosen.connect(chosen.append)
    picture.show()
    QApplication.sendEvent(picture, QFocusEvent(QFocusEvent.Type.FocusIn, Qt.FocusReason.OtherFocusReason))
    assert chosen == []
    QApplication.sendEvent(picture, QFocusEvent(QFocusEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert chosen == [CLIENT, OUTBOX]


def test_of_a_flood_only_so_many_are_shown() -> None:
    dots = Dots()
    sent = [dots.send(Dot(str(n), "#0b5cad"), PLACING) for n in range(MOST + 1)]
    assert sent == [True] * MOST + [False]
    assert not dots.send(Dot("more", "#0b5cad"), PUBLISHING)
    assert dots.send(Dot("1", "#0b5cad"), SENDING)


def test_nothing_begins_or_ends_nowhere() -> None:
    starts, arrivals = {edge.start for edge in EDGES}, {edge.end for edge in EDGES}
    assert arrivals - starts == {LISTENER, OTHERS}
    assert CLIENT in starts & arrivals


def test_the_picture_can_be_made_smaller_than_its_scene(qtbot: QtBot) -> None:
    picture = FlowPicture()
    qtbot.addWidget(picture)
    assert picture.minimumWidth() < SCENE.width()
    assert picture.minimumHeight() < SCENE.height()
