from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from desktop.tables.row_model import Column, RowModel, cell
from desktop.text.formats import exact, money, plain, plain_tip, relative, took
from desktop.text.moments import clock
from desktop.text.order_ids import short_id
from desktop.widgets.labels import PlainLabel

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [(0, "now"), (59, "now"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86400, "1 d"), (-30, "now")],
)
def test_times_are_told_relative_to_now(age: int, words: str) -> None:
    assert relative((NOW - timedelta(seconds=age)).isoformat(), NOW) == words


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(hours=3), timedelta(days=1), timedelta(days=400)])
def test_a_time_that_is_still_to_come_is_told_as_it_is(ahead: timedelta) -> None:
    """A clock was wrong: `now` would be said for as long as it was ahead."""
    then = NOW + ahead
    told = relative(then.isoformat(), NOW)
    is_today = then.astimezone().date() == NOW.astimezone().date()
    assert told == exact(then.isoformat())[slice(11, 16) if is_today else slice(10)]


def test_a_time_that_cannot_be_read_is_shown_as_it_came() -> None:
    assert relative("yesterday") == ""
    assert exact("yesterday") == "yesterday"


def test_what_happened_before_today_is_told_with_its_day() -> None:
    today = datetime.now().astimezone().replace(hour=12, minute=34, second=56)
    spring = today.replace(month=3, day=1 if today.timetuple().tm_yday != 60 else 2)
    assert clock(today.isoformat()) == "12:34:56"
    assert clock(spring.isoformat()) == f"{spring.day} Mar 12:34"
    assert clock(spring.replace(year=2001).isoformat()) == f"2001-03-0{spring.day}"
    assert clock("yesterday") == "yesterday"
    QLocale.setDefault(QLocale("de"))  # chosen while the program runs
    assert clock(spring.isoformat()) == f"{spring.day} März 12:34"


def test_an_old_time_is_told_as_its_day() -> None:
    assert relative((NOW - timedelta(days=30)).isoformat(), NOW).startswith("2026-10-2")


def test_money_is_exact_whatever_its_size() -> None:
    assert money(99999) == "999.99"
    assert money(5) == "0.05"
    assert money(-150) == "-1.50"
    assert money(900719925474099301) == "9,007,199,254,740,993.01"
    assert money(None) == "\u2013"


def test_durations_have_the_unit_that_fits() -> None:
    assert [took(s) for s in (0.0004, 0.035, 1.25, 180.0)] == ["0.4 ms", "35 ms", "1.2 s", "3 min"]


def test_long_text_from_others_is_cut_and_on_one_line() -> None:
    assert plain("a\nb\tc") == "a b c"
    assert len(plain("x" * 1000)) == 200


def test_an_order_is_known_by_the_end_of_its_uuid_or_by_its_number() -> None:
    assert short_id("01a21460-053e-756d-af8a-6967ca2e0bc4") == "\N{HORIZONTAL ELLIPSIS}ca2e0bc4"
    assert short_id(8) == "8"
    assert short_id("3/8/2026-11-25T20:00:00+00:00") == "8"


HOSTILE = "\x1b[31mred\x07\x9b0m\u202eabc\u2066\u200b" + "x" * 60_000


def test_no_text_of_others_turns_a_label_a_tip_or_a_cell_round(qapp: QApplication) -> None:
    label = PlainLabel(HOSTILE + "\nsecond line")
    label.setText(HOSTILE + "\nsecond line")
    model: RowModel[str] = RowModel([Column("reason", str, tip=str)], key=str)
    model.put_on_top([HOSTILE])
    index = model.index(0, 0)
    shown = [
        label.text(),
        plain(HOSTILE),
        plain_tip(HOSTILE),
        cell(HOSTILE),
        index.data(),
        index.data(Qt.ItemDataRole.ToolTipRole),
    ]
    for text in shown:
        assert not set(text) & set("\x1b\x07\x9b\u202e\u2066\u200b")
    assert label.text().endswith("\nsecond line")
    assert all(len(text) <= 2100 for text in shown[1:])
    assert money(12 * 10**18 * 100) == "12,000,000,000,000,000,000.00"
