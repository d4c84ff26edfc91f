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
# A fanout exchange does not look at it. It is none of the keys above, so that stock levels go nowhere where somebody
# who may read this exchange and write to those binds the one to the other.
INVENTORY_KEY = "inventory"

EXCHANGES = (NEW_ORDERS, NOTIFICATIONS, DEAD_LETTERS, QUESTIONS, INVENTORY)
QUEUES = (NEW_ORDERS_QUEUE, COMMANDS_QUEUE, DEAD_LETTER_QUEUE, QUESTIONS_QUEUE)
# Holds one message: whose books are served at this broker. Nothing of the flow of messages passes through it.
BOOKS_RECORD_QUEUE = Queue("books_record_queue")
DECLARED_QUEUES = (*QUEUES, BOOKS_RECORD_QUEUE)
BINDINGS = (
    Binding(NEW_ORDERS, NEW_ORDERS_QUEUE, ORDER_KEY),
    Binding(NEW_ORDERS, COMMANDS_QUEUE, COMMAND_KEY),
    Binding(DEAD_LETTERS, DEAD_LETTER_QUEUE, ""),
    Binding(QUESTIONS, QUESTIONS_QUEUE, QUESTION_KEY),
)
# How often a quorum queue gives an order out again before it dead-letters it. Each lost connection and each pause of
# the warehouse counts, so that RabbitMQ's default from 4.0 on (20) would set good orders aside on a bad day; an order
# that kills whatever takes it still comes to an end.
DELIVERY_LIMIT = 1000

_HOLD_ORDERS = f"^({NEW_ORDERS_QUEUE.name}|{COMMANDS_QUEUE.name})$"


class Limits(Struct, frozen=True):
    """Of one account, in all virtual hosts together."""

    connections: int
    channels: int

    @property
    def definition(self) -> dict[str, int]:
        """As RabbitMQ names them."""
        return {"max-connections": self.connections, "max-channels": self.channels}

    @property
    def as_json(self) -> str:
        return f'{{"max-connections": {self.connections}, "max-channels": {self.channels}}}'


# A role uses two connections (a warehouse three) with up to five channels each, and one more for each of its consumers:
# twenty windows of one person, or of a warehouse's account, stay far below. A private node has one account for all.
ACCOUNT_LIMITS = Limits(100, 1_000)
PRIVATE_LIMITS = Limits(500, 5_000)
MOST_QUEUES = 2_000  # of a virtual host; a window has two of its own, a `listen` one

# Of queues that are named by RabbitMQ, as those of listeners are. They go with their connection; one that was left
# behind goes a minute after its last use. Where one is full the oldest goes: whoever listens asks the warehouse once
# a minute, and receives then what it has missed.
LISTENERS = Policy(
    "order-desk-listeners",
    r"^amq\.gen-",
    "queues",
    {"expires": 60_000, "max-length": 50_000, "max-length-bytes": 32 * 1024 * 1024},
    priority=1,
)

# One policy is in force for a queue: of those whose every key its type knows, the one with the highest priority.
# A classic queue knows no delivery limit, so that the second one is for quorum queues alone.
POLICIES = (
    Policy("order-desk-dead-letters", _HOLD_ORDERS, "queues", {"dead-letter-exchange": DEAD_LETTERS.name}),
    Policy(
        "order-desk-quorum",
        _HOLD_ORDERS,
        "queues",
        {"dead-letter-exchange": DEAD_LETTERS.name, "delivery-limit": DELIVERY_LIMIT},
        priority=1,
    ),
    LISTENERS,
)
QUORUM_ONLY = frozenset(("delivery-limit", "dead-letter-strategy"))

SERVER_NAMED = "amq.gen-"  # how RabbitMQ's names for listeners' queues begin
DIRECT_REPLY_TO = "amq.rabbitmq.reply-to"  # RabbitMQ's pseudo-queue for answers


def notice_key(user_id: str | int, order_id: str | int) -> str:
    return f"client.{user_id}.order.{order_id}"


def notices_of(user_id: str | int) -> str:
    """The binding that brings one user's notices."""
    return f"client.{user_id}.order.#"


NOTICES_OF_ALL = "client.#"
