"""A window on the files of an older version says what it waits for, and goes on with all that they hold."""

import sqlite3
from contextlib import closing

import pytest

from desktop.application.app import Application
from desktop.window.status_bar import StatusBar
from messaging.history.store.database import schema
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings
from messaging.warehouse.store.database import migrate
from tests.end2end.test_window import Play, eventually, play
from tests.helpers.books import make_old_books
from tests.helpers.older_books import older

__all__ = ["play"]  # the fixture


def test_a_window_tells_what_it_waits_for(
    play: Play, broker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, shown = broker_settings.folder, list[tuple[str, str]]()
    show = StatusBar.show_under_way

    def note(bar: StatusBar, database: str, words: str) -> None:
        show(bar, database, words)
        shown.append((database, bar.reason()))

    monkeypatch.setattr(StatusBar, "show_under_way", note)

    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "warehouse")
        await eventually(lambda: alice.warehouse.stock.rowCount() == 1, "the lamp is not shown")
        await eventually(lambda: {database for database, _ in shown} == {"books", "history"}, "nothing is told")
        assert {words for _, words in shown} >= {migrate.UNDER_WAY, schema.UNDER_WAY}

    make_old_books(f"sqlite:///{folder.warehouse}", "0002", *older(10))
    _make_old_history(broker_settings, Profiles(folder).named("alice").user_id)
    play(broker_settings, scene)


def _make_old_history(settings: Settings, user_id: str) -> None:
    path = settings.folder.history(user_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (statement for step in schema.STEPS[:3] for statement in step):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 3")
        connection.execute("INSERT INTO marks VALUES ('user_id', ?)", (user_id,))
