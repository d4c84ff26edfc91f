import socket

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.connection.address import AddressForm, read
from desktop.connection.dialog import ConnectionDialog
from desktop.connection.findings import CheckList
from desktop.widgets.number_field import NumberField
from messaging.broker.diagnostics.doctor import CheckResult, State
from messaging.errors import UsageError
from messaging.phrases import Words
from tests.helpers.mouse_wheel import turn_wheel


@pytest.mark.parametrize(
    "url",
    [
        "amqp://guest:guest@localhost:5672/%2F",
        "amqps://me%40home:p%2Fw%3A@shop.example:5671/orders?heartbeat=5",
        "amqp://a:b@[::1]:5673/x%2Fy",
    ],
)
def test_an_address_survives_the_form(url: str) -> None:
    assert read(url).url == url


def test_what_is_left_out_is_what_rabbitmq_takes_for_granted() -> None:
    assert read("amqp://shop") == AddressForm(host="shop")
    assert read("amqps://shop").port == 5671


@pytest.mark.parametrize("url", ["http://shop", "shop:5672", "amqp://shop:port"])
def test_what_is_no_address_is_refused_in_words(url: str) -> None:
    with pytest.raises(UsageError):
        read(url)


def dialog(parent: QWidget, broker: str = "amqp://guest:guest@localhost:5672/%2F") -> ConnectionDialog:
    return ConnectionDialog(broker, lambda: None, "", parent)


def test_fields_and_address_follow_each_other(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    form = dialog(window)
    form.tls.click()
    assert (form.port.value(), form.address()) == (5671, "amqps://guest:guest@localhost:5671/%2F")
    form.url.clear()
    QTest.keyClicks(form.url, "amqp://me:secret@shop:5000/hall")
    assert (form.host.text(), form.port.value(), form.user.text(), form.vhost.text()) == ("shop", 5000, "me", "hall")
    assert not form.tls.isChecked()


def test_a_password_in_an_address_is_not_shown_and_not_lost(dressed: QApplication, qtbot: QtBot) -> None:
    window, both = QWidget(), "amqp://me:one@shop:5672/%2F,amqps://me:two@mill:5671/%2F"
    qtbot.addWidget(window)
    form = dialog(window, both)
    assert form.url.text() == "amqp://me:***@shop:5672/%2F,amqps://me:***@mill:5671/%2F"
    assert form.address() == both
    QTest.keyClick(form.url, Qt.Key.Key_End)
    QTest.keyClick(form.url, Qt.Key.Key_Backspace)
    assert form.address() == both[:-1]
    QTest.keyClicks(form.url, "F")
    assert form.address() == both


def test_the_steps_to_come_are_shown_and_the_many_of_the_topology_are_one(dressed: QApplication, qtbot: QtBot) -> None:
    steps = CheckList()
    qtbot.addWidget(steps)
    steps.expect(tls=False)
    for name in ("name", "TCP", "login", "virtual host", "rights", "exchange a", "queue b"):
        steps.add(CheckResult(name, State.OK))
    steps.add(CheckResult(Words("queue c"), State.PROBLEM, Words("It is not there."), Words("run the doctor")))
    words = [label.text() for label in steps.findChildren(QLabel) if label.text()]
    assert "TLS" not in words
    assert any(text.startswith("2 exchanges, queues") for text in words)
    assert "queue c" in words
    assert "exchange a" not in words
    assert steps.problems() == 1


def test_a_port_where_nothing_listens_ends_the_test_with_a_remedy(dressed: QApplication, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    window = QWidget()
    qtbot.addWidget(window)
    form = dialog(window, f"amqp://guest:guest@127.0.0.1:{port}/%2F")
    form.test()
    qtbot.waitUntil(form.testing.isEnabled)
    name, tcp = form.steps._findings
    assert (name.name, name.state.value) == ("name", "ok")
    assert (tcp.name, tcp.state.value) == ("TCP", "problem")
    assert "start RabbitMQ" in tcp.repair


def test_a_wrong_address_is_not_applied(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    form = dialog(window)
    applied: list[str] = []
    form.applied.connect(applied.append)
    form.url.clear()
    QTest.keyClicks(form.url, "http://shop")
    form.applying.click()
    assert applied == []
    assert "amqp://" in form.words.text()
    form.private.setChecked(True)
    form.applying.click()
    assert applied == [""]


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def opened(window: QWidget, qtbot: QtBot) -> ConnectionDialog:
    form = dialog(window)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    return form


@pytest.mark.parametrize("typed", ["2.5", "3e2", "9999999", "65536", "0", "-1", "amqp", "1,250", ""])
def test_a_refused_port_is_neither_tested_nor_applied_and_has_the_cursor(
    window: QWidget, qtbot: QtBot, typed: str
) -> None:
    form = opened(window, qtbot)
    applied: list[str] = []
    form.applied.connect(applied.append)
    assert all(isinstance(one, NumberField) for one in form.findChildren(QAbstractSpinBox))
    form.port.setFocus()
    form.port.selectAll()
    QTest.keyClick(form.port, Qt.Key.Key_Delete)
    QTest.keyClicks(form.port, typed)
    QTest.keyClick(form.port, Qt.Key.Key_Return)
    for button in (form.testing, form.applying):
        form.host.setFocus()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert form.port.hasFocus()
        assert form.wrong_port.isVisible()
        assert typed in form.wrong_port.text()
        assert form.port.text() == typed
    assert applied == []
    assert form.testing.isEnabled()
    assert form.isVisible()
    QTest.keyClicks(form.port, "5673")
    assert not form.wrong_port.isVisible()
    QTest.keyClick(form.port, Qt.Key.Key_Return)
    assert applied == ["amqp://guest:guest@localhost:5673/%2F"]


def test_a_refused_port_counts_only_where_a_port_does(window: QWidget, qtbot: QtBot) -> None:
    form = opened(window, qtbot)
    applied: list[str] = []
    form.applied.connect(applied.append)
    form.port.setFocus()
    form.port.selectAll()
    QTest.keyClicks(form.port, "port")
    form.tls.click()
    assert form.port.text() == "port", "it does not follow where it is no number"
    form.url.setFocus()
    form.url.clear()
    QTest.keyClicks(form.url, "amqp://a@b:5000/c,amqp://d@e:5001/f")
    assert not form.wrong_port.isVisible()
    QTest.keyClick(form.url, Qt.Key.Key_Return)
    assert applied == ["amqp://a@b:5000/c,amqp://d@e:5001/f"]


def test_the_private_node_has_no_port_that_could_be_wrong(window: QWidget, qtbot: QtBot) -> None:
    form = opened(window, qtbot)
    applied: list[str] = []
    form.applied.connect(applied.append)
    form.port.setFocus()
    form.port.selectAll()
    QTest.keyClicks(form.port, "port")
    form.private.click()
    form.applying.click()
    assert applied == [""]


def test_the_address_follows_the_port_while_it_is_typed(window: QWidget, qtbot: QtBot) -> None:
    form = opened(window, qtbot)
    form.port.setFocus()
    form.port.selectAll()
    QTest.keyClicks(form.port, "5700")
    assert form.url.text() == "amqp://guest:***@localhost:5700/%2F"
    QTest.keyClicks(form.port, "x")
    assert ":5672/" in form.url.text(), "the number before"
    QTest.keyClick(form.port, Qt.Key.Key_Backspace)
    QTest.keyClick(form.port, Qt.Key.Key_Up)
    assert ":5701/" in form.url.text()


def test_the_wheel_does_not_change_the_port_in_passing(window: QWidget, qtbot: QtBot) -> None:
    form = opened(window, qtbot)
    form.host.setFocus()
    assert not turn_wheel(form.port)
    assert form.port.value() == 5672
    assert form.host.hasFocus()
