"""What is photographed: first an empty desk that reaches no RabbitMQ, then a shop at work, in English and in German."""

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.application.app import Application
from desktop.text import languages
from desktop.window.user_window import UserWindow
from messaging.phrases import phrase
from messaging.ports import Phase
from tests.faults.receipts import Receipts
from tests.screenshots import shop
from tests.screenshots.camera import Camera
from tests.screenshots.dialogs import DIALOGS, dialog
from tests.screenshots.patience import NoPicture, met
from tests.screenshots.tabs import SHOP, add_to_basket, broken, first_start, tab

NOWHERE = "amqp://localhost:1"  # nobody listens there
SIZE = (1280, 800)  # logical pixels

Scene = Callable[[UserWindow], AbstractAsyncContextManager[QWidget]]


async def take_all(desk: Application, folder: Path, goods: Receipts, count: int, only: str) -> int:
    camera = Camera(folder, only)
    await _away(desk, camera)
    desk.reopen(replace(desk.settings, broker=""))
    await _opened_again(desk)
    await _fill(desk, goods, count)
    await _at_work(desk, camera, goods)
    for station in desk.stations[1:]:
        station.window.close()
    await met(lambda: len(desk.stations) == 1, "a window stays")
    desk.memory.keep("language", "de")
    languages.choose("de")
    camera.speak("german")
    desk.reopen(desk.settings)
    await _opened_again(desk)
    await _at_work(desk, camera, goods)
    desk.reopen(replace(desk.settings, broker=NOWHERE))
    await _new_windows(desk)
    await _out_of_reach(camera, desk.stations[0])
    sys.stdout.write(f"{camera.taken} pictures in {folder}\n")
    return 0


async def _away(desk: Application, camera: Camera) -> None:
    """Nothing there: no order, no RabbitMQ."""
    alice = desk.open_window("alice")
    alice.window.resize(*SIZE)
    await met(alice.client.catalogue.rowCount, "no catalogue")
    await _out_of_reach(camera, alice)


async def _out_of_reach(camera: Camera, alice: UserWindow) -> None:
    scenes: dict[str, Scene] = {"first-start": first_start}
    scenes |= {f"offline-{name}": partial(tab, name) for name in alice.roles}
    scenes |= {"offline-order-waits": add_to_basket, "broken": broken}
    scenes |= {f"dialog-{name}-offline": partial(dialog, name) for name in ("connection", "status")}
    alice.window.welcome.hide()
    await _take(camera, alice, scenes)


async def _new_windows(desk: Application) -> None:
    old = desk.stations[0]
    await met(lambda: desk.stations and desk.stations[0] is not old, "no window")
    desk.stations[0].window.welcome.hide()
    desk.stations[0].window.resize(*SIZE)


async def _opened_again(desk: Application) -> None:
    await _new_windows(desk)
    alice = desk.stations[0]
    alice.warehouse.start()
    await met(lambda: _is_ready(alice), "not every role is ready")


def _is_ready(station: UserWindow) -> bool:
    return set(station.window.status.phases().values()) == {Phase.READY}


async def _fill(desk: Application, goods: Receipts, count: int) -> None:
    alice = desk.stations[0]
    bob = desk.open_window("bob", "client")
    await shop.fill_shelves(alice, goods, count)
    await shop.place([alice, bob], goods, count)
    await shop.work_a_day(alice)


async def _at_work(desk: Application, camera: Camera, goods: Receipts) -> None:
    alice = desk.stations[0]
    scenes: dict[str, Scene] = {f"busy-{name}": partial(tab, name) for name in alice.roles}
    scenes |= {name: partial(scene, goods) for name, scene in SHOP.items()}
    scenes |= {f"dialog-{name}": partial(dialog, name) for name in DIALOGS}
    await _take(camera, alice, scenes)


async def _take(camera: Camera, station: UserWindow, scenes: dict[str, Scene]) -> None:
    for name, scene in scenes.items():
        if camera.wants(name):
            await _photograph(camera, name, scene(station))


async def _photograph(camera: Camera, name: str, scene: AbstractAsyncContextManager[QWidget]) -> None:
    try:
        async with scene as widget:
            await camera.take(name, widget)
    except NoPicture as error:
        raise NoPicture(phrase(f"no picture of {name}: {error.words}")) from error
