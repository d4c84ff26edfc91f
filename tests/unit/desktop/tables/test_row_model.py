from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from desktop.tables.row_model import Column, RowModel
from desktop.text.formats import plain_tip

Row = tuple[int, str]
rows = st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab")), max_size=12, unique_by=lambda row: row[0])


def a_model(limit: int = 100) -> RowModel[Row]:
    columns: tuple[Column[Row], ...] = (Column("Key", lambda r: str(r[0])), Column("Text", lambda r: r[1]))
    return RowModel(columns, _key, limit=limit)


def _key(row: Row) -> int:
    return row[0]


@given(steps=st.lists(st.tuples(st.booleans(), rows), max_size=6))
def test_whatever_comes_in_batches_the_rows_are_right_and_qt_finds_no_fault(
    qapp: QApplication, steps: list[tuple[bool, list[Row]]]
) -> None:
    model = a_model(limit=10)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    shown: list[Row] = []
    for is_whole, batch in steps:
        if is_whole:
            model.synchronise(batch)
            shown = batch[:10]
        else:
            model.put_on_top(batch)
            known, news = {row[0] for row in shown}, dict(batch)
            new = [row for row in batch if row[0] not in known]
            shown = (new[::-1] + [(key, news.get(key, text)) for key, text in shown])[:10]
        assert list(model.rows()) == shown
        assert [model.find(row[0]) for row in shown] == list(range(len(shown)))
    tester.deleteLater()


def test_a_row_keeps_its_place_in_a_selection_while_others_come_and_go(qapp: QApplication) -> None:
    model = a_model()
    model.synchronise([(1, "a"), (2, "a"), (3, "a")])
    held = QPersistentModelIndex(model.index(1, 0))
    model.put_on_top([(4, "a"), (5, "a")])
    model.synchronise([(5, "a"), (2, "b"), (6, "a")])
    assert (held.row(), model.data(held, Qt.ItemDataRole.DisplayRole)) == (1, "2")


def test_a_tool_tip_shows_markup_as_it_is_written() -> None:
    assert plain_tip("<b>1 & 2</b>\nend") == "<qt>&lt;b&gt;1 &amp; 2&lt;/b&gt;<br>end</qt>"
    assert plain_tip("") == ""
