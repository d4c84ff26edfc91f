"""What is photographed: first an empty window without RabbitMQ, then a shop at work, in English and in German."""

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
from messaging.phrases import Words
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


async def take_all(application: Application, folder: Path, goods: Receipts, count: int, only: str) -> int:
    camera = Camera(folder, only)
    await _away(application, camera)
    application.reopen(replace(application.settings, broker=""))
    await _opened_again(application)
    await _fill(application, goods, count)
    await _at_work(application, camera, goods)
    for user_window in application.user_windows[1:]:
        user_window.window.close()
    await met(lambda: len(application.user_windows) == 1, "a window stays")
    application.memory.keep("language", "de")
    languages.choose("de")
    camera.speak("german")
    application.reopen(application.settings)
    await _opened_again(application)
    await _at_work(application, camera, goods)
    application.reopen(replace(application.settings, broker=NOWHERE))
    await _new_windows(application)
    await _out_of_reach(camera, application.user_windows[0])
    sys.stdout.write(f"{camera.taken} pictures in {folder}\n")
    return 0


async def _away(application: Application, camera: Camera) -> None:
    """Nothing there: no order, no RabbitMQ."""
    alice = application.open_window("alice")
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


async def _new_windows(application: Application) -> None:
    old = application.user_windows[0]
    await met(lambda: application.user_windows and application.user_windows[0] is not old, "no window")
    application.user_windows[0].window.welcome.hide()
    application.user_windows[0].window.resize(*SIZE)


async def _opened_again(application: Application) -> None:
    await _new_windows(application)
    alice = application.user_windows[0]
    alice.warehouse.start()
    await met(lambda: _is_ready(alice), "not every role is ready")


def _is_ready(user_window: UserWindow) -> bool:
    return set(user_window.window.status.phases().values()) == {Phase.READY}


async def _fill(application: Application, goods: Receipts, count: int) -> None:
    alice = application.user_windows[0]
    bob = application.open_window("bob", "client")
    await shop.fill_shelves(alice, goods, count)
    await shop.place([alice, bob], goods, count)
    await shop.work_a_day(alice)


async def _at_work(application: Application, camera: Camera, goods: Receipts) -> None:
    alice = application.user_windows[0]
    scenes: dict[str, Scene] = {f"busy-{name}": partial(tab, name) for name in alice.roles}
    scenes |= {name: partial(scene, goods) for name, scene in SHOP.items()}
    scenes |= {f"dialog-{name}": partial(dialog, name) for name in DIALOGS}
    await _take(camera, alice, scenes)


async def _take(camera: Camera, user_window: UserWindow, scenes: dict[str, Scene]) -> None:
    for name, scene in scenes.items():
        if camera.wants(name):
            await _photograph(camera, name, scene(user_window))


async def _photograph(camera: Camera, name: str, scene: AbstractAsyncContextManager[QWidget]) -> None:
    try:
        async with scene as widget:
            await camera.take(name, widget)
    except NoPicture as error:
        raise NoPicture(Words(f"no picture of {name}: {error.words}")) from error
