"""What surrounds the tabs, by mouse and keyboard, in the program's own windows over a real RabbitMQ."""

import logging
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel

from desktop.application.app import Application
from desktop.connection.dialog import ConnectionDialog
from desktop.palette.dialog import Palette
from desktop.preferences.dialog import PreferencesDialog
from desktop.style import theme
from desktop.style.colours import DARK, LIGHT
from desktop.text import languages
from desktop.widgets.number_field import NumberField
from desktop.window.dialogs import ProfileDialog, ShortcutsDialog
from desktop.window.status_details import StatusDetails
from desktop.window.user_window import UserWindow
from desktop.window.window_command import WindowCommand
from messaging.errors import StoreUnavailable
from messaging.phrases import Words
from messaging.ports import Phase
from messaging.runtime.settings import Settings, kept
from tests.end2end.test_window import Play, eventually, play, ready
from tests.helpers.user_input import click, do, opened, press, take_up, write

__all__ = ["play"]  # the fixture


async def palette(user_window: UserWindow, words: str) -> None:
    """Ctrl+K, some words, Enter."""
    await take_up(user_window.window)
    await press("Ctrl+K", user_window.window)
    found = await opened(user_window.window, Palette)
    assert isinstance(found, Palette)
    await take_up(found)
    await do(lambda: QTest.keyClicks(found.field, words))
    await do(lambda: QTest.keyClick(found.field, Qt.Key.Key_Return))


def logged(user_window: UserWindow) -> set[str]:
    """What the log shows."""
    panel = user_window.window._log_panel
    assert panel is not None
    rows = panel.view.rows
    return {str(rows.index(number, 3).data()) for number in range(rows.rowCount())}


def test_the_palette_finds_products_pages_settings_and_themes(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        await ready(alice, "Client")
        await palette(alice, "webc")
        await eventually(lambda: alice.client.basket.lines() == (("webcam", 1),), "the product is in the basket")
        await palette(alice, "warehouse ledger")
        await eventually(lambda: alice.shown_tab() == "warehouse", "the warehouse is shown")
        assert alice.warehouse.pages.currentWidget() is alice.warehouse.ledger
        await palette(alice, "theme dark")
        await eventually(lambda: theme.colours() is DARK, "it is dark")
        await palette(alice, "theme light")
        await eventually(lambda: theme.colours() is LIGHT, "it is light")
        await palette(alice, "orders in a batch")
        dialog = await opened(alice.window, PreferencesDialog)
        assert isinstance(dialog, PreferencesDialog)
        batch = dialog.editors["batch"]
        assert isinstance(batch, NumberField)
        await eventually(batch.hasFocus, "the option that was looked for has the cursor")
        await do(lambda: batch.setValue(77))
        await click(dialog.saving)
        assert kept(application.settings.folder)["batch"] == 77

    play(broker_settings, scene)


def test_keys_open_the_sheet_of_keys_the_log_and_the_search(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "warehouse")
        await ready(alice, "Client")
        await take_up(alice.window)
        await press("F1", alice.window)
        sheet = await opened(alice.window, ShortcutsDialog)
        said = {label.text() for label in sheet.findChildren(QLabel)}
        assert {
            "Place order",
            "Ship",
            "Step",
            "Find anything...",
            "Import",
            "Three of it",
            "Mark all read",
            "Everywhere",
        } <= said
        sheet.reject()
        await take_up(alice.window)
        await press("Ctrl+F", alice.window)
        await eventually(alice.warehouse.stock_pane.search.hasFocus, "the cursor is in the search")
        await write("chair")
        stock = alice.warehouse.stock_pane.view.rows
        await eventually(lambda: stock.rowCount() == 1, "the books are read, and one product matches")
        await press("Ctrl+L", alice.window)
        panel = alice.window._log_panel
        assert panel is not None
        assert panel.isVisible()
        logging.getLogger("order-desk").warning("a warning")
        logging.getLogger("order-desk").error("an error")
        await eventually(lambda: {"a warning", "an error"} <= logged(alice), "both are in the log")
        panel.level.setCurrentText("ERROR")
        assert "a warning" not in logged(alice)
        assert "an error" in logged(alice)
        await press("Ctrl+L", alice.window)
        assert not panel.isVisible()

    play(broker_settings, scene)


def test_every_dialog_goes_by_escape_and_by_its_cross(play: Play, broker_settings: Settings) -> None:
    dialogs = set(WindowCommand) - {WindowCommand.STAGE, WindowCommand.QUIT}

    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        await ready(alice, "Client")
        for wish in sorted(dialogs):
            for leave in (lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape), QDialog.close):
                alice.window.command_asked.emit(wish)
                dialog = await opened(alice.window, QDialog)
                closed: list[int] = []
                dialog.finished.connect(closed.append)
                await take_up(dialog)
                leave(dialog)
                assert closed == [0], wish

    play(broker_settings, scene)


def test_the_connection_is_tested_step_by_step_and_changed(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        await ready(alice, "Client")
        await take_up(alice.window)
        await press("Ctrl+Shift+O", alice.window)
        dialog = await opened(alice.window, ConnectionDialog)
        assert isinstance(dialog, ConnectionDialog)
        assert ":***@" in dialog.url.text()
        await click(dialog.testing)
        await eventually(dialog.testing.isEnabled, "the test ends")
        assert dialog.words.text() == "All is as it should be.", [str(one) for one in dialog.steps._findings]
        done = [finding.name for finding in dialog.steps._findings]
        assert done[:5] == ["name", "TCP", "login", "virtual host", "rights"]
        await do(lambda: dialog.port.setValue(1))
        await click(dialog.testing)
        await eventually(dialog.testing.isEnabled, "the test ends")
        assert dialog.steps.problems() == 1
        await click(dialog.applying)
        await eventually(
            lambda: bool(application.user_windows) and application.user_windows[0] is not alice,
            "the window opens again",
        )
        again = application.user_windows[0]
        await eventually(lambda: Phase.WAITING in again.window.status.phases().values(), "it waits for RabbitMQ")
        assert "again in" in again.window.status.states()["Client"] or again.window.status.reason()
        await click(again.window.status.where)
        details = await opened(again.window, StatusDetails)
        assert isinstance(details, StatusDetails)
        assert "Nothing listens" in details.text()

    play(broker_settings, scene)


def test_what_went_wrong_stays_until_it_is_closed(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        await ready(alice, "Client")
        for _ in range(2):
            alice.session.report(StoreUnavailable(Words("The books are locked: <b>close</b> the other program.")))
        await eventually(lambda: bool(alice.problems.problems()), "the problem is shown")
        assert alice.problems.isVisible()
        (words,) = alice.problems.problems()
        assert "<b>close</b>" in words
        alice.problems.dismiss(words)
        assert not alice.problems.isVisible()

    play(broker_settings, scene)


def test_the_first_start_leads_into_each_role_and_can_be_left_out(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        welcome = alice.window.welcome
        assert welcome.isVisible()
        await click(welcome.never)
        await click(welcome.cards["warehouse"].button)
        assert not welcome.isVisible()
        assert alice.shown_tab() == "warehouse"
        await ready(alice, "Warehouse")
        bob = application.open_window("bob")
        assert not bob.window.welcome.isVisible()

    play(broker_settings, scene)


def test_the_first_steps_make_room_once_an_order_was_placed(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        assert alice.window.welcome.isVisible()
        await ready(alice, "Client")
        await take_up(alice.window)
        alice.client.focus_first()
        await write("laptop")
        await press("Return")
        assert alice.window.welcome.isVisible()
        await press("Ctrl+Return")
        await eventually(lambda: not alice.window.welcome.isVisible(), "the first steps make room")

    play(broker_settings, scene)


def test_a_window_comes_back_as_it_was_left(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        application.open_window("bob")
        alice = application.open_window("alice", "client")
        await ready(alice, "Client")
        alice.window.resize(alice.window.minimumSizeHint().width(), 700)  # the screen is 800 high and wide
        header = alice.warehouse.stock_pane.view.horizontalHeader()
        header.resizeSection(1, 133)
        header.moveSection(4, 1)
        alice.client.add_to_basket("laptop", 2)
        await take_up(alice.window)
        await press("Ctrl+2", alice.window)
        await press("Ctrl+W", alice.window)
        await alice.closed
        again = application.open_window("alice")
        assert again.window.height() == 700
        assert again.shown_tab() == "warehouse"
        header = again.warehouse.stock_pane.view.horizontalHeader()
        assert (header.sectionSize(1), header.visualIndex(4)) == (133, 1)
        await eventually(lambda: again.client.basket.lines() == (("laptop", 2),), "the draft is there")

    play(broker_settings, scene)


def test_another_language_keeps_columns_of_its_own(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "warehouse")
        await ready(alice, "Client")
        alice.warehouse.stock_pane.view.horizontalHeader().resizeSection(1, 51)
        alice.window.language_chosen.emit("de")
        await eventually(
            lambda: bool(application.user_windows) and application.user_windows[0] is not alice,
            "the window opens again",
        )
        german = application.user_windows[0]
        assert german.warehouse.title == "Lager"
        assert german.warehouse.stock_pane.view.horizontalHeader().sectionSize(1) > 51
        german.window.language_chosen.emit("en")
        await eventually(
            lambda: bool(application.user_windows) and application.user_windows[0] is not german,
            "the window opens again",
        )
        assert application.user_windows[0].warehouse.stock_pane.view.horizontalHeader().sectionSize(1) == 51

    try:
        play(broker_settings, scene)
    finally:
        languages.choose("en")


def test_another_name_and_colour_show_at_once_and_the_stage_is_set(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        await palette(alice, "name and colour")
        dialog = await opened(alice.window, ProfileDialog)
        assert isinstance(dialog, ProfileDialog)
        dialog.name.setText("Ann")
        other = next(button for button in dialog.colours.buttons() if not button.isChecked())
        await click(other)
        dialog.accept()
        assert alice.window.windowTitle() == "Ann \N{EN DASH} Order Desk"
        assert alice.window.chip.text() == "Ann"
        assert theme.accent_of(other.property("colour")).name() in alice.window.styleSheet()
        await palette(alice, "stage")
        await eventually(lambda: len(application.user_windows) == 4, "the stage is set")
        assert {one.window.profile.name for one in application.user_windows} == {"Ann", "alice", "bob", "warehouse"}
        places = {(one.window.x(), one.window.y()) for one in application.user_windows}
        assert len(places) == 4

    play(broker_settings, scene)


def test_an_unknown_rabbitmq_is_said_in_words_with_a_countdown(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        await eventually(lambda: "again in" in alice.window.status.states()["Client"], "a countdown")
        assert "Nothing listens" in alice.window.status.reason()
        alice.client.add_to_basket("laptop")
        alice.client.place()
        await eventually(alice.window.status.waiting.isVisible, "the order waits")
        assert alice.window.status.waiting.text() == "1 waiting to send"

    play(replace(broker_settings, broker="amqp://localhost:1"), scene)
