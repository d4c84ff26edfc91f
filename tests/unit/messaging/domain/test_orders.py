from collections.abc import Sequence
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.domain.notices import derived_event_id
from messaging.domain.orders import (
    MAX_LINES,
    MAX_QUANTITY,
    TRANSITIONS,
    OnShortage,
    Order,
    OrderStatus,
    imported_order_id,
    new_order,
    new_order_id,
    order_id_in,
)
from messaging.domain.stock import DecidedLine, Outcome, StockLevel, reserve, total_of
from messaging.errors import WrongOrder

USER = "4b0d4a7e-7d3c-4b44-9d1b-0f6c6a4d8a11"
FREE = {"laptop": 3, "webcam": 1}


def order(*lines: tuple[str, int], on_shortage: OnShortage = OnShortage.REJECT) -> Order:
    return new_order(USER, lines, on_shortage)


# --- identity


def test_the_identity_is_user_and_id_and_a_number_needs_the_time() -> None:
    ours = order(("laptop", 1))
    assert ours.identity == f"{USER}/{ours.order_id}"
    assert msgspec.structs.replace(ours, order_id=1, user_id=7, created_at="t/u").identity == "7/1/t/u"


def test_the_id_is_found_in_the_identity() -> None:
    ours = order(("laptop", 1))
    assert order_id_in(ours.identity) == ours.order_id
    assert order_id_in(str(ours.order_id)) == ours.order_id  # as older programs send it
    assert order_id_in("7/1/t/u") == "1"
    assert order_id_in("") == ""


def test_the_digest_is_over_what_is_asked_for_and_not_over_when() -> None:
    one = order(("laptop", 1))
    assert msgspec.structs.replace(one, created_at="later", status="x").digest == one.digest
    for other in (order(("laptop", 2)), order(("webcam", 1)), order(("laptop", 1), on_shortage=OnShortage.WAIT)):
        assert other.digest != one.digest
    assert msgspec.structs.replace(one, user_id="other").digest != one.digest


def test_new_ids_are_uuids_that_sort_by_time() -> None:
    ids = [new_order_id() for _ in range(100)]
    assert ids == sorted(ids)
    assert {UUID(one).version for one in ids} == {7}


def test_a_label_always_gives_the_same_id_for_its_user() -> None:
    assert imported_order_id(USER, "a") == imported_order_id(USER, "a")
    assert imported_order_id(USER, "a") != imported_order_id(USER, "b")
    assert imported_order_id(USER, "a") != imported_order_id(USER.replace("4", "5"), "a")


def test_the_same_fact_always_gets_the_same_event_id() -> None:
    assert derived_event_id("i", "processed") == derived_event_id("i", "processed")
    assert derived_event_id("i", "processed") != derived_event_id("i", "shipped")


# --- what is an order


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "at least one line"),
        ([("laptop", 1)] * (MAX_LINES + 1), "split it"),
        ([("", 1)], "not a product name"),
        ([(" ", 1)], "not a product name"),
        ([("x" * 129, 1)], "not a product name"),
        ([("a\x1bb", 1)], "not a product name"),
        ([("a\nb", 1)], "not a product name"),
        ([("a\u202eb", 1)], "not a product name"),
        ([("a\ud800", 1)], "not a product name"),
        ([("laptop", 0)], "Quantity of laptop"),
        ([("laptop", -1)], "Quantity of laptop"),
        ([("laptop", MAX_QUANTITY + 1)], "Quantity of laptop"),
        ([("laptop", True)], "Quantity of laptop"),
        ([("laptop", 1.0)], "Quantity of laptop"),
    ],
)
def test_what_the_warehouse_would_refuse_is_refused_before_it_is_placed(
    lines: Sequence[tuple[str, int]], words: str
) -> None:
    with pytest.raises(WrongOrder, match=words):
        new_order(USER, lines)


def test_names_are_taken_without_the_space_around_them() -> None:
    assert order((" laptop ", 1)).needs() == {"laptop": 1}


def test_a_product_on_two_lines_is_one_need() -> None:
    assert order(("laptop", 1), ("webcam", 1), ("laptop", 2)).needs() == {"laptop": 3, "webcam": 1}


def test_the_life_cycle_knows_every_state_and_its_ends() -> None:
    assert set(TRANSITIONS) == set(OrderStatus)
    ends = {state for state, following in TRANSITIONS.items() if not following}
    assert ends == {OrderStatus.REJECTED, OrderStatus.CANCELLED, OrderStatus.RETURNED}


# --- the reservation rule


def decided(*lines: tuple[str, int], on_shortage: OnShortage = OnShortage.REJECT) -> Outcome:
    return reserve(order(*lines, on_shortage=on_shortage), FREE)


def test_what_is_free_is_reserved() -> None:
    outcome = decided(("laptop", 2), ("webcam", 1))
    assert (outcome.status, outcome.reason, outcome.taken()) == (
        OrderStatus.PROCESSED,
        None,
        {"laptop": 2, "webcam": 1},
    )


def test_one_short_line_refuses_the_whole_order_and_says_which() -> None:
    outcome = decided(("laptop", 2), ("webcam", 5))
    assert (outcome.status, outcome.taken()) == (OrderStatus.REJECTED, {})
    assert outcome.reason == "webcam: 5 asked, 1 free"
    assert [line.missing for line in outcome.lines] == [0, 4]


def test_two_lines_of_a_product_are_short_together() -> None:
    outcome = decided(("laptop", 2), ("laptop", 2))
    assert (outcome.status, outcome.reason) == (OrderStatus.REJECTED, "laptop: 4 asked, 3 free")


def test_partial_takes_what_there_is_and_the_rest_waits() -> None:
    outcome = decided(("laptop", 5), ("webcam", 1), on_shortage=OnShortage.PARTIAL)
    assert outcome.status is OrderStatus.BACKORDERED
    assert outcome.lines == (DecidedLine("laptop", 5, 3, 2), DecidedLine("webcam", 1, 1, 0))


def test_wait_takes_nothing_until_all_is_there() -> None:
    outcome = decided(("laptop", 5), ("webcam", 1), on_shortage=OnShortage.WAIT)
    assert (outcome.status, outcome.taken()) == (OrderStatus.BACKORDERED, {})


@pytest.mark.parametrize("on_shortage", list(OnShortage))
def test_an_unknown_product_refuses_the_order_whatever_it_says(on_shortage: OnShortage) -> None:
    outcome = decided(("laptop", 1), ("unicorn", 1), on_shortage=on_shortage)
    assert (outcome.status, outcome.taken()) == (OrderStatus.REJECTED, {})
    assert outcome.reason == "unicorn: not in the catalogue"


def test_what_is_no_longer_offered_is_told_apart_from_what_is_unknown() -> None:
    asked = order(("laptop", 1), ("webcam", 1), ("unicorn", 1))
    outcome = reserve(asked, {"laptop": 3}, {"webcam"})
    assert outcome.status is OrderStatus.REJECTED
    assert outcome.reason == "webcam: no longer offered; unicorn: not in the catalogue"


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 9)), min_size=1, max_size=9),
    st.dictionaries(st.sampled_from("abc"), st.integers(-2, 20)),
    st.sampled_from(OnShortage),
)
def test_never_more_is_taken_than_is_free_or_asked(
    lines: list[tuple[str, int]], free: dict[str, int], on_shortage: OnShortage
) -> None:
    asked = order(*lines, on_shortage=on_shortage)
    outcome = reserve(asked, free)
    assert [(line.name, line.quantity) for line in outcome.lines] == lines
    for name, taken in outcome.taken().items():
        assert 0 < taken <= min(free[name], asked.needs()[name])
    if outcome.status is OrderStatus.PROCESSED:
        assert outcome.taken() == asked.needs()
    else:
        assert outcome.reason


def test_a_total_is_known_once_every_price_is() -> None:
    prices = {"laptop": 99999, "webcam": 4999}
    assert total_of([("laptop", 1), ("webcam", 2)], prices) == 109997
    assert total_of([("laptop", 1), ("unicorn", 1)], prices) is None


def test_a_total_that_no_database_can_keep_is_none() -> None:
    prices = {f"p{n}": 10**12 for n in range(12)}
    assert total_of([("p1", 10**6)] * 9, prices) == 9 * 10**18
    assert total_of([(name, 10**6) for name in prices], prices) is None


def test_free_is_what_is_on_hand_and_not_reserved() -> None:
    assert StockLevel("laptop", 1, 25, 3).free == 22
