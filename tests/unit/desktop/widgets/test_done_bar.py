"""What was just done, and the way back."""

from pytestqt.qtbot import QtBot

from desktop.widgets.done_bar import DoneBar


def test_an_export_under_way_does_not_take_away_the_way_back(qtbot: QtBot) -> None:
    bar, undone = DoneBar(), list[str]()
    qtbot.addWidget(bar)
    bar.show_progress("Writing orders.csv", 500, 3000)
    assert (bar.words.text(), bar.progress.value()) == ("Writing orders.csv", 500)
    bar.show_done("The basket was cleared", lambda: undone.append("basket"))
    bar.show_progress("Writing orders.csv", 1000, 3000)
    assert bar.words.text() == "The basket was cleared"
    bar.undo_button.click()
    assert undone == ["basket"]
    bar.show_progress("Writing orders.csv", 1500, 3000)
    assert (bar.words.text(), bar.undo_button.isHidden()) == ("Writing orders.csv", True)
    bar.show_done("A line was taken out", lambda: undone.append("line"))
    bar.close_button.click()
    bar.show_progress("Writing orders.csv", 2000, 3000)
    assert (bar.words.text(), bar.undo_button.isHidden()) == ("Writing orders.csv", True)
    bar.show_done("3,000 rows written to orders.csv")
    assert bar.progress.isHidden()
    bar.show_done("The basket was cleared", lambda: undone.append("basket"))
    bar.show_progress("Writing orders.csv", 500, 3000)  # begun afterwards
    assert bar.words.text() == "Writing orders.csv"
