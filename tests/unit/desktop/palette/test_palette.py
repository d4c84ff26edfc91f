from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.palette.dialog import Palette
from desktop.palette.entries import MOST, Entry, best


def entries(ran: list[str]) -> list[Entry]:
    names = ("Close", "Theme: Dark", "laptop", "log level", "Language: Deutsch")
    return [Entry(name, "action", "square", partial(ran.append, name), more=f"{name} id") for name in names]


def test_beginnings_of_words_come_first_and_every_word_must_fit() -> None:
    found = best(entries([]), "l")
    assert [one.words for one in found][:3] == ["laptop", "log level", "Language: Deutsch"]
    assert [one.words for one in best(entries([]), "theme dark")] == ["Theme: Dark"]
    assert best(entries([]), "theme laptop") == []


def test_a_hundred_thousand_orders_do_not_fill_the_list() -> None:
    many = [Entry(f"order {number}", "order", "square", lambda: None) for number in range(100_000)]
    assert len(best(many, "order 9")) == MOST


def test_type_arrow_enter(dressed: QApplication, qtbot: QtBot) -> None:
    window, ran = QWidget(), list[str]()
    qtbot.addWidget(window)
    palette = Palette(entries(ran), window)
    palette.open()
    QTest.keyClicks(palette.field, "l")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["log level"]
    assert not palette.isVisible()
