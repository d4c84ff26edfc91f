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


async def save_pictures(user_windows: Sequence[UserWindow], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for user_window in user_windows:
        user_window.window.resize(_SIZE)
        await by_hand(partial(_set_scene, user_window))
    saved: list[Path] = []
    for choice, ending in ((Theme.LIGHT, ""), (Theme.DARK, "-dark")):
        theme.apply(choice)
        for user_window in user_windows:
            saved += [await _save(user_window, name, folder, ending) for name in user_window.roles]
    return saved


def _set_scene(user_window: UserWindow) -> float:
    """Fill the basket and open an order, where this user has one."""
    client = user_window.client
    if client.orders_pane.view.rows.rowCount():
        fill(client, "laptop", 1)
        fill(client, "wireless_mouse", 2)
        client.orders_pane.view.select(0)
    if user_window.notifications.view.rows.rowCount():
        user_window.notifications.view.select(0)
    return 0.0


async def _save(user_window: UserWindow, name: str, folder: Path, ending: str) -> Path:
    window, tab = user_window.window, user_window.roles[name]
    window.show_tab(list(user_window.roles).index(name))
    await until(tab.isVisible, _SECONDS, lambda: f"the tab {name} does not show.")
    if tab is user_window.warehouse:
        stock = user_window.warehouse.stock
        await until(lambda: stock.rowCount() > 0, _SECONDS, lambda: "the warehouse's books do not show.")
    path = folder / f"{user_window.session.profile.name}-{name}{ending}.png"
    if not window.grab().save(str(path)):
        raise DemoFailed(phrase("pictures.could_not_be_written_is_there", path=path))
    return path
