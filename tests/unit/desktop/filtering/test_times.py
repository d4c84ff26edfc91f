"""Days on which clocks change: midnight has the offset of midnight, not that of now."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from desktop.filtering.times import moment_of

CASES = [
    # zone, now (UTC), typed, meant (UTC)
    ("Europe/Berlin", "2026-03-29T10:00", "today", "2026-03-28T23:00"),
    ("Europe/Berlin", "2026-03-29T10:00", "yesterday", "2026-03-27T23:00"),
    ("Europe/Berlin", "2026-03-30T10:00", "yesterday", "2026-03-28T23:00"),
    ("Europe/Berlin", "2026-03-29T10:00", "01:30", "2026-03-29T00:30"),
    ("Europe/Berlin", "2026-10-25T10:00", "today", "2026-10-24T22:00"),
    ("Europe/Berlin", "2026-10-26T10:00", "yesterday", "2026-10-24T22:00"),
    ("America/New_York", "2026-03-08T16:00", "today", "2026-03-08T05:00"),
    ("America/New_York", "2026-11-01T20:00", "today", "2026-11-01T04:00"),
    ("Australia/Lord_Howe", "2026-10-04T06:00", "today", "2026-10-03T13:30"),
    ("Asia/Tokyo", "2026-10-04T06:00", "today", "2026-10-03T15:00"),
    ("UTC", "2026-10-04T06:00", "yesterday", "2026-10-03T00:00"),
    ("Europe/Berlin", "2026-03-29T10:00", "3h", "2026-03-29T07:00"),
]


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("zone", "now", "typed", "meant"), CASES, indirect=["zone"])
def test_a_moment_has_the_offset_of_its_own_day(zone: None, now: str, typed: str, meant: str) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=UTC).astimezone()
    assert moment_of(typed, here) == datetime.fromisoformat(meant).replace(tzinfo=UTC)
