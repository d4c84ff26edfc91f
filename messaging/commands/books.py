"""What the commands on the warehouse's books share."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from messaging.commands.terminal import say
from messaging.errors import StoreRefused
from messaging.phrases import phrase
from messaging.settings import Settings
from messaging.texts import printable
from messaging.warehouse.store import WarehouseStore

LOG = logging.getLogger(__name__)


@contextmanager
def opened(settings: Settings) -> Iterator[WarehouseStore]:
    """Raises StoreRefused also where the books hold what no Order Desk has written."""
    store = WarehouseStore(settings.database_url).open()
    try:
        yield store
    except (ValueError, msgspec.MsgspecError) as error:  # from reading a row: what a user types is checked before
        LOG.exception("the books hold something odd")
        what = printable(" ".join(str(error).split()))[:120]
        raise StoreRefused(
            phrase(f"The books are damaged: {what}; see `audit`, or bring back a copy. The log has the details.")
        ) from error
    finally:
        store.close()


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> None:
    """Columns as wide as their longest cell; those in `right` are flush right."""
    texts = [[printable(str(cell)) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head))]
    for row in texts:
        cells = [c.rjust(widths[i]) if i in right else c.ljust(widths[i]) for i, c in enumerate(row)]
        say("  ".join(cells).rstrip())
