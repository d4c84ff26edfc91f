"""One tab of the window over real databases, on the product's own event loop, with RabbitMQ away or given."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop.application import event_loop
from desktop.role.export_button import ExportButton
from desktop.role.session import Session
from desktop.role.tab import AnyTab
from desktop.role.tasks import Tasks
from desktop.style import theme
from messaging.broker.external import ExternalBroker
from messaging.history.history import History
from messaging.phrases import Words
from messaging.ports import Address, Broker
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from messaging.warehouse.store.warehouse_store import WarehouseStore

SECONDS = 20.0

T = TypeVar("T", bound=AnyTab)
PageTest = Callable[..., Coroutine[Any, Any, None]]


class Away:
    """A broker that is not there yet."""

    def address(self) -> Address:
        return Address(reason=Words("RabbitMQ is starting"))


class Problems(list[BaseException]):
    """What came to the problem bar."""


def profile(name: str = "alice") -> Profile:
    return Profile(name, str(uuid4()), "#0b5cad")


@asynccontextmanager
async def a_session(
    folder: Path, who: Profile | None = None, url: str = "", problems: Problems | None = None
) -> AsyncIterator[Session]:
    """Everything a window gives to its tabs, closed at the end; an unexpected problem fails the test."""
    who = who or profile()
    expected, seen = problems, Problems() if problems is None else problems
    tasks = Tasks(seen.append)
    settings = Settings(data_dir=str(folder))
    broker: Broker = ExternalBroker((url,)) if url else Away()
    history = History(settings.folder.history(who.user_id), who.user_id)
    books = DatabaseThread("books", lambda: WarehouseStore(settings.database_url).open())
    session = Session(who, settings, broker, history, books, tasks.spawn, seen.append)
    try:
        yield session
    finally:
        await tasks.finish(SECONDS)
        history.close()
        books.close()
    assert expected is not None or not seen, seen


@asynccontextmanager
async def a_page(
    kind: Callable[[Session], T],
    folder: Path,
    who: Profile | None = None,
    url: str = "",
    problems: Problems | None = None,
) -> AsyncIterator[T]:
    """The tab, shown and at rest."""
    QApplication.setQuitOnLastWindowClosed(False)  # as the product does: else it ends the event loop
    async with a_session(folder, who, url, problems) as session:
        tab = kind(session)
        theme.dress_window(tab, session.profile.colour)
        tab.resize(1180, 690)
        tab.show()
        try:
            yield tab
        finally:
            await tab.stop()
            tab.close()
    tab.deleteLater()
    QCoreApplication.sendPostedEvents(tab, QEvent.Type.DeferredDelete)  # here, not in the thread that collects it


async def until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Give the loop its turn until the condition is true."""
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last, f"waited {seconds:g} s in vain"
        await asyncio.sleep(0.01)


async def pressed(button: QAbstractButton) -> None:
    """By mouse; a button that was just shown gets its place with the next turn of the loop."""
    await until(lambda: button.isVisible() and button.width() >= button.minimumSizeHint().width())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def exported(by: ExportButton, button: QAbstractButton, path: Path) -> None:
    """Through the dialog, to a file that is not there yet."""
    await pressed(button)
    dialog = by.dialog
    assert dialog is not None, "the button asks for a file"
    assert dialog.selectedFiles()[0].endswith(".csv"), "a name is suggested"
    dialog.selectFile(str(path))
    dialog.accept()
    await until(lambda: path.exists() and not by.is_writing)


def run(application: QApplication, main: Coroutine[Any, Any, None]) -> None:
    """On the product's loop. What is left of a closed loop is a QObject with timers: it must go in this thread."""
    try:
        event_loop.run(application, main)
    finally:
        gc.collect()


def on_page(kind: Callable[[Session], T]) -> Callable[[PageTest], Callable[[QApplication, Path], None]]:
    """A coroutine that is given a page becomes a test; it may ask for the page's data directory too (`tmp_path`)."""

    def as_test(test: PageTest) -> Callable[[QApplication, Path], None]:
        wants_path = len(signature(test).parameters) > 1

        def run_it(qapp: QApplication, tmp_path: Path) -> None:
            async def main() -> None:
                async with a_page(kind, tmp_path) as tab:
                    await (test(tab, tmp_path) if wants_path else test(tab))

            run(qapp, main())

        run_it.__name__, run_it.__doc__ = test.__name__, test.__doc__
        return run_it

    return as_test
