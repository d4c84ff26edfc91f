import asyncio
import threading
from pathlib import Path

import pytest

from desktop.role.search import Searches
from messaging.errors import StoreUnavailable
from messaging.history.history import History
from messaging.history.store.history_store import HistoryStore
from messaging.phrases import Words


def test_a_newer_search_ends_an_older_one_whose_work_is_not_even_run(tmp_path: Path) -> None:
    async def main(history: History) -> None:
        searches, gate = Searches(lambda: history), threading.Event()
        ran: list[str] = []

        def busy(_store: HistoryStore) -> str:
            gate.wait(20)
            return "first"

        first, second, third = (searches.begin() for _ in range(3))
        asked = [
            asyncio.ensure_future(search.ask(work))
            for search, work in ((third, busy), (second, lambda _store: ran.append("second")))
        ]
        await asyncio.sleep(0)
        fourth = searches.begin()
        gate.set()
        assert await fourth.ask(lambda _store: "fourth") == "fourth"
        assert await asyncio.gather(*asked) == [None, None]
        assert (ran, first.is_current, fourth.is_current) == ([], False, True)
        assert await fourth.ask(lambda store: store.outbox.waiting()) == 0  # one search may ask more than once

    with History(tmp_path / "history.db", "alice") as history:
        asyncio.run(main(history))


def test_a_search_raises_what_its_work_raised(tmp_path: Path) -> None:
    def fail(_store: HistoryStore) -> int:
        raise StoreUnavailable(Words("The disk is full."))

    with History(tmp_path / "history.db", "alice") as history, pytest.raises(StoreUnavailable, match="disk is full"):
        asyncio.run(Searches(lambda: history).begin().ask(fail))
