"""Which RabbitMQ is used: the one given by the settings, or the private node."""

from messaging.broker.external import ExternalBroker
from messaging.broker.node import member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.broker.node.protocol import NodeRequest, NodeStage
from messaging.runtime.settings import Settings


def broker_for(settings: Settings) -> ExternalBroker | PrivateNode:
    """A context manager that starts and closes it; not started yet."""
    if settings.broker_urls:
        return ExternalBroker(settings.broker_urls)
    return PrivateNode(settings.folder, settings)


def running_broker(settings: Settings) -> ExternalBroker | None:
    """The one of the settings, or the private node where it runs already, else None; starts nothing."""
    if settings.broker_urls:
        return ExternalBroker(settings.broker_urls)
    asked = member.connect(NodeFolder(settings.folder.broker), NodeRequest.LOOK)
    if asked is None:
        return None
    asked.close()
    return ExternalBroker((asked.first.url,)) if asked.first.stage is NodeStage.READY else None
