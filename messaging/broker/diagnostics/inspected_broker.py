"""The broker that the doctor inspects."""

from collections.abc import Callable
from functools import cached_property
from urllib.parse import urlsplit

from messaging.broker.diagnostics.check_results import CheckResult, State
from messaging.broker.diagnostics.management_api import ManagementApi
from messaging.broker.diagnostics.probe import PATIENCE, Probe
from messaging.contract.topology import Queue
from messaging.errors import BrokerRefused, BrokerUnavailable
from messaging.phrases import phrase


class InspectedBroker:
    """One virtual host: by AMQP, and by the management API where it answers.

    `restart` restarts the node and returns its URL; None where only its operator can. The constructor
    raises as Probe does.
    """

    def __init__(self, url: str, admin: ManagementApi, vhost: str, restart: Callable[[], str] | None = None) -> None:
        self.admin, self.vhost, self._restart = admin, vhost, restart
        self._url = url
        self._session = self.connect()
        self.is_managed = False

    def __enter__(self) -> "InspectedBroker":
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    @property
    def session(self) -> Probe:
        """A new one where RabbitMQ has closed the last over a refused step."""
        if not self._session.is_open:
            self._session.close()
            self._session = self.connect()
        return self._session

    @property
    def may_restart(self) -> bool:
        return self._restart is not None

    def restart(self) -> None:
        """Restart the node. All its users are disconnected meanwhile; what is on disk stays."""
        assert self._restart is not None
        self._session.close()
        url = urlsplit(self._restart())
        self._url = url._replace(path=urlsplit(self._url).path).geturl()

    def connect(self, patience: float = PATIENCE) -> Probe:
        """Open another connection, with `patience` seconds for each step; the caller closes it."""
        return Probe(self._url, "order-desk-doctor", patience)

    @cached_property
    def version(self) -> tuple[int, ...]:
        """RabbitMQ's version; ask only while `is_managed`."""
        return self.admin.version()

    def management(self) -> CheckResult:
        """Try the management API, without which bindings and policies cannot be read, and set `is_managed`."""
        try:
            self.admin.policies(self.vhost)
        except (BrokerUnavailable, BrokerRefused) as error:
            repair = phrase("inspected_broker.enable_it_rabbitmq_plugins_enable_rabbitmq")
            return CheckResult(
                "management",
                State.UNKNOWN,
                phrase("inspected_broker.bindings_and_policies_cannot_be_seen", error=error),
                repair,
            )
        self.is_managed = True
        return CheckResult("management", State.OK)

    def kind_of(self, queue: Queue) -> str:
        """The queue's type; for a missing queue the type that a declaration would give it."""
        try:
            return str(self.admin.queue(self.vhost, queue.name)["type"])
        except BrokerRefused:
            return self.admin.default_queue_type(self.vhost)
