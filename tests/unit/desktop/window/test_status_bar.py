from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.window.status_bar import StatusBar
from desktop.window.status_details import StatusDetails
from desktop.window.traffic_rate import TrafficRate
from messaging.phrases import Words
from messaging.ports import LinkState, Phase
from messaging.telemetry.metrics import Count, Metrics


def bar() -> StatusBar:
    return StatusBar("Private RabbitMQ", ("Client", "Warehouse"), who="alice")


def test_each_role_says_its_state_and_the_first_that_is_unwell_says_why(dressed: QApplication) -> None:
    status = bar()
    status.set_link("Client", LinkState(Phase.READY, Words("Connected to amqp://localhost")))
    status.set_link("Warehouse", LinkState(Phase.WAITING, Words("Nothing listens at localhost:5672"), 4.0))
    assert status.states()["Client"] == "Client: Ready"
    assert status.states()["Warehouse"] == "Warehouse: Offline \u00b7 again in 4 s"
    assert status.reason() == "Nothing listens at localhost:5672"
    status.set_link("Warehouse", LinkState(Phase.READY))
    assert status.reason() == ""


def test_what_is_under_way_stands_before_all_else_until_it_is_over(dressed: QApplication) -> None:
    status = bar()
    status.set_link("Client", LinkState(Phase.WAITING, Words("Nothing listens at localhost:5672"), 4.0))
    status.show_under_way("history", "The history is being brought along.")
    status.show_under_way("books", "The books are being brought along.")
    assert status.reason() == "The history is being brought along."
    status.show_under_way("history", "")
    assert status.reason() == "The books are being brought along."
    status.show_under_way("books", "")
    assert status.reason() == "Nothing listens at localhost:5672"


def test_of_a_long_reason_the_first_line_is_shown_and_the_details_have_all(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    status = bar()
    status.set_link(
        "Client", LinkState(Phase.REFUSED, Words("RabbitMQ could not start.\nThe port is in use.\nEnd the other."))
    )
    assert status.reason() == "RabbitMQ could not start."
    details = StatusDetails(status.standings, lambda: [("User", "alice")], window)
    assert "End the other." in details.text()
    assert "User: alice" in details.text()


def test_figures_are_shown_only_while_something_waits(dressed: QApplication) -> None:
    status = bar()
    assert status.waiting.isHidden()
    status.set_traffic(3, 0)
    assert (status.waiting.isHidden(), status.unconfirmed.isHidden()) == (False, True)
    assert status.waiting.text() == "3 waiting to send"
    assert [figure.words for figure in (status.waiting, status.unconfirmed, status.rate)] == [
        "3 waiting to send",
        "",
        "",
    ]
    status.set_rate(0.04)
    assert status.rate.words == ""
    status.set_rate(0.06)
    assert status.rate.words == "0.1/s"


def test_the_rate_counts_what_moves_and_vanishes_when_nothing_does(dressed: QApplication) -> None:
    status, metrics, owner = bar(), Metrics(), QWidget()
    rate = TrafficRate(metrics, owner)
    rate.changed.connect(status.set_rate)
    metrics.count(Count.HEARD, 500)
    rate.poll()
    assert not status.rate.isHidden()
    rate.poll()
    assert status.rate.isHidden()
