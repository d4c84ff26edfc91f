"""`listen`: prints notices (client_consumer.py of the original contract), each once, since this listener's last
line."""

import argparse
import re
import select
import sys
import threading
import time
from functools import partial

from messaging.broker.choose import broker_for
from messaging.commands.support import serving
from messaging.commands.support.formatting import lines_in_words
from messaging.commands.support.terminal import json_text, print_line, print_upgrade
from messaging.errors import StoreUnavailable, UsageError
from messaging.history.history import History
from messaging.history.records import StoredNotice
from messaging.history.store.history_store import HistoryStore
from messaging.notifications.service import NotificationsService
from messaging.phrases import phrase
from messaging.runtime.profiles import Profile, Profiles
from messaging.runtime.settings import Settings, add_arguments
from messaging.telemetry.metrics import Metrics
from messaging.telemetry.reporting import reporting

EVERYONE = Profile("everyone", "everyone", "")
NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
POLL = 0.5  # seconds between two polls for the end, and for a reader that has gone
AT_ONCE = 500  # notices read and printed before the position is written
HELP = """Prints everything that has come since this listener's last line, once and in order, whichever window or
command of the same user heard it first. A listener's first start prints all that the history holds, and what was
missed. What was printed just before a kill may be printed again."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("listen", help="print what becomes of a user's orders", description=HELP)
    parser.add_argument("--user", metavar="NAME", help="whose notices")
    parser.add_argument("--all", action="store_true", help="everybody's notices, as an operator")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--name",
        metavar="LISTENER",
        default="default",
        help="which listener this is: each name has a position of its own (default: %(default)s)",
    )
    add_arguments(parser, "broker", "data_dir", "rabbitmq_server", "heartbeat", "log_level")
    parser.set_defaults(run=run)


class Waker(serving.Watcher):
    """Sets `came` when the history has new notices."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Event()

    def notices_arrived(self, notices: list[StoredNotice]) -> None:
        self.came.set()


class NoticePrinter:
    """Prints one listener's notices from the history, in this thread."""

    def __init__(self, history: History, listener: str, *, json: bool, everyone: bool) -> None:
        self._history, self._listener = history, listener
        self._json, self._everyone = json, everyone
        self._row: int | None = None

    def print_new(self) -> None:
        """The position is written after the lines: a kill repeats them rather than lose one.

        Raises BrokenPipeError where whoever read them has gone, StoreUnavailable where the history cannot be used.
        """
        if self._row is None:
            self._row = self._history.ask(lambda store: store.listeners.read_to(self._listener)).result()
        while notices := self._history.ask(partial(_after, self._row)).result():
            for kept in notices:
                print_line(json_text(kept.notice) if self._json else self._words(kept))
            sys.stdout.flush()
            self._row = notices[-1].row
            self._history.ask(partial(_note, self._listener, self._row)).result()

    def _words(self, kept: StoredNotice) -> str:
        notice = kept.notice
        who = f"{notice.user_id}  " if self._everyone else ""
        missed = "  [while you were away]" if kept.missed else ""
        reason = f"  ({notice.reason})" if notice.reason else ""
        return f"{notice.status:11} {who}{notice.order_id}  {lines_in_words(notice.lines)}{reason}{missed}"


def run(args: argparse.Namespace, settings: Settings) -> int:
    if bool(args.user) == args.all:
        raise UsageError(phrase("listen.say_whose_notices_user_name_or"))
    if not NAME.fullmatch(args.name):
        raise UsageError(phrase("listen.name_takes_1_to_40_letters"))
    profile = EVERYONE if args.all else Profiles(settings.folder).named(args.user)
    path = settings.folder.history(profile.user_id)
    with History(path, profile.user_id, print_upgrade) as history, broker_for(settings) as broker:
        waker, metrics = Waker(), Metrics()
        printer = NoticePrinter(history, args.name, json=args.json, everyone=args.all)
        service = NotificationsService(profile, history, broker, settings, waker, everyone=args.all, metrics=metrics)
        with reporting(metrics.snapshot, settings.folder, "listen"), serving.serving(service) as ended:
            _print_until_told_to_stop(printer, waker, ended)
    return 0


def _print_until_told_to_stop(printer: NoticePrinter, waker: Waker, ended: threading.Event) -> None:
    serving.stop_sets(ended)
    waker.came.set()
    while not ended.is_set():
        if waker.came.wait(POLL):
            waker.came.clear()
            _print(printer, waker)
        if _reader_has_gone():
            raise BrokenPipeError


def _print(printer: NoticePrinter, waker: Waker) -> None:
    try:
        printer.print_new()
    except StoreUnavailable as error:  # the operator may repair it while this listens
        waker.failed(error)
        time.sleep(POLL)
        waker.came.set()


def _reader_has_gone() -> bool:
    """Whether nobody reads the pipe any more; known before the next line only where the system can say so."""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _after(row: int, store: HistoryStore) -> list[StoredNotice]:
    return store.notices.after(row, AT_ONCE)


def _note(listener: str, row: int, store: HistoryStore) -> None:
    store.listeners.set_read_to(listener, row)
