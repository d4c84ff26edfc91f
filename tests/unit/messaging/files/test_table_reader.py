"""Bytes of other programs: rows, or one line that says what is wrong."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from messaging.errors import UsageError
from messaging.files.spreadsheet import csv_text
from messaging.files.table_reader import FileTable, table_of

NEEDED = ("order", "name", "quantity")
HEADER = "order,name,quantity\n"
ROWS = [{"order": "A1", "name": "laptop", "quantity": "1"}]
cells = some.text(some.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1)


def read(content: str | bytes, known: tuple[str, ...] = ()) -> FileTable:
    return table_of("x.csv", content.encode() if isinstance(content, str) else content, NEEDED, known)


def of(table: FileTable) -> list[dict[str, str]]:
    return [{column: row.cell(column) for column in NEEDED} for row in table.rows]


@pytest.mark.parametrize(
    "text",
    [
        "order,name,quantity\nA1,laptop,1\n",
        "order;name;quantity\rA1;laptop;1",
        "order\tname\tquantity\r\nA1\tlaptop\t1\r\n",
        "\ufefforder,name,quantity\nA1,laptop,1\n",
        "Order, NAME ,Quantity\n A1 , laptop , 1 \n",
        "quantity,order,name\n1,A1,laptop\n",
        "order,name,quantity,,\nA1,laptop,1,,\n",
        "order,name,quantity\nA1,laptop,1,\n",
        "order,name,quantity\nA1,laptop,1,, ,\n,,\n",
        "\n \norder;name;quantity\n\nA1;laptop;1\n",
        ";;;\norder;name;quantity;\nA1;laptop;1;\n",
        'order;name;quantity;"note, sender, place, hour"\nA1;laptop;1;x\n',
        'order,name,quantity,"a;b;c;d;e"\nA1,laptop,1,x\n',
        'order,name,quantity,"two\nlines"\nA1,laptop,1,"x\n\ny"\n',
        'order\tname\tquantity\t"a,b;c,d;e,f"\nA1\tlaptop\t1\n',
        "sep=;\norder;name;quantity\nA1;laptop;1\n",
        '"sep=;"\r\norder;name;quantity\r\nA1;laptop;1\r\n',
        "\n\nSEP=|\norder|name|quantity\nA1|laptop|1\n",
        "sep=\t\norder\tname\tquantity\nA1\tlaptop\t1\n",
        "sep=;;;\norder;name;quantity\nA1;laptop;1\n",
        ",order,name,quantity\n0,A1,laptop,1\n",
        "note,order,name,quantity,note\nx,A1,laptop,1,y\n",
        '"order","name","quantity"\n"A1","laptop","1"',
    ],
)
def test_the_columns_are_found_by_their_names(text: str) -> None:
    table = read(text)
    assert (of(table), [row.problem for row in table.rows], table.note) == (ROWS, [""], "")


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("Käse".encode(), ""),
        ("Käse".encode("cp1252"), "Windows-1252"),
        ("Käse €".encode("cp1252"), "cp1252"),
        ("Käse".encode("utf-8-sig"), ""),
        ("Käse".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "Käse".encode("utf-16-be"), "UTF-16"),
    ],
)
def test_it_is_said_how_a_file_was_read_where_not_as_utf_8(data: bytes, note: str) -> None:
    bom = next((mark for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff") if data.startswith(mark)), b"")
    encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(bom, "ascii")
    found = read(bom + f"{HEADER}A1,".encode(encoding) + data.removeprefix(bom) + ",1\n".encode(encoding))
    assert found.rows[0].cell("name").startswith("Käse")
    assert note in found.note
    assert bool(note) == bool(found.note)


@pytest.mark.parametrize("data", ["Käse,1\nb,Brötli,1".encode() + b"\xc3", b"\xe9t\xe9\x81", b"\xef\xbb\xbf\xe9"])
def test_damaged_text_is_not_guessed(data: bytes) -> None:
    with pytest.raises(UsageError, match="not text in UTF-8 or UTF-16"):
        read(data if data.startswith(b"\xef") else HEADER.encode() + b"a," + data)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER + 'a,"milk,1\n', 2),
        (HEADER + 'a,milk,1\n\nb,6" bolt,1\n', 4),
        (HEADER + 'a,"M6\nb,c,1\nd,"wood",2\n', 2),
        (HEADER + 'a,"x\ny",1\nb,"z" ,1\n', 4),
        (HEADER + 'a, "milk",1\n', 2),
        (HEADER + 'a,"x\r\ny\rz",1\r"', 5),
        (HEADER + '"', 2),
        ('order,name,"quantity\na,b,1\n', 1),
        ('\norder,na"me,quantity\n', 2),
    ],
)
def test_quotation_marks_are_strict_and_the_line_is_named(text: str, line: int) -> None:
    with pytest.raises(UsageError, match=rf"^x\.csv, line {line}: this is not CSV"):
        read(text)


def test_quotation_marks_within_a_quoted_field_are_doubled() -> None:
    assert of(read(HEADER + '"a","6"" bolt","1"\n"",""""\n')) == [
        {"order": "a", "name": '6" bolt', "quantity": "1"},
        {"order": "", "name": '"', "quantity": ""},
    ]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("order,name,quantity,name", "name stands twice"),
        ("order,Name,quantity,name", "name stands twice"),
        (" ORDER ,name,quantity,order", "order stands twice"),
        ("order,name,quantity,on_shortage,on_shortage", "on_shortage stands twice"),
        ("order,name", "lacks quantity"),
        ("number;name;count", "lacks order,quantity"),
        ("x" * 300_000, "lacks order,name,quantity"),
        ("", "needs the header order,name,quantity"),
        ("sep=;\norder,name,quantity", "lacks order,name,quantity"),
        ("\0", "line 1: this is not text"),
    ],
)
def test_what_is_wrong_with_a_header_is_said(header: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        read(header + "\na,b,1,c\n", ("on_shortage",))
    assert len(str(refused.value)) < 200


def test_columns_that_nobody_needs_may_stand_twice() -> None:
    headers = (("order,note,name,note,quantity", "A1,x,laptop,y,1"), ("order,name,quantity,x,X", "A1,laptop,1,y,z"))
    for header, row in headers:
        table = read(f"{header}\n{row}\n", ("on_shortage",))
        assert of(table) == ROWS
        assert not table.rows[0].problem


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEADER + "A1,salt, pepper,1\n", "4 fields, the header has 3"),
        (HEADER + "A1,b,1,,,x\n", "6 fields, the header has 3"),
        ("order,name,quantity,,\nA1,salt, pepper,1\n", "field 4 stands under no name"),
        ("order,name,,quantity\nA1,salt, pepper,1\n", "field 3 stands under no name"),
        (",order,name,quantity\n0,A1,salt, pepper,1\n", "5 fields, the header has 4"),
    ],
)
def test_fields_that_do_not_stand_under_the_header_are_marked(text: str, says: str) -> None:
    (row,) = read(text).rows
    assert says in row.problem


def test_rows_are_named_by_the_line_they_begin_on() -> None:
    found = read('order,name,quantity,"no\nte"\r\na,x,1,"1\r2"\n\r\n\nb,y,1,\nc,"z",1\n')
    assert [(row.line, row.cell("order")) for row in found.rows] == [(3, "a"), (7, "b"), (8, "c")]


def test_long_fields_are_fields_like_others() -> None:
    for long in ("x" * 300_000, f'"{"x" * 299_999},"'):
        assert [len(row.cell("name")) for row in read(f"{HEADER}a,{long},1\nb,y,1\n").rows] == [300_000, 1]


def test_what_others_guarded_is_read_as_it_was() -> None:
    assert of(read(HEADER + "'=a,'-18 ice,1\n''=b,'tis,1\n")) == [
        {"order": "=a", "name": "-18 ice", "quantity": "1"},
        {"order": "'=b", "name": "'tis", "quantity": "1"},
    ]


@given(some.lists(some.tuples(cells, cells, cells)), some.booleans())
def test_what_we_write_is_read_again(rows: list[tuple[str, str, str]], is_marked: bool) -> None:
    text = "\ufeff" * is_marked + csv_text([NEEDED, *rows])
    assert [tuple(row.values()) for row in of(read(text))] == rows


@given(some.lists(some.tuples(cells, cells, cells)), some.sampled_from(",;\t"), some.sampled_from(["\n", "\r\n", "\r"]))
def test_what_others_write_is_read_as_they_read_it(
    rows: list[tuple[str, str, str]], delimiter: str, line_end: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows([NEEDED, *rows])
    reference = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter, strict=True))[1:]
    assert [list(row.fields) for row in read(out.getvalue()).rows] == [[c.lstrip() for c in row] for row in reference]


@given(some.binary() | some.text(some.sampled_from("order,;\t\"\n\r='1 \0")).map(str.encode))
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\xd8")
@example(b"\xef\xbb\xbf\xff")
@example(b"sep=")
def test_any_bytes_are_rows_or_refused_in_words(data: bytes) -> None:
    for content in (data, HEADER.encode() + data, "\ufefforder;name;quantity\r\n".encode("utf-16-le") + data):
        with suppress(UsageError):
            assert set(NEEDED) <= read(content).columns.keys()
