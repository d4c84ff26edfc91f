"""Whatever stands in a cell of a history: it is used, or refused in plain words that name the cell."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from messaging.commands import main
from messaging.domain.orders import OrderStatus
from messaging.domain.stock import StockLevel
from messaging.errors import OrderDeskError
from messaging.history.history import History
from messaging.history.store.database import schema
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.saved_views import SavedView
from messaging.history.store.search.notice_search import NoticeQuery
from messaging.history.store.search.order_search import OrderQuery
from messaging.runtime.settings import Settings
from tests.helpers.stores import place_orders
from tests.unit.messaging.history.conftest import USER, a_notice, an_order

ODD = ["x'6cff80'", "CAST(x'ff' AS TEXT)", "'odd'", "7", "NULL", str(2**63 - 1), str(-(2**63)), "1e400",
       f"'{'9' * 5000}'", "CAST(x'6100ff62' AS TEXT)"]  # fmt: skip
SHARE = 5
NOT_OURS = re.compile(
    r"bug|traceback|sqlite|msgspec|decode|overflow|not supported|object|NoneType|Error|datatype|constraint|literal",
    re.IGNORECASE,
)
ORDER = an_order("laptop")
WORK: list[Callable[[HistoryStore], object]] = [
    lambda store: store.standing(),
    lambda store: store.counts(),
    lambda store: store.changes(0)[1:3],
    lambda store: store.notices.unread_missed(),
    lambda store: store.notices.after(0, 10),
    lambda store: store.notices.of_order(ORDER.identity),
    lambda store: store.notices.headers(1),
    lambda store: list(store.notices.find(NoticeQuery(unread=True))),
    lambda store: store.notices.at([1]),
    lambda store: list(store.orders.find(OrderQuery())),
    lambda store: store.orders.at([1]),
    lambda store: store.orders.beginning("", 10),
    lambda store: store.orders.one(ORDER.identity),
    lambda store: store.resending.accepted(),
    lambda store: store.listeners.read_to("alice"),
    lambda store: store.listeners.set_read_to("alice", 1),
    lambda store: store.draft.load(),
    lambda store: store.catalogue(),
    lambda store: store.views.of("orders"),
    lambda store: store.books.followed("b"),
    lambda store: store.books.caught_up_to(),
    lambda store: store.outbox.owed(10),
    lambda store: store.outbox.claim("x", 10, 1.0),
    lambda store: store.notices.apply([a_notice(ORDER, OrderStatus.SHIPPED, 2)], missed=False),
    lambda store: place_orders(store, [("", an_order("webcam"))]),
    lambda store: store.outbox.place_cancel(ORDER.identity),
    lambda store: store.resending.send_again([ORDER.identity]),
    lambda store: store.notices.mark_read(),
    lambda store: store.resending.meet_broker("other"),
]


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A history with a row in each table, the tables of which take anything."""
    path = tmp_path_factory.mktemp("history") / "h.sqlite"
    with closing(HistoryStore(path, USER)) as store:
        place_orders(store, [("label", ORDER)])
        store.notices.apply([a_notice(ORDER, OrderStatus.PROCESSED, 1)], missed=False, headers=['{"a": 1}'])
        place_orders(store, [("", an_order("webcam"))])
        store.draft.save([("laptop", 1)])
        store.save_catalogue([StockLevel("laptop", 1, 1, 0, 0, 0)])
        store.views.save("orders", SavedView("mine", "a"))
        store.books.follow("b", "books")
        store.listeners.set_read_to("alice", 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in schema.TABLES:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            keys = {name for _, name, *_, key in columns if key}
            drawn = {name for _, name, kind, *_, key in columns if key and kind == "INTEGER"}
            unique = keys | {"identity" if table == "orders" else "event_id"}
            given = [
                f'"{name}" INTEGER PRIMARY KEY' if name in drawn else f'"{name}" UNIQUE' if name in unique
                else f'"{name}" DEFAULT {default}'
                for _, name, _, _, default, _ in columns
            ]  # fmt: skip
            connection.execute(f"CREATE TABLE loose ({', '.join(given)})")
            connection.execute(f"INSERT INTO loose SELECT * FROM {table}")
            connection.execute(f"DROP TABLE {table}")
            connection.execute(f"ALTER TABLE loose RENAME TO {table}")
    return path.read_bytes()


def _cells(path: Path) -> list[tuple[str, str, int]]:
    """Table, column, row: of the marks every row."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            (table, column[1], row)
            for table in schema.TABLES
            for column in connection.execute(f"PRAGMA table_info({table})").fetchall()
            for (row,) in connection.execute(f"SELECT rowid FROM {table}").fetchall()
            if column[1] != "key"
        ]


@pytest.mark.parametrize("value", ODD, ids=lambda value: value[:24])
def test_it_is_used_or_the_cell_is_named(loose: bytes, value: str, tmp_path: Path) -> None:
    """Each kind in each cell; of what is asked each kind is asked one part, the next kind the next one."""
    path = tmp_path / "h.sqlite"
    part = range(ODD.index(value) % SHARE, len(WORK), SHARE)
    path.write_bytes(loose)
    for cell in _cells(path):
        path.write_bytes(loose)
        with closing(sqlite3.connect(path)) as connection, connection:
            try:
                connection.execute(f'UPDATE {cell[0]} SET "{cell[1]}" = {value} WHERE rowid = {cell[2]}')
            except sqlite3.IntegrityError:
                continue  # a number that the database draws can be nothing else
        with History(path, USER) as history:
            for nth in part:
                said = _said(history, WORK[nth], (cell, nth))
                assert not NOT_OURS.search(said.replace("h.sqlite", "")), (cell, nth, said)
                assert len(said) < 400
        for rest in tmp_path.glob("h.sqlite-*"):
            rest.unlink()


def _said(history: History, work: Callable[[HistoryStore], object], which: object) -> str:
    """Empty where it could be done; what it gives is what it should be."""
    try:
        msgspec.json.encode(history.ask(work).result(), enc_hook=str)
    except OrderDeskError as error:
        return str(error)
    except Exception as error:
        raise AssertionError(which) from error
    return ""


NAMED = {
    "UPDATE orders SET reason = x'6cff80'": "table orders, number 1, column reason",
    "UPDATE orders SET state = 'odd'": "table orders, number 1, column state",
    "UPDATE orders SET total = '7'": "table orders, number 1, column total",
    "UPDATE orders SET body = 'odd'": "table orders, number 1, column body",
    "UPDATE notices SET received_at = NULL": "table notices, row 1, column received_at",
    "UPDATE notices SET body = x'ff'": "table notices, row 1, column body",
    "UPDATE outbox SET body = NULL": "table outbox, row 2, column body",
    "UPDATE marks SET value = x'5b' WHERE key = 'draft'": "table marks, key draft, column value",
    "UPDATE marks SET value = 'odd' WHERE key = 'version'": "table marks, key version, column value",
}


@pytest.mark.parametrize("change", NAMED)
def test_the_cell_is_named(loose: bytes, change: str, tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    path.write_bytes(loose)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    with History(path, USER) as history:
        said = [_said(history, work, nth) for nth, work in enumerate(WORK)]
    assert any(NAMED[change] in one for one in said), sorted(said)[-3:]


@pytest.mark.parametrize("change", NAMED)
def test_commands_say_it_in_a_line(
    loose: bytes, change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    histories = Settings(data_dir=str(tmp_path)).folder.histories
    histories.mkdir(parents=True)
    (histories / f"{USER}.sqlite").write_bytes(loose)
    with closing(sqlite3.connect(histories / f"{USER}.sqlite")) as connection, connection:
        connection.execute(change)
    assert main(["metrics", "--data-dir", str(tmp_path)]) in (0, 1)
    assert not NOT_OURS.search(capsys.readouterr().err.replace(".sqlite", ""))
