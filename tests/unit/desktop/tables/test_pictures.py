"""Pictures wait for the state that they show, however slow the machine is, and say which one never came."""

import asyncio
import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from desktop.tables.paged_model import PagedModel
from desktop.tables.paged_table import PagedTable
from desktop.tables.row_model import Column
from tests.checks import ROOT
from tests.helpers import pages
from tests.screenshots.patience import NoPicture, met, selected


def test_what_never_comes_is_one_line_that_says_what(qapp: QApplication) -> None:
    with pytest.raises(NoPicture) as raised:
        pages.run(qapp, met(lambda: False, "its history is not shown", seconds=0))
    assert str(raised.value) == "waited 0 s in vain: its history is not shown"


def test_the_command_ends_with_that_line_and_no_traceback() -> None:
    program = (
        "import sys; from tests import screenshots; from tests.screenshots import camera, patience\n"
        "def fails(_): raise patience.NoPicture('no picture of busy-client: waited 0 s in vain: nothing')\n"
        "screenshots.here = fails; sys.exit(camera.main([]))"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    run = [sys.executable, "-c", program]
    ended = subprocess.run(run, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == ["no picture of busy-client: waited 0 s in vain: nothing"]


@pytest.mark.parametrize("numbers", [(0,), (3,), (1, 2, 4)])
def test_a_row_is_selected_once_it_is_there_and_read(qapp: QApplication, numbers: tuple[int, ...]) -> None:
    model: PagedModel[int] = PagedModel([Column("Number", str)], int)
    view = PagedTable(model, "Numbers")

    async def come() -> None:
        waiting = asyncio.ensure_future(selected(view, *numbers))
        await asyncio.sleep(0)
        assert not waiting.done()
        model.show(range(10))
        await asyncio.sleep(0)
        assert not waiting.done()
        model.wanted.connect(model.put)
        await waiting

    pages.run(qapp, come())
    assert view.selected() == list(numbers)
