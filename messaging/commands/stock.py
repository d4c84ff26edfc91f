"""`stock`: lists the stock, or imports a catalogue."""

import argparse
from pathlib import Path

from messaging.commands.support.books import opened, print_table
from messaging.commands.support.formatting import counted, money, print_left_out, print_wrong_rows, wrong_rows
from messaging.commands.support.terminal import print_json, print_line
from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.runtime.settings import Settings, add_arguments
from messaging.warehouse.catalogue_csv import read_catalogue_csv
from messaging.warehouse.store.warehouse_store import WarehouseStore


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("stock", help="show the stock, or import a catalogue")
    parser.add_argument("--import", dest="catalogue", type=Path, metavar="CATALOGUE.csv", help="rows name,price,stock")
    parser.add_argument("--json", action="store_true")
    add_arguments(parser, "database", "data_dir", "log_level")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as store:
        if args.catalogue:
            return _import(store, args.catalogue)
        levels = store.stock.levels()
    if args.json:
        print_json([{**{k: getattr(x, k) for k in x.__struct_fields__}, "free": x.free} for x in levels])
        return 0
    levels.sort(key=lambda x: x.withdrawn)
    rows = [
        (f"{x.name} (withdrawn)" if x.withdrawn else x.name, money(x.price), x.on_hand, x.reserved, x.free, x.waiting)
        for x in levels
    ]
    print_table(("product", "price", "on hand", "reserved", "free", "waiting"), rows, right=(1, 2, 3, 4, 5))
    return 0


def _import(store: WarehouseStore, path: Path) -> int:
    """Import the right rows; the exit code is 1 where one is left out."""
    read = read_catalogue_csv(path)
    print_wrong_rows(path.name, read.note, read.errors)
    if read.errors and not read.rows:
        raise UsageError(phrase("stock.has_nothing_changed", name=path.name, errors=wrong_rows(len(read.errors))))
    done = store.stock.import_catalogue(read.rows)
    print_wrong_rows(path.name, "", done.errors)
    print_line(f"{counted(len(read.rows), 'product')} read: {done.added:,} new, {done.changed:,} changed.")
    if done.withdrawn:
        print_line(f"Withdrawn, and not offered again by this: {', '.join(done.withdrawn)}.")
    left_out = len(read.errors) + len(done.errors)
    print_left_out(path.name, left_out)
    return 1 if left_out else 0
