"""kill -9 of client, warehouse, listener and RabbitMQ while receipts are on their way."""

from pathlib import Path

import pytest

from tests.faults import receipts
from tests.faults.conftest import Victim
from tests.faults.storm import Storm


@pytest.mark.timeout(180)
def test_whoever_is_killed_nothing_is_lost_and_nothing_twice(tmp_path: Path, victim: Victim, victim_url: str) -> None:
    given = receipts.made(tmp_path, 600, seed=4)
    account = Storm(tmp_path, victim_url, victim.kill, given, seed=4).run(
        {"client": 1, "warehouse": 2, "listener": 1, "broker": 1}
    )
    assert account.gaps == ()
    assert account.outcomes.keys() == {"processed", "rejected"}
