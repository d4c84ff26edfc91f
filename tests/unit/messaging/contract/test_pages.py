"""Nothing that is told is larger than its readers take."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.client.stock_pages import StockPages
from messaging.contract.codec import MAX_BYTES, Inventory, encode, encode_many, read_notice, read_order
from messaging.contract.pages import LEAST, NoticePage, level_pages, shortened
from messaging.domain.notices import Notice
from messaging.domain.orders import MAX_LINES, MAX_QUANTITY, OnShortage, Order, OrderStatus, new_order_id, now
from messaging.domain.stock import StockLevel, reserve
from messaging.phrases import SEPARATOR

USER = "11111111-1111-4111-8111-111111111111"


def largest_order(sign: str = "\N{PILE OF POO}", lines: int = MAX_LINES) -> Order:
    """As many lines as an order may have, with names as long as they may be."""
    names = [f"{n:03}{sign * 125}" for n in range(lines)]
    order = {
        "order_id": new_order_id(),
        "user_id": USER,
        "order": [{"name": name, "quantity": MAX_QUANTITY} for name in names],
        "created_at": now(),
        "on_shortage": OnShortage.PARTIAL,
    }
    return read_order(msgspec.json.encode(order))


def notice_of(order: Order, reason: str | None = None) -> Notice:
    """Everything is short by one unit."""
    outcome = reserve(order, {line.name: line.quantity - 1 for line in order.lines})
    seq, at = 2**63 - 1, now()
    return Notice(
        order.order_id,
        order.user_id,
        outcome.lines,
        order.created_at,
        outcome.status,
        reason or outcome.reason,
        order.on_shortage,
        new_order_id(),
        seq,
        at,
    )


@pytest.mark.parametrize("sign", ["\N{PILE OF POO}", '"', "\\", "x"])
def test_the_notice_of_the_largest_order_is_read_by_whoever_may_place_it(sign: str) -> None:
    whole = notice_of(largest_order(sign))
    told = shortened(whole)
    assert len(encode(told)) <= MAX_BYTES
    assert read_notice(encode(told)) == told
    assert msgspec.structs.replace(told, reason=whole.reason) == whole  # the lines and all else are as they were
    assert told.reason is not None
    assert whole.reason is not None
    *kept, more = told.reason.split(SEPARATOR) if told.reason != whole.reason else [*whole.reason.split(SEPARATOR), ""]
    assert kept == whole.reason.split(SEPARATOR)[: len(kept)]
    assert more in ("", f"and {MAX_LINES - len(kept)} more")


@given(st.integers(LEAST, MAX_BYTES), st.integers(1, MAX_LINES), st.text(max_size=2_000))
def test_a_notice_has_no_more_bytes_than_are_taken(limit: int, lines: int, reason: str) -> None:
    told = shortened(notice_of(largest_order(lines=lines), reason), limit)
    assert len(encode(told)) <= limit
    assert told.lines == () or len(told.lines) == lines


def test_what_is_small_is_told_as_it_is() -> None:
    small = notice_of(largest_order(lines=1))
    assert shortened(small) is small


@given(st.integers(LEAST, 20_000), st.lists(st.integers(1, 12), max_size=30))
def test_a_page_of_notices_has_no_more_bytes_and_at_least_one(limit: int, sizes: list[int]) -> None:
    notices, pages = [notice_of(largest_order(lines=n)) for n in sizes], [NoticePage(limit)]
    for notice in notices:
        if not pages[-1].add(notice):
            pages.append(NoticePage(limit))
            assert pages[-1].add(notice)
    assert all(len(encode_many(page.notices)) <= limit for page in pages)
    assert [one.event_id for page in pages for one in page.notices] == [one.event_id for one in notices]


levels = st.builds(StockLevel, st.text("ab\N{PILE OF POO}", min_size=1, max_size=128), st.integers(0, 9), st.just(1))


@given(st.lists(levels, max_size=60, unique_by=lambda level: level.name), st.integers(LEAST, 6_000))
def test_a_catalogue_in_pages_is_put_together_again(found: list[StockLevel], limit: int) -> None:
    pages = level_pages(found, limit)
    assert [level for page in pages for level in page] == found
    assert all(len(encode(Inventory(page, full=True, more=True))) <= limit for page in pages)
    gathered = StockPages()
    messages = [Inventory(page, n == 1, more=n < len(pages)) for n, page in enumerate(pages, start=1)]
    *shown, last = [gathered.add(message) for message in messages]
    assert not any(shown)
    assert last == Inventory(tuple(found), full=True)


def test_of_stock_that_only_changes_nothing_is_held_back() -> None:
    change = Inventory((StockLevel("a", 1, 1),))
    assert StockPages().add(change) == change
    gathered = StockPages()
    assert gathered.add(Inventory((StockLevel("a", 1, 1),), full=True, more=True)) is None
    again = Inventory((StockLevel("b", 1, 1),), full=True)
    assert gathered.add(again) == again  # the rest of the first one never came
    assert gathered.add(change) == change


def test_an_order_that_is_told_without_its_lines_says_so() -> None:
    told = shortened(notice_of(largest_order()), 20_000)
    assert told.lines == ()
    assert told.reason == "Its lines are left out: RabbitMQ takes at most 20,000 bytes."
    assert told.status is OrderStatus.BACKORDERED
