import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.garbage import GuiGarbage


class Cycle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage(qtbot: QtBot) -> Iterator[GuiGarbage]:
    made = GuiGarbage()
    yield made
    made.close()


def test_what_has_been_loaded_is_not_looked_through_again(garbage: GuiGarbage) -> None:
    """With it a look takes longer than a window may stand still."""
    garbage.look_through()
    assert gc.get_freeze_count() > 10 * sum(len(gc.get_objects(generation)) for generation in range(3))


def test_what_was_in_use_at_one_look_is_found_after_its_window_has_gone(garbage: GuiGarbage) -> None:
    window, cycle = QWidget(), Cycle()
    window.show()
    gone = weakref.ref(cycle)
    garbage.look_through()
    del cycle
    garbage.look_through()
    assert gone() is not None, "it was set aside while it was in use"
    window.close()
    del window
    garbage.look_through()
    assert gone() is None


def test_young_garbage_is_found_at_once(garbage: GuiGarbage) -> None:
    gone = weakref.ref(Cycle())
    garbage.look_through()
    assert gone() is None


def test_nobody_else_collects(garbage: GuiGarbage) -> None:
    assert not gc.isenabled()
