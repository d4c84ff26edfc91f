"""`dead-letters`: messages that were set aside: list, show, send again, drop, restore."""

import argparse
from collections.abc import Callable

import msgspec

from messaging.bootstrap.checkout import typed
from messaging.broker.choose import running_broker
from messaging.broker.one_shot_publisher import OneShotPublisher
from messaging.broker.publisher import Receipt
from messaging.commands.support.books import opened, print_table
from messaging.commands.support.formatting import counted
from messaging.commands.support.numbers import positive
from messaging.commands.support.terminal import print_json, print_line
from messaging.errors import BrokerUnavailable, NotRoutable, UsageError, WrongMove
from messaging.phrases import phrase
from messaging.runtime.settings import Settings, add_arguments
from messaging.warehouse.dead_letters import NOT_TAKEN, UNKNOWN, not_taken
from messaging.warehouse.inbound import replays
from messaging.warehouse.records import SetAside, SetAsideState
from messaging.warehouse.store.warehouse_store import WarehouseStore

OPEN = (SetAsideState.KEPT, SetAsideState.REPLAYED)
MOST = 1_000_000


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("dead-letters", help="messages that could not be taken: look, replay, drop, undo")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, (work, help_text) in ACTIONS.items():
        action = actions.add_parser(name, help=help_text)
        if name == "list":
            action.add_argument("--all", action="store_true", help="also those dropped, or taken after a replay")
        else:
            action.add_argument("rows", nargs=1 if name == "show" else "+", type=positive, metavar="ROW")
        action.add_argument("--json", action="store_true")
        also = ("broker", "senders") if name == "replay" else ()
        add_arguments(action, *also, "database", "data_dir", "log_level")
        action.set_defaults(run=run, work=work)


def run(args: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as store:
        work: Action = args.work
        found = work(store, args, settings)
    if args.json:
        print_json([_plain(one) for one in found])
    elif args.action == "show":
        for line in _whole(found[0], settings.keep_dropped).split("\n"):
            print_line(line)
    elif found:
        rows = [(x.row, x.at[:19], x.state.value, x.queue, x.length, x.replays, x.reason) for x in found]
        head = ("row", "since (UTC)", "state", "queue", "bytes", "replays", "reason")
        print_table(head, rows, right=(0, 4, 5))
    else:
        print_line("Nothing is set aside.")
    return 0


def _list(store: WarehouseStore, args: argparse.Namespace, _settings: Settings) -> list[SetAside]:
    found = store.set_aside.page(state=None, limit=MOST, bodies=args.json)
    return [one for one in found if args.all or one.state in OPEN]


def _show(store: WarehouseStore, args: argparse.Namespace, _settings: Settings) -> list[SetAside]:
    found = store.set_aside.one(args.rows[0])
    if found is None:
        raise WrongMove(phrase("dead_letters.nothing_is_set_aside_under_number", rows=args.rows[0]))
    return [found]


def _drop(store: WarehouseStore, args: argparse.Namespace, _settings: Settings) -> list[SetAside]:
    return store.set_aside.drop(args.rows)


def _undo(store: WarehouseStore, args: argparse.Namespace, _settings: Settings) -> list[SetAside]:
    return store.set_aside.undo_drop(args.rows)


def _replay(store: WarehouseStore, args: argparse.Namespace, settings: Settings) -> list[SetAside]:
    """Connect first, so that nothing is marked as replayed that cannot be sent."""
    if len(set(args.rows)) < len(args.rows):
        raise UsageError(phrase("dead_letters.a_number_is_given_twice"))
    broker = running_broker(settings)
    if broker is None:
        raise BrokerUnavailable(phrase("dead_letters.rabbitmq_is_not_running_start_a", value=typed("messaging")))
    with OneShotPublisher(broker, settings, "warehouse replay") as publisher:
        begun = store.set_aside.begin_replay(args.rows, settings.senders == "vouched")
        receipts = dict(zip([x.row for x in begun], publisher.deliver([*map(replays.message, begun)]), strict=True))
    refused = not_taken(receipts)
    if refused:
        store.set_aside.replay_refused(refused)
        raise NotRoutable(phrase("dead_letters.str_not_taken", str=", ".join(map(str, refused)), not_taken=NOT_TAKEN))
    if Receipt.LOST in receipts.values():
        raise BrokerUnavailable(UNKNOWN)
    return begun


def _plain(one: SetAside) -> dict[str, object]:
    """The body as base64, and as text where it is text."""
    plain: dict[str, object] = msgspec.to_builtins(one, enc_hook=str)
    try:
        return plain | {"text": one.body.decode()}
    except UnicodeDecodeError:
        return plain


def _whole(one: SetAside, days: int) -> str:
    replays = counted(one.replays, "replay")
    head = f"Number {one.row}: {one.state.value} since {one.at[:19]} (UTC), from {one.queue}, {replays}"
    around = [f"  {name}: {value!r}" for table in (one.headers, one.properties) for name, value in table.items()]
    body = one.body.decode("utf-8", "backslashreplace")
    visible = "".join(sign if sign.isprintable() or sign == "\n" else f"\\x{ord(sign):02x}" for sign in body)
    cut = one.length - len(one.body)
    more = f"\n... {counted(cut, 'byte')} more, not kept" if cut > 0 else ""
    return "\n".join([head, one.reason, *_fate(one, days), *around, "", visible + more])


def _fate(one: SetAside, days: int) -> list[str]:
    """Lines on what became of the message, and until when it is kept."""
    taken = [f"Sent by {one.taken_by} as order {one.taken_as}"] if one.taken_as else []
    freed = one.freed_on(days)
    return [*taken, *([f"Kept until {freed}"] if freed else [])]


Action = Callable[[WarehouseStore, argparse.Namespace, Settings], list[SetAside]]
ACTIONS: dict[str, tuple[Action, str]] = {
    "list": (_list, "what is set aside, newest first"),
    "show": (_show, "one message whole: reason, headers, bytes"),
    "replay": (_replay, "send them again to the step that failed"),
    "drop": (_drop, "they are of no use; can be undone"),
    "undo": (_undo, "bring dropped ones back"),
}
