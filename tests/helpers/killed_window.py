"""A window that is killed while its user clicks: `python -m tests.helpers.killed_window DATA_DIR`.

Places orders without end, and prints the identity of each as soon as it is in My orders.
"""

import asyncio
import sys

from desktop.application import app
from desktop.application.app import Application
from messaging.runtime.settings import Settings
from tests.helpers.user_input import place_order, until

LAPTOP = ("laptop", 1)


async def click(application: Application) -> int:
    tab = application.open_window("alice", "client").client
    await until(lambda: tab.catalogue.rowCount() > 0, 60, lambda: "no catalogue")
    count = 0
    while True:
        count += 1
        await place_order(application.user_windows[0], LAPTOP)
        while tab.orders.rowCount() < count:
            await asyncio.sleep(0)
        sys.stdout.write(f"{tab.orders.row(0).identity}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(app.serve(Settings(data_dir=sys.argv[1], broker="amqp://localhost:1"), click))
