"""The client and the listener of one window share a history, and each hears every notice."""

from pathlib import Path

import pytest

from messaging.domain.orders import OrderStatus
from messaging.errors import StoreUnavailable
from messaging.history.history import History
from tests.helpers.stores import newest_notices
from tests.unit.messaging.history.conftest import USER, a_notice, an_order

NOTICES = [a_notice(an_order(), OrderStatus.PROCESSED, seq) for seq in range(3)]


def kept(history: History) -> int:
    return len(history.ask(lambda store: newest_notices(store, limit=10)).result())


def test_what_is_heard_a_second_time_writes_nothing(path: Path) -> None:
    with History(path, USER) as history:
        history.apply(NOTICES, missed=False).result()
        written = history.ask(lambda store: store.version()).result()
        history.apply(NOTICES, missed=True).result()
        assert history.ask(lambda store: store.version()).result() == written
        assert kept(history) == len(NOTICES)


def test_what_could_not_be_kept_is_kept_when_it_comes_again(path: Path) -> None:
    with History(path, USER) as history:
        history.ask(lambda store: store._file.execute("PRAGMA query_only = ON")).result()
        with pytest.raises(StoreUnavailable):
            history.apply(NOTICES, missed=False).result()
        history.ask(lambda store: store._file.execute("PRAGMA query_only = OFF")).result()
        history.apply(NOTICES, missed=False).result()
        assert kept(history) == len(NOTICES)
