import threading
from itertools import pairwise
from time import monotonic

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.role.batches import FRAME, Batches


def test_a_thousand_items_from_many_threads_come_in_few_signals_and_in_order(qtbot: QtBot) -> None:
    batches: Batches[tuple[int, int]] = Batches()
    seen: list[tuple[int, int]] = []
    times: list[float] = []
    batches.arrived.connect(seen.extend)
    batches.arrived.connect(lambda _: times.append(monotonic()))

    def feed(who: int) -> None:
        for number in range(250):
            batches.add([(who, number)])

    threads = [threading.Thread(target=feed, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: len(seen) == 1000)
    assert all([n for w, n in seen if w == who] == list(range(250)) for who in range(4))
    assert all(later - earlier >= FRAME * 0.9 for earlier, later in pairwise(times))


def test_a_single_item_after_a_pause_comes_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    batches: Batches[str] = Batches()
    seen: list[str] = []
    batches.arrived.connect(seen.extend)
    batches.add(["order"])
    qapp.processEvents()
    assert seen == ["order"]


def test_nothing_added_is_no_signal(qtbot: QtBot, qapp: QApplication) -> None:
    batches: Batches[str] = Batches()
    seen: list[list[str]] = []
    batches.arrived.connect(seen.append)
    batches.add([])
    qapp.processEvents()
    assert not seen
