"""The broker that is looked at."""

from functools import cached_property

from messaging.broker.admin import Admin
from messaging.broker.diagnostics.findings import Finding, State
from messaging.broker.session import Session
from messaging.errors import BrokerRefused, BrokerUnavailable
from messaging.phrases import phrase
from messaging.topology import Queue


class Patient:
    """One virtual host: by AMQP, and by the management API where it answers."""

    def __init__(self, session: Session, admin: Admin, vhost: str) -> None:
        self.session, self.admin, self.vhost = session, admin, vhost
        self.is_managed = False

    @cached_property
    def version(self) -> tuple[int, ...]:
        """RabbitMQ's; only where it is managed."""
        return self.admin.version()

    def management(self) -> Finding:
        """Without it bindings and policies cannot be seen; AMQP itself has no question for them."""
        try:
            self.admin.policies(self.vhost)
        except (BrokerUnavailable, BrokerRefused) as error:
            repair = phrase(
                "enable it (rabbitmq-plugins enable rabbitmq_management) and use an account that may manage"
            )
            return Finding(
                "management", State.UNKNOWN, phrase(f"{error} Bindings and policies cannot be seen."), repair
            )
        self.is_managed = True
        return Finding("management", State.OK)

    def kind_of(self, queue: Queue) -> str:
        """The queue's type; of a queue that is not there: what it would be."""
        try:
            return str(self.admin.queue(self.vhost, queue.name)["type"])
        except BrokerRefused:
            return self.admin.default_queue_type(self.vhost)
