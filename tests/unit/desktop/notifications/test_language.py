from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication

from desktop.notifications.language import moment_of, typed
from messaging.history.words import Field, Word
from messaging.orders import OrderStatus

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
NAMES = {"id-of-bob": "Bob", "id-of-alice": "alice"}
REFUSED = (OrderStatus.REJECTED,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lap", (Word("lap"),)),
        ("state:refu lap", (Word("refu", REFUSED, Field.STATE), Word("lap"))),
        ('product:"whole milk"', (Word("whole milk", field=Field.PRODUCT),)),
        ('product:"whole mi', (Word("whole mi", field=Field.PRODUCT),)),
        ("ORDER:0193a", (Word("0193a", field=Field.ORDER),)),
        ("user:bo", (Word("bo", field=Field.USER, users=("id-of-bob",)),)),
        ("bo", (Word("bo", users=("id-of-bob",)),)),
        ("product:", ()),  # to be typed on
        ("price:3", (Word("price:3"),)),  # no key: words as they are
        ("", ()),
    ],
)
def test_words_may_name_what_they_mean(qapp: QApplication, text: str, words: tuple[Word, ...]) -> None:
    assert typed(text, NAMES, NOW).words == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", "2026-11-25T16:30:00+00:00"),
        ("30min", "2026-11-25T18:00:00+00:00"),
        ("3d", "2026-11-22T18:30:00+00:00"),
        ("today", "2026-11-25T00:00:00+00:00"),
        ("Yesterday", "2026-11-24T00:00:00+00:00"),
        ("14:05", "2026-11-25T14:05:00+00:00"),
        ("2026-11-20t10:00z", "2026-11-20T10:00:00+00:00"),
    ],
)
def test_a_time_is_said_in_many_ways(qapp: QApplication, text: str, expected: str) -> None:
    moment = moment_of(text, NOW)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize("text", ["", "2", "25:99", "2026-13-01", "soon", "99999999h"])
def test_a_time_that_is_none_asks_for_nothing(qapp: QApplication, text: str) -> None:
    assert moment_of(text, NOW) is None
    assert typed(f"since:{text}", NAMES, NOW).since == ""


def test_since_and_before_bound_the_time_of_receipt(qapp: QApplication) -> None:
    said = typed("since:2h before:18:00 lap", NAMES, NOW)
    assert (said.since, said.until) == ("2026-11-25T16:30:00.000+00:00", "2026-11-25T18:00:00.000+00:00")
    assert said.words == (Word("lap"),)
