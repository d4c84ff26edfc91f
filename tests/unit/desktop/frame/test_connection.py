import socket

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.connection.address import AddressForm, read
from desktop.connection.dialog import ConnectionDialog
from messaging.errors import UsageError


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
    form.url.setText("http://shop")
    form.applying.click()
    assert applied == []
    assert "amqp://" in form.words.text()
    form.private.setChecked(True)
    form.applying.click()
    assert applied == [""]
