"""How a window opens: with the cursor where its user begins, and by File > New window as... in a process of its own."""

import json
import os
import signal
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.application.app import Application
from desktop.application.single_instance import raise_window
from desktop.window.dialogs import NewWindowDialog
from messaging.runtime.settings import Settings
from tests.end2end.test_window import Play, eventually, play, ready
from tests.helpers.user_input import do, opened, press, take_up, write

__all__ = ["play"]  # the fixture


async def a_new_window_as(application: Application, name: str) -> None:
    """By keyboard, from alice's."""
    alice = application.open_window("alice")
    await ready(alice, "Client")
    await take_up(alice.window)
    await press("Ctrl+Shift+N", alice.window)
    dialog = await opened(alice.window, NewWindowDialog)
    await take_up(dialog)
    await write(name)
    await do(lambda: QTest.keyClick(dialog, Qt.Key.Key_Return))


def test_whoever_types_at_once_searches_products(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        assert alice.window.welcome.isVisible()
        await ready(alice, "Client")
        await take_up(alice.window)
        await write("webc")
        await press("Return")
        await eventually(lambda: alice.client.basket.lines() == (("webcam", 1),), "what was typed is in the basket")

    play(broker_settings, scene)


def test_enter_presses_a_button_and_what_goes_gives_the_cursor_back(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        await ready(alice, "Client")
        await take_up(alice.window)
        alice.window.welcome.closing.setFocus()
        await press("Return")
        assert not alice.window.welcome.isVisible()
        assert alice.client.catalogue_pane.search.hasFocus()

    play(broker_settings, scene)


def test_a_name_and_enter_open_the_window_of_another_user(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        await a_new_window_as(application, "bob")
        folder = broker_settings.folder

        def opened_in() -> list[int]:
            lines = [json.loads(line) for line in folder.log.read_text().splitlines()] if folder.log.exists() else []
            return [line["process"] for line in lines if line["message"] == "The window of bob opened"]

        await eventually(lambda: bool(opened_in()), "the window of bob")
        assert application.user_windows[0].problems.problems() == ()
        (process,) = opened_in()
        assert process != os.getpid()
        bob = application.profiles.named("bob").user_id
        os.kill(process, signal.SIGTERM)
        await eventually(lambda: not raise_window(folder, bob), "it ends")

    play(broker_settings, scene)


def test_a_window_that_cannot_be_started_is_said_so(
    play: Play, broker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(application: Application) -> None:
        monkeypatch.setattr(sys, "executable", "/nowhere/python3")
        await a_new_window_as(application, "bob")
        problems = application.user_windows[0].problems
        await eventually(problems.isVisible, "the problem bar")
        assert "The window of bob could not be started" in problems.problems()[0]

    play(broker_settings, scene)
