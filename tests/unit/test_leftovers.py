"""What the guard against leftovers takes for one."""

import subprocess
import sys
import threading

from PySide6.QtCore import QThread

from tests.helpers import leftovers


def test_a_thread_of_qt_that_has_ended_is_not_taken_for_one_left_over() -> None:
    class Worker(QThread):
        def run(self) -> None:
            self.seen = threading.current_thread()

    before = leftovers.threads()
    worker = Worker()
    worker.start()
    assert worker.wait(5000)
    assert worker.seen in threading.enumerate()
    assert leftovers.threads() == before


def test_a_running_thread_and_a_child_process_are_seen() -> None:
    before = leftovers.threads()
    go = threading.Event()
    thread = threading.Thread(target=go.wait, name="left-over")
    thread.start()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert leftovers.threads() - before == {thread}
        assert child.pid in leftovers.children()
        child.communicate(b"\n")
    assert child.pid not in leftovers.children()
    go.set()
    thread.join()
