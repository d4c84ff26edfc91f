"""Waits for what is photographed; where it does not come, one line says what."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from inspect import isawaitable
from typing import Any

from desktop.tables.table import Table
from messaging.errors import OrderDeskError
from messaging.phrases import Words

SECONDS = 120.0  # a private node boots in 8, a machine with other work takes many times as long


class NoPicture(OrderDeskError):
    """What was to be photographed did not come."""


async def met(condition: Callable[[], object | Awaitable[object]], words: str, seconds: float = SECONDS) -> None:
    """Raises NoPicture with the words where the condition does not come true in time."""
    deadline = time.monotonic() + seconds
    while not await _value(condition()):
        if time.monotonic() > deadline:
            raise NoPicture(Words(f"waited {seconds:.0f} s in vain: {words}"))
        await asyncio.sleep(0.01)


async def _value(found: object | Awaitable[object]) -> object:
    return await found if isawaitable(found) else found


async def selected(view: Table[Any], *numbers: int) -> None:
    """Select these rows of a view as soon as they are there and read; the cursor stands on the first."""
    for number in numbers:
        await met(partial(is_there, view, number), f"{view.accessibleName()} has no row {number + 1}")
    view.select(numbers[0])
    chosen = view.selectionModel()
    for number in numbers[1:]:
        index = view.rows.index(number, 0)
        chosen.select(index, chosen.SelectionFlag.Select | chosen.SelectionFlag.Rows)


def is_there(view: Table[Any], number: int) -> bool:
    return view.rows.rowCount() > number and view.row(number) is not None
