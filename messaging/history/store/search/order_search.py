"""What a search for orders asks for, and its SQL: the table is scanned, 100,000 orders in a tenth of a second."""

from enum import StrEnum

from msgspec import Struct

from messaging.history.records import OrderState
from messaging.history.store.database.database_file import place_holders
from messaging.history.store.search.search_terms import BEHIND_USER, Field, Word, order_condition, pieces_of

PRODUCTS = f"substr(words, instr(words, lower({BEHIND_USER})) + length({BEHIND_USER}))"  # they stand last
LONGEST_NUMBER = 9  # figures; longer ones are ids


class OrderSort(StrEnum):
    NEWEST = "number DESC"
    OLDEST = "number ASC"
    STATE = "state ASC, number DESC"
    STATE_DOWN = "state DESC, number DESC"
    TOTAL = "ifnull(total, 0) ASC, number DESC"
    TOTAL_DOWN = "ifnull(total, 0) DESC, number DESC"


class OrderQuery(Struct, frozen=True):
    """All of it must hold: one of the states (none: any), the words, and when it was placed, in ISO 8601."""

    words: tuple[Word, ...] = ()
    states: tuple[OrderState, ...] = ()
    sort: OrderSort = OrderSort.NEWEST
    since: str = ""
    until: str = ""

    @property
    def is_all(self) -> bool:
        return not (any(word.ways for word in self.words) or self.states or self.since or self.until)


def condition(query: OrderQuery) -> tuple[str, tuple[str | int, ...]]:
    """SQL for WHERE over the table `orders`, and its values."""
    parts, values = ["1"], list[str | int]()
    if query.states:
        parts.append(f"state IN ({place_holders(len(query.states))})")
        values += [state.value for state in query.states]
    for moment, comparison in ((query.since, ">="), (query.until, "<")):
        if moment:
            parts.append(f"placed_at {comparison} ?")
            values.append(moment)
    for word in (word for word in query.words if word.ways):
        ways = [_condition(way) for way in word.ways]
        parts.append(f"{'NOT ' * word.without}({' OR '.join(sql for sql, _ in ways)})")
        values += [value for _, more in ways for value in more]
    return " AND ".join(parts), tuple(values)


def _condition(way: Word) -> tuple[str, list[str | int]]:
    if way.field is Field.ORDER:
        return _order_condition(way)
    pieces = pieces_of(way.text) if way.field is not Field.STATE else []
    where = PRODUCTS if way.field is Field.PRODUCT else "words"
    text = " AND ".join([f"instr({where}, ?) > 0"] * len(pieces)) or "0"
    states = way.meant_of(OrderState)
    return f"({text} OR state IN ({place_holders(len(states))}))", [*pieces, *(state.value for state in states)]


def _order_condition(way: Word) -> tuple[str, list[str | int]]:
    """By its id, by its name in the file it was imported from, or by its number in the table."""
    by_id, values = order_condition(way)
    text = way.text.strip()
    number = int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
    return f"(number = ? OR label = ? COLLATE NOCASE OR {by_id})", [number, text, *values]
