"""The broker that is looked at."""

from collections.abc import Callable
from functools import cached_property
from urllib.parse import urlsplit

from messaging.broker.diagnostics.findings import CheckResult, State
from messaging.broker.diagnostics.management_api import ManagementApi
from messaging.broker.diagnostics.probe import PATIENCE, Probe
from messaging.contract.topology import Queue
from messaging.errors import BrokerRefused, BrokerUnavailable
from messaging.phrases import phrase


class InspectedBroker:
    """One virtual host: by AMQP, and by the management API where it answers.

    `restart` restarts the node and returns its URL; None where that is for others to do. Raises in the
    constructor as Session does.
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
        """Another one where RabbitMQ has closed it over what it was asked."""
        if not self._session.is_open:
            self._session.close()
            self._session = self.connect()
        return self._session

    @property
    def may_restart(self) -> bool:
        return self._restart is not None

    def restart(self) -> None:
        """All others wait for it, too; what is on disk stays."""
        assert self._restart is not None
        self._session.close()
        url = urlsplit(self._restart())
        self._url = url._replace(path=urlsplit(self._url).path).geturl()

    def connect(self, patience: float = PATIENCE) -> Probe:
        """One more, for what may take longer than usual; to be closed."""
        return Probe(self._url, "order-desk-doctor", patience)

    @cached_property
    def version(self) -> tuple[int, ...]:
        """RabbitMQ's; only where it is managed."""
        return self.admin.version()

    def management(self) -> CheckResult:
        """Without it bindings and policies cannot be seen; AMQP itself has no question for them."""
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
        """The queue's type; of a queue that is not there: what it would be."""
        try:
            return str(self.admin.queue(self.vhost, queue.name)["type"])
        except BrokerRefused:
            return self.admin.default_queue_type(self.vhost)
