"""Saves each tab of each window as PNG, light and dark."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize

from desktop.demo.stage import DemoFailed, by_hand, fill, until
from desktop.style import theme
from desktop.style.theme import Theme
from desktop.window.user_window import UserWindow
from messaging.phrases import phrase

_SIZE = QSize(1280, 800)
_SECONDS = 10.0


async def save_pictures(stations: Sequence[UserWindow], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for station in stations:
        station.window.resize(_SIZE)
        await by_hand(partial(_set_scene, station))
    saved: list[Path] = []
    for choice, ending in ((Theme.LIGHT, ""), (Theme.DARK, "-dark")):
        theme.apply(choice)
        for station in stations:
            saved += [await _save(station, name, folder, ending) for name in station.roles]
    return saved


def _set_scene(station: UserWindow) -> float:
    """Something in the basket and an order opened, where this user has one."""
    client = station.client
    if client.orders_pane.view.rows.rowCount():
        fill(client, "laptop", 1)
        fill(client, "wireless_mouse", 2)
        client.orders_pane.view.select(0)
    if station.notifications.view.rows.rowCount():
        station.notifications.view.select(0)
    return 0.0


async def _save(station: UserWindow, name: str, folder: Path, ending: str) -> Path:
    window, tab = station.window, station.roles[name]
    window.show_tab(list(station.roles).index(name))
    await until(tab.isVisible, _SECONDS, lambda: f"the tab {name} does not show.")
    if tab is station.warehouse:
        stock = station.warehouse.stock
        await until(lambda: stock.rowCount() > 0, _SECONDS, lambda: "the warehouse's books do not show.")
    path = folder / f"{station.session.profile.name}-{name}{ending}.png"
    if not window.grab().save(str(path)):
        raise DemoFailed(phrase(f"{path} could not be written: is there room, and are there rights?"))
    return path
