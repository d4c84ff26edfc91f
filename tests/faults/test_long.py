"""What takes minutes: `python3 -m tests faults` runs it, the ordinary run does not."""

import threading
from pathlib import Path

import pytest

from messaging.ports import Phase
from tests.faults.conftest import Victim, detection
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.services import Shop

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

HEARTBEAT = 10  # as it is delivered


@pytest.mark.parametrize(("seconds", "noticed"), [(10, False), (70, True)])
def test_a_broker_that_freezes_is_waited_for_or_given_up_in_time(
    tmp_path: Path, victim: Victim, victim_url: str, seconds: int, noticed: bool
) -> None:
    shop = Shop(tmp_path, victim_url, heartbeat=HEARTBEAT, retry_most=1.0)
    alice = shop.profile()
    orders = some_orders(alice, 400)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        done.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders[:200]]).result(10)
        thaw = threading.Timer(seconds, victim.thaw)  # so long it is frozen: this is the fault, and no waiting
        victim.freeze()
        thaw.start()
        try:
            client.place_many([("", order) for order in orders[200:]]).result(10)
            if noticed:
                told.until(lambda t: t.states[-1].phase is Phase.WAITING, detection(HEARTBEAT))
            told.until(lambda t: decided(t) == 400, seconds + 60)
        finally:
            thaw.join()
        gaps = [state for state in told.states + done.states if state.phase is Phase.WAITING]
        assert bool(gaps) is noticed
    assert_each_once(shop, alice, orders)
