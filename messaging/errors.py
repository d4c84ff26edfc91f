"""The one tree of known errors: each carries words for the user and says what to do.

Anything that is not an OrderDeskError is a bug: it goes to the crash hook and the log.
"""

from messaging.phrases import Words
from messaging.texts import redacted


def _without_passwords(words: Words) -> Words:
    text = redacted(words)
    return words if text == words else Words(text, words.message.without_passwords() if words.message else None)


class OrderDeskError(Exception):
    """A known error; `words`, which are also `str(error)`, are one line fit for a user, without a password of a URL."""

    def __init__(self, words: Words) -> None:
        self.words = _without_passwords(words)
        super().__init__(self.words)


class UsageError(OrderDeskError):
    """Wrong arguments or input; the commands exit with 2."""


class UnreadableMessage(OrderDeskError):
    """A message from the broker that cannot be understood; its bytes are kept."""


class WrongOrder(UsageError):
    """An order that breaks a rule before it is sent: no lines, a bad name or quantity."""


class BrokerUnavailable(OrderDeskError):
    """RabbitMQ cannot be reached now; trying again may help."""


class BrokerRefused(OrderDeskError):
    """RabbitMQ refused for good (login, virtual host, rights, arguments): trying again does not help."""


class NotRoutable(OrderDeskError):
    """RabbitMQ took the message but no queue is bound for it."""


class TooLarge(OrderDeskError):
    """RabbitMQ takes no message of this size."""


class StoreUnavailable(OrderDeskError):
    """The database is locked, full, read-only or gone; consuming pauses until it is back."""


class StoreRefused(StoreUnavailable):
    """What will not pass by itself: a wrong password, a missing database, a file that is none."""


class StoreDamaged(OrderDeskError):
    """A row of the books holds what no Order Desk has written; the others can be used."""


class BooksRefused(OrderDeskError):
    """RabbitMQ is served with other books, or these are an older copy: they are not served until somebody says so."""


class NodeFailed(OrderDeskError):
    """The private RabbitMQ node could not start."""


class WrongMove(OrderDeskError):
    """A change that the order's life cycle does not have, or a stock posting that cannot be."""
