import logging
import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.window.log_feed import LogFeed
from desktop.window.log_panel import LogPanel
from tests.helpers.longer_texts import longer_texts

LOG = logging.getLogger("tests.log")


def test_lines_of_any_thread_are_shown_by_level_without_passwords(dressed: QApplication, qtbot: QtBot) -> None:
    feed = LogFeed()
    try:
        panel = LogPanel(feed)
        qtbot.addWidget(panel)
        thread = threading.Thread(target=lambda: LOG.warning("lost amqp://me:secret@shop"))
        thread.start()
        thread.join()
        LOG.error("a <b>bad</b> thing")
        qtbot.waitUntil(lambda: feed.lines.rowCount() == 2)
        words = [panel.view.rows.index(row, 3).data() for row in range(2)]
        assert words == ["a <b>bad</b> thing", "lost amqp://me:***@shop"]
        panel.level.setCurrentText("ERROR")
        assert panel.view.rows.rowCount() == 1
        panel.level.setCurrentText("INFO")
        panel.search.setText("shop")
        assert panel.view.rows.rowCount() == 1
    finally:
        feed.close()
    LOG.error("after the end")
    assert feed.lines.rowCount() == 2


def test_a_window_in_another_language_has_the_log_in_it(dressed: QApplication, qtbot: QtBot) -> None:
    """The lines are those of the program: they were there before the language was chosen."""
    feed = LogFeed()
    try:
        with longer_texts(dressed):
            panel = LogPanel(feed)
            qtbot.addWidget(panel)
        titles = [panel.view.model().headerData(column, Qt.Orientation.Horizontal) for column in range(4)]
        assert [title for title in titles if "ÄÖÜ" not in title] == []
    finally:
        feed.close()
