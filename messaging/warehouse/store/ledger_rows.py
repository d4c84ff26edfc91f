"""Rows of the stock ledger with the identity of the order that each was for."""

from typing import Any

from sqlalchemy import Row, Text, select, type_coerce

from messaging.contract.kept_words import kept_words
from messaging.warehouse.records import LedgerKind, LedgerRow
from messaging.warehouse.store.database.cells import Cell
from messaging.warehouse.store.database.schema import orders, stock_ledger

_identity = type_coerce(orders.c.identity, Cell(Text(), is_nullable=True)).label("identity")
LEDGER = select(stock_ledger, _identity).outerjoin(orders, orders.c.number == stock_ledger.c.order_number)


def ledger_row(row: Row[Any]) -> LedgerRow:
    """A row that `LEDGER` has found."""
    kind = LedgerKind(row.kind)
    reason = kept_words(row.reason, row.reason_message)
    return LedgerRow(row.row, row.name, row.on_hand, row.reserved, kind, reason, row.identity or "", row.at)
