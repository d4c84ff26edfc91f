"""A warehouse of its own process that races others for the last units: URL, and messages on standard input.

Prints what became of them as a JSON list of states.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import cycle

from messaging.contract import codec, topology
from messaging.domain.orders import Order
from messaging.errors import StoreUnavailable
from messaging.warehouse.records import Decided, Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore

BATCHES = (7, 1, 20)  # orders in one transaction, for each racer in turn


def race(url: str, shares: Sequence[Sequence[Order]]) -> list[list[str]]:
    """Each share of the orders to a process of its own, all at once; the states of each share."""
    command = [sys.executable, "-W", "error", "-m", "tests.helpers.racing_warehouse", url]
    racers = [
        subprocess.Popen([*command, str(batch)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for batch, _ in zip(cycle(BATCHES), shares, strict=False)
    ]
    try:
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer, share in zip(racers, shares, strict=True):
            assert racer.stdin is not None
            racer.stdin.write("".join(codec.encode(order).decode() + "\n" for order in share))
            racer.stdin.close()
            racer.stdin = None
        outputs = [racer.communicate(timeout=90)[0] for racer in racers]
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
            if racer.stdout:
                racer.stdout.close()
    return [json.loads(output) for output in outputs]


def main(url: str, batch: int) -> None:
    store = WarehouseStore(url).open()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    messages = [Incoming(line.encode(), topology.NEW_ORDERS_QUEUE.name) for line in sys.stdin]
    states: list[str] = []
    for start in range(0, len(messages), batch):
        decided = _decided(store, messages[start : start + batch])
        states += [f"{one.status}{' again' if one.repeated else ''}" for one in decided]
    store.close()
    sys.stdout.write(json.dumps(states))


def _decided(store: WarehouseStore, messages: list[Incoming]) -> list[Decided]:
    while True:
        try:
            return store.decide(messages)
        except StoreUnavailable as error:  # as the pipeline does: the same batch again
            sys.stderr.write(f"{error}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
