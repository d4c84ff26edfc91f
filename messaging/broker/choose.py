"""Which RabbitMQ is used: the one given by the settings, or the private node."""

from messaging.broker.given import GivenBroker
from messaging.broker.node.private import PrivateNode
from messaging.settings import Settings


def broker_for(settings: Settings) -> GivenBroker | PrivateNode:
    """Not started yet; a context manager that starts and closes it."""
    if settings.broker_urls:
        return GivenBroker(settings.broker_urls)
    return PrivateNode(settings.folder, settings)
