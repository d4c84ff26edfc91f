"""Which books these are: an id that is made with them, and a new one each time they replace other books."""

import uuid_utils.compat
from msgspec import Struct
from sqlalchemy import Connection, insert, select

from messaging.domain.orders import now
from messaging.warehouse.store.database.schema import counters, identity

MOST_REPLACED = 16  # ids that are sent; a client that knows none of them begins anew
LONGEST = 64  # characters of an id: a longer one in a record at the broker was never sent


class BooksIdentity(Struct, frozen=True):
    """`replaces`: ids of the books that these have replaced, newest first, with blanks between; `seq`: the number of
    the last event in the books."""

    id: str = ""
    made_at: str = ""
    replaces: str = ""
    seq: int = 0


NO_IDENTITY = BooksIdentity()


def read(connection: Connection) -> BooksIdentity:
    rows = connection.execute(select(identity).order_by(identity.c.number.desc())).all()
    seq = int(connection.scalar(select(counters.c.events)) or 0)
    if not rows:
        return BooksIdentity(seq=seq)  # as books of before
    before = [one for row in rows for one in (*row.replaces.split(), row.id)]
    replaced = [one for one in dict.fromkeys(before) if one != rows[0].id and len(one) <= LONGEST]
    return BooksIdentity(rows[0].id, rows[0].made_at, " ".join(replaced[:MOST_REPLACED]), seq)


def renew(connection: Connection, replaced: str) -> BooksIdentity:
    """Give these books a new id, which replaces the ids in `replaced`: event numbers of theirs do not count here."""
    values = {"id": str(uuid_utils.compat.uuid4()), "made_at": now(), "replaces": replaced}
    connection.execute(insert(identity).values(values))
    return read(connection)
