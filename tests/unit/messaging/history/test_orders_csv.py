from pathlib import Path

import pytest

from messaging.client.orders_csv import OrdersFile, read_orders_csv
from messaging.domain.orders import MAX_LINES, OnShortage
from messaging.errors import UsageError
from tests.unit.messaging.history.conftest import USER


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


def read(path: Path, text: str) -> OrdersFile:
    path.write_bytes(text.encode())
    return read_orders_csv(path, USER)


def test_rows_of_one_order_need_not_stand_together(path: Path) -> None:
    found = read(path, "order,name,quantity\na,whole milk,1\nb,rolls/buns,2\na,soda,3\n")
    assert found.errors == []
    assert [(label, [(x.name, x.quantity) for x in order.lines]) for label, order in found.orders] == [
        ("a", [("whole milk", 1), ("soda", 3)]),
        ("b", [("rolls/buns", 2)]),
    ]


def test_the_same_label_gives_the_same_order_id_each_time_and_another_for_another_user(path: Path) -> None:
    text = "order,name,quantity\na,milk,1\n"
    first, second = read(path, text).orders[0][1], read(path, text).orders[0][1]
    other = read_orders_csv(path, USER.replace("4", "5")).orders[0][1]
    assert (first.order_id, first.digest) == (second.order_id, second.digest)
    assert other.order_id != first.order_id


@pytest.mark.parametrize(
    "text",
    [
        "\ufefforder,name,quantity\na,milk,1\n",
        "Order,Name,Quantity\r\na,milk,1\r\n\r\n",
        "quantity;name;order\n1;milk;a\n",
        'order,name,quantity\n"a","milk","1"',
    ],
)
def test_what_spreadsheets_write_is_read(path: Path, text: str) -> None:
    found = read(path, text)
    assert found.errors == []
    assert [(label, order.needs()) for label, order in found.orders] == [("a", {"milk": 1})]


def test_every_wrong_row_is_named_with_line_field_and_remedy_and_its_order_left_out(path: Path) -> None:
    rows = ["a,milk,0", "b,,1", ",milk,1", "c,milk,two", "d,milk,1,perhaps", "e,milk,1,wait,x", "good,milk,1", "f,milk"]
    found = read(path, "\n".join(["order,name,quantity,on_shortage", *rows, "a,soda,1"]))
    assert [(error.line, error.field) for error in found.errors] == [
        (2, "quantity"),
        (3, "name"),
        (4, "order"),
        (5, "quantity"),
        (6, "on_shortage"),
        (7, "row"),
        (9, "quantity"),
    ]
    assert "reject, partial, wait" in str(found.errors[4])
    assert [label for label, _ in found.orders] == ["good"]


def test_what_to_do_on_a_shortage_is_said_once_per_order(path: Path) -> None:
    header = "order,name,quantity,on_shortage\n"
    found = read(path, header + "a,milk,1,partial\na,soda,1,\nb,milk,1\nc,milk,1,wait\nc,soda,1,reject")
    assert [order.on_shortage for _, order in found.orders] == [OnShortage.PARTIAL, OnShortage.REJECT]
    assert [(error.line, error.field) for error in found.errors] == [(6, "on_shortage")]


def test_an_order_with_too_many_lines_is_named(path: Path) -> None:
    found = read(path, "order,name,quantity\n" + "a,milk,1\n" * (MAX_LINES + 1))
    assert (found.orders, [error.field for error in found.errors]) == ([], ["order"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "needs the header"),
        (b"a,milk,1\n", "needs the header"),
        (b"order,name,quantity\na,caf\x81,1\n", "not text in UTF-8 or UTF-16"),
        (b'order,name,quantity\na,"milk,1\n', "line 2.*not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(UsageError, match=words):
        read_orders_csv(path, USER)


def test_a_file_that_is_not_there_says_so(path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_orders_csv(path, USER)


def test_a_hundred_thousand_rows_are_read(path: Path) -> None:
    found = read(path, "order,name,quantity\n" + "".join(f"o{n % 5000},milk {n % 169},1\n" for n in range(100_000)))
    assert (len(found.orders), len(found.errors)) == (5000, 0)


def test_rows_that_lack_their_order_leave_the_one_above_out_whole(path: Path) -> None:
    """Many programs name an order on its first row alone; and a total below is no row of it."""
    found = read(
        path, "order,customer,name,quantity\nS1,Ada,laptop,1\n,,wireless_mouse,4\n,,webcam,2\nS2,Bob,laptop,1\n"
    )
    assert ([label for label, _ in found.orders], found.left_out) == (["S2"], ("S1",))
    assert [(error.line, error.field) for error in found.errors] == [(3, "order"), (4, "order")]


@pytest.mark.parametrize(
    ("rows", "left_out"),
    [
        (",milk,1\na,milk,1", ()),
        ("a,milk,1\nb,milk,1\na,tea,1\n,milk,1", ("a",)),
        ("a,milk,1\n" + "x" * 129 + ",milk,1\nb,tea,1", ("a",)),
        ("a,milk,1\na\x07,milk,1", ("a",)),
        ("a,milk,1\nb,salt, pepper,1\nb,tea,1", ("b",)),
        ("a,milk,1\n,salt, pepper,1", ("a",)),
        ("a,milk,none\na,tea,1\nb,tea,1", ("a",)),
    ],
)
def test_what_cannot_be_told_apart_is_left_out_whole(path: Path, rows: str, left_out: tuple[str, ...]) -> None:
    found = read(path, f"order,name,quantity\n{rows}\n")
    assert found.left_out == left_out
    assert found.errors
    assert not set(left_out) & {label for label, _ in found.orders}


@pytest.mark.parametrize("row", ["salt, pepper,1,b", "salt, and, pepper,1,b", "b, pepper,1,c"])
def test_a_comma_in_a_name_before_the_order_leaves_no_half_of_it(path: Path, row: str) -> None:
    found = read(path, f"name,quantity,order\nmilk,1,a\nmilk,1,b\n{row}\n")
    assert ([label for label, _ in found.orders], found.left_out) == (["a"], ("b",))


def test_a_row_that_may_belong_to_none_of_the_file_leaves_the_one_above_out(path: Path) -> None:
    assert read(path, "name,quantity,order\nmilk,1,a\nsalt, pepper,1,z\n").left_out == ("a",)


def test_figures_with_zeros_are_whole_numbers(path: Path) -> None:
    found = read(path, "order,name,quantity\nT1,laptop,1.0\nT1,webcam,2.00\n")
    assert [order.needs() for _, order in found.orders] == [{"laptop": 1, "webcam": 2}]


def test_a_very_long_field_is_named_and_the_others_are_taken(path: Path) -> None:
    found = read(path, f"order,name,quantity\na,{'x' * 200_000},1\nb,milk,1\n")
    assert [str(error)[:14] for error in found.errors] == ["line 2, name: "]
    assert len(str(found.errors[0])) < 150
    assert [label for label, _ in found.orders] == ["b"]


ID = "8c496ed3-f514-544b-b42d-e3d7cba50d1e"


def test_an_id_that_stands_there_is_the_orders_own(path: Path) -> None:
    header = "order_id,order,name,quantity\n"
    found = read(path, f"{header}{ID.upper()},a,milk,1\n,a,tea,1\n5551234,b,milk,1\n{ID[:-1]}f,,milk,1\n")
    assert found.errors == []
    (a, b, c) = found.orders
    assert (a[0], a[1].order_id, a[1].needs()) == ("a", ID, {"milk": 1, "tea": 1})
    assert (b[0], c) == ("b", (f"{ID[:-1]}f", c[1]))
    assert c[1].order_id == f"{ID[:-1]}f"


@pytest.mark.parametrize(
    ("rows", "left_out"),
    [
        (f"a,{ID},milk,1\na,{ID[:-1]}f,tea,1\nb,,tea,1", ("a",)),
        (f"a,{ID},milk,1\nb,{ID},tea,1\nc,,tea,1", ("a", "b")),
    ],
)
def test_ids_that_say_two_things_leave_their_orders_out(path: Path, rows: str, left_out: tuple[str, ...]) -> None:
    found = read(path, f"order,order_id,name,quantity\n{rows}\n")
    assert found.left_out == left_out
    assert {error.field for error in found.errors} == {"order_id"}
