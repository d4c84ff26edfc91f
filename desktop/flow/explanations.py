"""Explains each node of the picture."""

from PySide6.QtCore import QCoreApplication

from desktop.flow.nodes import (
    CLIENT,
    COMMANDS_QUEUE,
    DEAD_LETTER_QUEUE,
    DEAD_LETTERS,
    INVENTORY,
    LISTENER,
    MINE,
    NEW_ORDERS,
    NOTIFICATIONS,
    ORDERS_QUEUE,
    OTHERS,
    OUTBOX,
    QUESTIONS,
    QUESTIONS_QUEUE,
    WAREHOUSE,
)

translate = QCoreApplication.translate


def meaning(key: str) -> str:
    """Explain the node in one to three sentences; empty for a key that is no node."""
    return {
        CLIENT: translate("Flow", "The client's tab of this window places orders and follows what becomes of them."),
        OUTBOX: translate(
            "Flow",
            "An order is on disk here before the window says that it is placed. It is forgotten only once RabbitMQ "
            "has confirmed that it keeps it.",
        ),
        NEW_ORDERS: translate(
            "Flow",
            "A direct exchange keeps nothing: it puts each message into the queues bound with exactly its key. "
            "Orders have an empty key, wishes to cancel one have the key command.",
        ),
        ORDERS_QUEUE: translate(
            "Flow",
            "Orders wait here, in order and on RabbitMQ's disk, until a warehouse takes them. Of several warehouses "
            "each order goes to one. It leaves the queue when that one acknowledges it, after all else is done.",
        ),
        COMMANDS_QUEUE: translate("Flow", "Wishes to cancel an order wait here for a warehouse."),
        DEAD_LETTERS: translate(
            "Flow",
            "What a warehouse refuses because it cannot be read or taken is not thrown away: by a policy of the queue "
            "RabbitMQ passes it to this exchange.",
        ),
        DEAD_LETTER_QUEUE: translate(
            "Flow",
            "Refused messages wait here until a warehouse puts them aside with their reason: its page Set aside "
            "shows them.",
        ),
        QUESTIONS: translate(
            "Flow",
            "Windows ask here for the catalogue, and for the notices they missed while they were closed. "
            "The answer comes back to the one that asked.",
        ),
        QUESTIONS_QUEUE: translate("Flow", "Questions wait here for a warehouse."),
        INVENTORY: translate(
            "Flow",
            "A fanout exchange copies each message to every queue bound to it: stock that has changed goes to all "
            "windows.",
        ),
        WAREHOUSE: translate(
            "Flow",
            "Takes orders, reserves stock and writes the outcome in one transaction of its books; then it tells the "
            "outcome, and acknowledges the order last. If it dies before that, RabbitMQ gives the order out again, "
            "and the books know that it was settled.",
        ),
        NOTIFICATIONS: translate(
            "Flow",
            "A topic exchange: each notice has the key client.<user>.order.<order>, and goes to the queues whose "
            "pattern it fits.",
        ),
        MINE: translate(
            "Flow",
            "A queue of this listener alone, which goes with its connection. It is bound to this user's notices, or to "
            "everyone's where those are shown. What is told meanwhile is asked for when the window opens again.",
        ),
        LISTENER: translate("Flow", "The notifications' tab of this window keeps each notice in the user's history."),
        OTHERS: translate("Flow", "Every other listener has such a queue, bound to the notices of its own user."),
    }.get(key, "")
