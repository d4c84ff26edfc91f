import socket

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.connection.address import AddressForm, read
from desktop.connection.dialog import ConnectionDialog
from desktop.connection.findings import FindingsList
from messaging.broker.doctor import Finding, State
from messaging.errors import UsageError
from messaging.phrases import phrase


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
    steps = FindingsList()
    qtbot.addWidget(steps)
    steps.expect(tls=False)
    for name in ("name", "TCP", "login", "virtual host", "rights", "exchange a", "queue b"):
        steps.add(Finding(name, State.OK))
    steps.add(Finding(phrase("queue c"), State.PROBLEM, phrase("It is not there."), phrase("run the doctor")))
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
    name, tcp = form.steps.findings()
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
