from PySide6.QtWidgets import QApplication

from desktop.shared.status_bar import StatusBar
from messaging.ports import LinkState, Phase


def test_each_role_says_its_state_and_the_first_that_is_unwell_says_why(dressed: QApplication) -> None:
    bar = StatusBar("Private RabbitMQ", ("Client", "Warehouse"))
    bar.set_link("Client", LinkState(Phase.READY))
    bar.set_link("Warehouse", LinkState(Phase.WAITING, "Nothing listens at localhost:5672", 4.0))
    assert bar.states()["Client"] == "Client: Ready"
    assert bar.states()["Warehouse"] == "Warehouse: Offline \u00b7 again in 4 s"
    assert bar.reason() == "Nothing listens at localhost:5672"
    bar.set_link("Warehouse", LinkState(Phase.READY))
    assert bar.reason() == ""


def test_figures_are_shown_only_while_something_waits(dressed: QApplication) -> None:
    bar = StatusBar("Private RabbitMQ", ("Client", "Warehouse"))
    assert bar.waiting.isHidden()
    bar.set_traffic(3, 0)
    assert (bar.waiting.isHidden(), bar.unconfirmed.isHidden()) == (False, True)
    assert bar.waiting.text() == "3 waiting to send"
