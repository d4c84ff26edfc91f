"""How notices are taken along."""

from collections.abc import Sequence

from desktop.shared.taking import Kind
from messaging.history.export import NOTICE_HEADER, Export
from messaging.history.records import KeptNotice
from messaging.history.store import HistoryStore


def in_order(store: HistoryStore, numbers: Sequence[int]) -> list[KeptNotice]:
    found = {kept.row: kept for kept in store.notices_at(numbers)}
    return [found[number] for number in numbers if number in found]


TAKEN: Kind[KeptNotice] = Kind(NOTICE_HEADER, in_order, Export.add_notices)
