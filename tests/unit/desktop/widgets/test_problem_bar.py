import re
import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from desktop.widgets.problem_bar import ProblemBar
from messaging.errors import StoreUnavailable
from messaging.phrases import Words


def test_the_same_problem_again_raises_a_count_and_dismissing_hides_the_bar(dressed: QApplication) -> None:
    bar = ProblemBar()
    assert bar.isHidden()
    for _ in range(3):
        bar.report(StoreUnavailable(Words("The database is locked: close the other program.")))
    assert bar.problems() == ("The database is locked: close the other program.",)
    (when,) = [label.text() for label in bar.findChildren(QLabel) if "times" in label.text()]
    assert re.fullmatch(r"3 times, last \d\d:\d\d:\d\d", when)
    bar.dismiss(bar.problems()[0])
    assert bar.isHidden()


def test_many_problems_do_not_fill_the_window(dressed: QApplication) -> None:
    bar = ProblemBar()
    for number in range(10):
        bar.report(StoreUnavailable(Words(f"Problem {number}")))
    assert bar.problems() == ("Problem 7", "Problem 8", "Problem 9")


def test_a_problem_from_another_thread_is_shown(dressed: QApplication, qtbot: QtBot) -> None:
    bar = ProblemBar()
    thread = threading.Thread(target=lambda: bar.report(StoreUnavailable(Words("The disk is full."))))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bar.problems() == ("The disk is full.",))


def test_a_bug_is_named_without_its_inside(dressed: QApplication) -> None:
    bar = ProblemBar()
    bar.report(KeyError("secret"))
    assert "KeyError" in bar.problems()[0]
    assert "secret" not in bar.problems()[0]


def test_text_from_others_is_never_read_as_html(dressed: QApplication) -> None:
    bar = ProblemBar()
    bar.report(StoreUnavailable(Words("<img src=x> <b>bold</b>")))
    texts = [label for label in bar.findChildren(QLabel) if label.text()]
    assert any("<b>" in label.text() for label in texts)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in texts)


def test_what_led_to_it_is_shown_on_request_and_copied_whole(dressed: QApplication, qtbot: QtBot) -> None:
    bar = ProblemBar()
    qtbot.addWidget(bar)
    cause = OSError("amqp://me:secret@shop is gone")
    error = StoreUnavailable(Words("The books are locked."))
    error.__cause__ = cause
    bar.report(error)
    wanted: list[bool] = []
    bar.log_wanted.connect(lambda: wanted.append(True))
    buttons = {button.accessibleName(): button for button in bar.findChildren(QToolButton)}
    buttons["Show what led to it"].click()
    assert any("OSError" in label.text() and not label.isHidden() for label in bar.findChildren(QLabel))
    buttons["Copy these words"].click()
    assert QApplication.clipboard().text() == "The books are locked.\nOSError: amqp://me:***@shop is gone"
    buttons["Show the log"].click()
    assert wanted == [True]
