"""A client that is killed at a named moment: `python -m tests.helpers.killed_client MOMENT DATA_DIR URL USER_ID`.

It places the order that comes on standard input.
"""

import os
import signal
import sys
from typing import Any

from messaging.broker.external import ExternalBroker
from messaging.broker.publisher import Publisher
from messaging.client.service import ClientService
from messaging.contract.codec import read_order
from messaging.history.history import History
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from tests.helpers.services import Told, in_thread


def die(*_anything: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(moment: str, data_dir: str, url: str, user_id: str) -> None:
    # Our own classes, in this process alone: the order is on disk, and then ...
    setattr(Publisher, {"before it publishes": "publish", "before the confirm": "_on_confirm"}[moment], die)
    settings, order = Settings(data_dir=data_dir), read_order(sys.stdin.buffer.read())
    told = Told()
    with History(settings.folder.history(user_id), user_id) as history:
        desk = ClientService(Profile("alice", user_id, ""), history, ExternalBroker((url,)), settings, told)
        with in_thread(desk.run, desk.stop):
            desk.place(order).result(10)
            told.until(lambda _t: False)


if __name__ == "__main__":
    main(*sys.argv[1:])
