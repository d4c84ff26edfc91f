"""What a window gives to its tabs. UserWindow builds one and closes it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from messaging.history.history import History
from messaging.ports import Broker
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from messaging.runtime.upgrading import Told, nobody
from messaging.telemetry.metrics import Metrics

if TYPE_CHECKING:  # it loads SQLAlchemy, which must not hold up the window
    from messaging.warehouse.store.warehouse_store import WarehouseStore


@dataclass(frozen=True, slots=True)
class Session:
    """One user at one window: the profile, the broker, and the two databases, each with its own thread.

    `spawn` runs a handler's coroutine: known errors come to the problem bar, the rest to the crash hook.
    `report` shows a known error in the problem bar. `metrics` counts what this window's services send and receive.
    `report_progress` shows what is under way while an older database is opened.
    """

    profile: Profile
    settings: Settings
    broker: Broker
    history: History
    books: "DatabaseThread[WarehouseStore]"
    spawn: Callable[[Coroutine[Any, Any, None]], None]
    report: Callable[[BaseException], None]
    metrics: Metrics = field(default_factory=Metrics)
    report_progress: Told = nobody
