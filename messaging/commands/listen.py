"""`listen`: the seed's client_consumer; what was missed comes first, each notice once."""

import argparse
import sys

from messaging.broker.choose import broker_for
from messaging.commands import serving
from messaging.commands.words import lines_in_words
from messaging.errors import UsageError
from messaging.history.history import History
from messaging.history.records import KeptNotice
from messaging.metrics import Metrics
from messaging.notifications.desk import NotificationsDesk
from messaging.phrases import phrase
from messaging.profiles import Profile, Profiles
from messaging.reporting import reporting
from messaging.settings import Settings, add_arguments
from messaging.wire import encode

EVERYONE = Profile("everyone", "everyone", "")


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("listen", help="print what becomes of a user's orders")
    parser.add_argument("--user", metavar="NAME", help="whose notices")
    parser.add_argument("--all", action="store_true", help="everybody's notices, as an operator")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_arguments(parser, "broker", "data_dir", "rabbitmq_server", "heartbeat", "log_level")
    parser.set_defaults(run=run)


class Printer(serving.Watcher):
    def __init__(self, json: bool, everyone: bool) -> None:
        super().__init__()
        self._json, self._everyone = json, everyone

    def notices_arrived(self, notices: list[KeptNotice]) -> None:
        for kept in notices:
            print(encode(kept.notice).decode() if self._json else self._words(kept))
        sys.stdout.flush()

    def _words(self, kept: KeptNotice) -> str:
        notice = kept.notice
        who = f"{notice.user_id}  " if self._everyone else ""
        missed = "  [while you were away]" if kept.missed else ""
        reason = f"  ({notice.reason})" if notice.reason else ""
        return f"{notice.status:11} {who}{notice.order_id}  {lines_in_words(notice.lines)}{reason}{missed}"


def run(args: argparse.Namespace, settings: Settings) -> int:
    if bool(args.user) == args.all:
        raise UsageError(phrase("Say whose notices: --user NAME, or --all for everybody's."))
    profile = EVERYONE if args.all else Profiles(settings.folder).named(args.user)
    path = settings.folder.history(profile.user_id)
    with History(path, profile.user_id) as history, broker_for(settings) as broker:
        printer, metrics = Printer(args.json, args.all), Metrics()
        desk = NotificationsDesk(profile, history, broker, settings, printer, everyone=args.all, metrics=metrics)
        with reporting(metrics.snapshot, settings.folder, "listen"), serving.serving(desk):
            serving.until_told_to_stop()
    return 0
