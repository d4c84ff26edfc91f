"""Which RabbitMQ is used: the one given by the settings, or the private node."""

from messaging.broker.external import GivenBroker
from messaging.broker.node import member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.broker.node.protocol import Ask, Stage
from messaging.runtime.settings import Settings


def broker_for(settings: Settings) -> GivenBroker | PrivateNode:
    """Not started yet; a context manager that starts and closes it."""
    if settings.broker_urls:
        return GivenBroker(settings.broker_urls)
    return PrivateNode(settings.folder, settings)


def running_broker(settings: Settings) -> GivenBroker | None:
    """The one given, or the private node where it runs already; nothing is started."""
    if settings.broker_urls:
        return GivenBroker(settings.broker_urls)
    asked = member.connect(NodeFolder(settings.folder.broker), Ask.LOOK)
    if asked is None:
        return None
    asked.close()
    return GivenBroker((asked.first.url,)) if asked.first.stage is Stage.READY else None
