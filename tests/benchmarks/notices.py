"""`python3 -m tests benchmark notices`: a history of a million notices in a window: opening, scrolling, filtering."""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from desktop.app import make_application
from desktop.notifications.tab import NotificationsTab
from messaging import wire
from messaging.history.rows import notice_words
from messaging.history.store import HistoryStore
from messaging.notices import Notice
from messaging.orders import OrderStatus, new_order_id, now
from messaging.paths import DataDir
from messaging.profiles import Profile
from messaging.stock import SettledLine
from tests.helpers.pages import a_page, run, until

USER = "4b0d4a7e-7d3c-4b44-9d1b-0f6c6a4d8a11"
PRODUCTS = (
    "laptop",
    "webcam",
    "wireless_mouse",
    "usb_c_charger",
    "Oat flakes 500 g",
    "Rye bread",
    "Espresso beans 1 kg",
)
STATES = [OrderStatus.PROCESSED] * 7 + [OrderStatus.REJECTED, OrderStatus.SHIPPED, OrderStatus.CANCELLED]
TYPED = ("l", "la", "laptop", "refused", "processed laptop", "a1b", "nothing like it")
INSERT = """INSERT INTO notices
    (event_id, identity, user_id, status, seq, body, words, received_at, missed, version, read)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 1)"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tests benchmark notices", description=__doc__)
    parser.add_argument("--notices", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the history here, and use the one that is there")
    parser.add_argument("--seconds", type=float, default=10, help="how long 1,000 notices a second arrive")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="order-desk-notices-") as other:
        folder = args.folder or Path(other)
        path = DataDir(folder).history(USER)
        if not path.exists():
            fill(path, args.notices)
        _say("history on disk", f"{path.stat().st_size / 1e6:,.0f} MB")
        run(make_application(), _measure(folder, args.seconds))
    return 0


def fill(path: Path, count: int) -> None:
    """Notices as the warehouse would have sent them, in one go and indexed."""
    store = HistoryStore(path, USER)
    with store._writing():
        store._connection.executemany(INSERT, _rows(count))
        store._index(count)
    store.close()


def _rows(count: int) -> Iterator[tuple[str | int | bytes | None, ...]]:
    chosen = random.Random(1)
    for seq in range(1, count + 1):
        n = _notice(chosen, seq, f"2026-{seq * 11 // count + 1:02}-01T08:00:00.000+00:00")
        yield (n.event_id, n.identity, USER, n.status, seq, wire.encode(n), notice_words(n), n.occurred_at)


def _notice(chosen: random.Random, seq: int, moment: str) -> Notice:
    status = chosen.choice(STATES)
    lines = tuple(SettledLine(name, 1, 1) for name in chosen.sample(PRODUCTS, 2))
    reason = "not enough stock" if status is OrderStatus.REJECTED else None
    event_id, order_id = new_order_id(), new_order_id()
    return Notice(order_id, USER, lines, moment, status, reason, event_id=event_id, seq=seq, occurred_at=moment)


async def _measure(folder: Path, seconds: float) -> None:
    began, at_first = time.perf_counter(), _memory()
    async with a_page(NotificationsTab, folder, Profile("alice", USER, "#0b5cad")) as tab:
        await until(lambda: _is_drawn(tab, 0))
        _say("open", _ms(began))
        middle = tab.view.verticalScrollBar().maximum() // 2
        began = time.perf_counter()
        tab.view.verticalScrollBar().setValue(middle)
        await until(lambda: _is_drawn(tab, tab.view.rowAt(5)))
        _say("scroll to the middle", _ms(began))
        for text in TYPED:
            await _filter(tab, text)
        tab.strip.search.clear()
        await until(lambda: tab.finder.query.is_all)
        await _listen(tab, seconds)
        _say("memory", f"{_memory():,.0f} MB, of which {at_first:,.0f} MB before the window")


async def _filter(tab: NotificationsTab, text: str) -> None:
    """From the last key to the rows being there; then until the scroll bar knows how many there are."""
    shown: list[float] = []
    tab.notices.modelReset.connect(lambda: shown.append(time.perf_counter()))
    began = time.perf_counter()
    tab.strip.search.setText(text)
    await until(lambda: shown and (not tab.notices.rowCount() or _is_drawn(tab, 0)))
    first = _ms(began)
    words = tab.finder.query.words
    expected = len(await asyncio.wrap_future(tab.finder.ask(lambda store: store.find_notices(tab.finder.query))))
    await until(lambda: tab.notices.rowCount() == expected and tab.finder.query.words == words)
    _say(f"filter {text!r}", f"{first}, {expected:,} found")
    tab.notices.modelReset.disconnect()


async def _listen(tab: NotificationsTab, seconds: float) -> None:
    """A thousand a second into the history, as they come from RabbitMQ; the longest gap of the window's loop."""
    tab.start()
    chosen, seq, gaps = random.Random(2), tab.notices.rowCount(), [0.0]
    began = last = told = time.perf_counter()
    while (present := time.perf_counter()) - began < seconds:
        gaps.append(present - last)
        last = present
        if present - told >= 0.02:
            count, told = int((present - told) * 1000), present
            notices = [_notice(chosen, seq + n, now()) for n in range(1, count + 1)]
            seq += count
            tab.session.history.apply(notices, missed=False)
            last = time.perf_counter()  # making them is not the window's work
        await asyncio.sleep(0.001)
    await until(lambda: tab.notices.rowCount() >= seq or tab.live.held)
    _say("longest gap while 1,000/s arrive", f"{max(gaps) * 1000:.0f} ms")


def _is_drawn(tab: NotificationsTab, row: int) -> bool:
    return row >= 0 and tab.view.rows.index(row, 0).data() is not None


def _ms(began: float) -> str:
    return f"{(time.perf_counter() - began) * 1000:,.0f} ms"


def _memory() -> float:
    """What this process holds in memory, in MB; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if statm.exists() else 0.0


def _say(what: str, figure: str) -> None:
    sys.stdout.write(f"  {what:36} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
