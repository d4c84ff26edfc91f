"""Every exchange, queue, key and policy, each name written once, as values."""

from enum import StrEnum

from msgspec import Struct


class ExchangeKind(StrEnum):
    DIRECT = "direct"
    TOPIC = "topic"
    FANOUT = "fanout"


class Exchange(Struct, frozen=True):
    name: str
    kind: ExchangeKind


class Queue(Struct, frozen=True):
    """A durable queue, declared without arguments: what it needs more comes by policy."""

    name: str


class Binding(Struct, frozen=True):
    exchange: Exchange
    queue: Queue
    key: str


class Policy(Struct, frozen=True):
    name: str
    pattern: str
    apply_to: str
    definition: dict[str, str | int]
    priority: int = 0


NEW_ORDERS = Exchange("new_orders_exchange", ExchangeKind.DIRECT)
NOTIFICATIONS = Exchange("notification_exchange", ExchangeKind.TOPIC)
DEAD_LETTERS = Exchange("dead_letter_exchange", ExchangeKind.FANOUT)
QUESTIONS = Exchange("warehouse_query_exchange", ExchangeKind.DIRECT)
INVENTORY = Exchange("inventory_exchange", ExchangeKind.FANOUT)

NEW_ORDERS_QUEUE = Queue("new_orders_queue")
COMMANDS_QUEUE = Queue("order_commands_queue")
DEAD_LETTER_QUEUE = Queue("dead_letter_queue")
QUESTIONS_QUEUE = Queue("warehouse_query_queue")

ORDER_KEY = ""
COMMAND_KEY = "command"
QUESTION_KEY = "question"

EXCHANGES = (NEW_ORDERS, NOTIFICATIONS, DEAD_LETTERS, QUESTIONS, INVENTORY)
QUEUES = (NEW_ORDERS_QUEUE, COMMANDS_QUEUE, DEAD_LETTER_QUEUE, QUESTIONS_QUEUE)
BINDINGS = (
    Binding(NEW_ORDERS, NEW_ORDERS_QUEUE, ORDER_KEY),
    Binding(NEW_ORDERS, COMMANDS_QUEUE, COMMAND_KEY),
    Binding(DEAD_LETTERS, DEAD_LETTER_QUEUE, ""),
    Binding(QUESTIONS, QUESTIONS_QUEUE, QUESTION_KEY),
)
POLICIES = (
    Policy(
        "order-desk-dead-letters",
        f"^({NEW_ORDERS_QUEUE.name}|{COMMANDS_QUEUE.name})$",
        "queues",
        {"dead-letter-exchange": DEAD_LETTERS.name},
    ),
)

DIRECT_REPLY_TO = "amq.rabbitmq.reply-to"  # RabbitMQ's pseudo-queue for answers


def notice_key(user_id: str | int, order_id: str | int) -> str:
    return f"client.{user_id}.order.{order_id}"


def notices_of(user_id: str | int) -> str:
    """The binding that brings one user's notices."""
    return f"client.{user_id}.order.#"


NOTICES_OF_ALL = "client.#"
