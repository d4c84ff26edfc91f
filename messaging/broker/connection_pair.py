"""The connections of a role, publishing and consuming apart, in one loop.

In a memory alarm RabbitMQ stops reading from a publishing connection, so that acknowledgements on it would wait too.
"""

from collections.abc import Callable

from messaging.broker.connection import Connection
from messaging.broker.event_loop import BrokerLoop
from messaging.ports import Broker, LinkState, Phase
from messaging.runtime.settings import Settings

WORST_FIRST = (Phase.REFUSED, Phase.WAITING, Phase.STARTING, Phase.CONNECTING, Phase.BLOCKED, Phase.READY, Phase.CLOSED)


class ConnectionPair:
    """`<name>-in` consumes, the others publish; the pair's state is that of its worst connection."""

    def __init__(self, loop: BrokerLoop, broker: Broker, settings: Settings, name: str) -> None:
        self._loop, self._broker, self._settings, self._name = loop, broker, settings, name
        self._connections: list[Connection] = []
        self._state: LinkState | None = None
        self._on_state: Callable[[LinkState], None] = lambda _state: None

    def add(self, suffix: str, on_ready: Callable[[Connection], None], on_lost: Callable[[], None]) -> Connection:
        connection = Connection(
            self._loop,
            self._broker,
            self._settings,
            f"{self._name}-{suffix}",
            on_ready=on_ready,
            on_lost=on_lost,
            on_state=self._changed,
        )
        self._connections.append(connection)
        return connection

    def start(self, on_state: Callable[[LinkState], None]) -> None:
        self._on_state = on_state
        for connection in self._connections:
            connection.start()

    def _changed(self, _state: LinkState) -> None:
        worst = min((c.state for c in self._connections), key=lambda state: WORST_FIRST.index(state.phase))
        if worst != self._state:
            self._state = worst
            self._on_state(worst)
