"""Opening the warehouse's books and printing tables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from messaging.commands.support.terminal import print_line, print_upgrade
from messaging.runtime.settings import Settings
from messaging.texts import printable
from messaging.warehouse.store.warehouse_store import WarehouseStore


@contextmanager
def opened(settings: Settings) -> Iterator[WarehouseStore]:
    store = WarehouseStore(settings.database_url, print_upgrade).open()
    try:
        yield store
    finally:
        store.close()


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> None:
    """Columns as wide as their longest cell; those in `right` are flush right."""
    texts = [[printable(str(cell)) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head))]
    for row in texts:
        cells = [c.rjust(widths[i]) if i in right else c.ljust(widths[i]) for i, c in enumerate(row)]
        print_line("  ".join(cells).rstrip())
