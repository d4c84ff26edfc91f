"""A channel of RabbitMQ without RabbitMQ: the test answers in its place, and AMQP's rules for tags are kept."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pika
from pika import exceptions

from messaging.broker.channel import Callback
from messaging.broker.frames.content import Content


@dataclass
class Published:
    tag: int  # of the publisher confirms
    exchange: str
    key: str
    body: bytes
    properties: Any
    mandatory: bool


@dataclass
class FakeOwner:
    """The connection: what is starting on it, and the errors for which it was dropped."""

    open_starts: list[object] = field(default_factory=list)
    dropped: list[BaseException] = field(default_factory=list)

    def starting(self, what: object) -> None:
        self.open_starts.append(what)

    def started(self, what: object) -> None:
        self.open_starts = [one for one in self.open_starts if one is not what]

    def drop(self, error: BaseException) -> None:
        self.dropped.append(error)


class FakeChannel:
    """`answer()` gives the answers that RabbitMQ owes; `deliver`, `confirm` and so on are what it does of itself."""

    def __init__(self, login: str = "operator") -> None:
        self.is_open = True
        self.connection = SimpleNamespace(params=SimpleNamespace(credentials=SimpleNamespace(username=login)))
        self.published: list[Published] = []
        self.acked: list[int] = []
        self.nacked: list[tuple[int, bool]] = []  # with requeue
        self.prefetch: list[int] = []  # each that was asked for
        self.consumed: dict[str, tuple[str, bool]] = {}  # consumer tag: queue, auto_ack
        self.bound: list[tuple[str, str, str]] = []
        self.declared: list[tuple[str, bool, bool]] = []
        self.asked: list[str] = []  # queues of basic_get
        self.is_confirming = False
        self._owed: deque[Callable[[], object]] = deque()
        self._takers: dict[str, Callback] = {}
        self._getters: deque[tuple[str, Callback]] = deque()
        self._unacked: list[int] = []
        self._tag = self._consumers = 0
        self._on: dict[str, list[Callback]] = {"return": [], "close": [], "cancel": [], "empty": [], "confirm": []}

    def answer(self, most: int = 100) -> None:
        """At most so many of the answers that are owed, oldest first."""
        while self._owed and most:
            self._owed.popleft()()
            most -= 1

    def deliver(self, body: bytes = b"{}", queue: str = "", key: str = "", **properties: Any) -> int:
        """The delivery's tag. Among the properties: `redelivered`, and `length`, `digest`, `fault`, `raw` as read."""
        consumer = next(tag for tag, (name, _) in self.consumed.items() if queue in ("", name))
        self._takers[consumer](self, *self._message(body, key, self.consumed[consumer][1], properties))
        return self._tag

    def give(self, body: bytes = b"{}", key: str = "", **properties: Any) -> int:
        """The answer to a basic_get."""
        _, callback = self._getters.popleft()
        callback(self, *self._message(body, key, False, properties))
        return self._tag

    def give_nothing(self) -> None:
        self._getters.popleft()
        for callback in self._on["empty"]:
            callback(SimpleNamespace())

    def confirm(self, tag: int, *, multiple: bool = False, name: str = "Basic.Ack") -> None:
        frame = SimpleNamespace(method=SimpleNamespace(NAME=name, delivery_tag=tag, multiple=multiple))
        for callback in self._on["confirm"]:
            callback(frame)

    def refuse(self, tag: int, *, multiple: bool = False) -> None:
        self.confirm(tag, multiple=multiple, name="Basic.Nack")

    def send_back(self, tag: int) -> None:
        """No queue is bound; the confirm comes after it."""
        message = next(one for one in self.published if one.tag == tag)
        for callback in self._on["return"]:
            callback(self, SimpleNamespace(), message.properties, message.body)

    def delete_queue(self) -> None:
        for callback in self._on["cancel"]:
            callback(SimpleNamespace())

    def break_off(self, error: Exception | None = None) -> None:
        """RabbitMQ closes it, or the connection goes; what it owed never comes."""
        self.is_open = False
        self._owed.clear()
        for callback in self._on["close"]:
            callback(self, error or exceptions.ConnectionClosed(320, "gone"))

    @property
    def unacked(self) -> list[int]:
        return list(self._unacked)

    def close(self) -> None:
        self._check()
        self.is_open = False

    def add_callback(self, callback: Callback, replies: Iterable[Any], one_shot: bool = True) -> None:
        assert list(replies) == [pika.spec.Basic.GetEmpty]
        assert not one_shot
        self._on["empty"].append(callback)

    def add_on_cancel_callback(self, callback: Callback) -> None:
        self._on["cancel"].append(callback)

    def add_on_close_callback(self, callback: Callback) -> None:
        self._on["close"].append(callback)

    def add_on_return_callback(self, callback: Callback) -> None:
        self._on["return"].append(callback)

    def confirm_delivery(self, ack_nack_callback: Callback, callback: Callback | None = None) -> None:
        self._check()
        self.is_confirming = True
        self._on["confirm"].append(ack_nack_callback)
        self._owe(callback, SimpleNamespace())

    def basic_publish(
        self, exchange: str, routing_key: str, body: bytes, properties: Any = None, mandatory: bool = False
    ) -> None:
        self._check()
        tag = len(self.published) + 1
        self.published.append(Published(tag, exchange, routing_key, body, properties, mandatory))

    def basic_qos(self, *, prefetch_count: int, callback: Callback | None = None) -> None:
        self._check()
        self.prefetch.append(prefetch_count)
        self._owe(callback, SimpleNamespace())

    def basic_consume(
        self, queue: str, on_message_callback: Callback, auto_ack: bool = False, *, callback: Callback | None = None
    ) -> str:
        self._check()
        self._consumers += 1
        tag = f"ctag{self._consumers}"
        self.consumed[tag] = (queue, auto_ack)
        self._takers[tag] = on_message_callback
        self._owe(callback, SimpleNamespace())
        return tag

    def basic_cancel(self, consumer_tag: str, callback: Callback | None = None) -> None:
        self._check()
        del self.consumed[consumer_tag]
        self._owe(callback, SimpleNamespace())

    def basic_get(self, queue: str, callback: Callback) -> None:
        self._check()
        assert not self._getters, "one basic_get at a time"
        self.asked.append(queue)
        self._getters.append((queue, callback))

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        self._check()
        self.acked += self._take_tags(delivery_tag, multiple)

    def basic_nack(self, delivery_tag: int, multiple: bool = False, requeue: bool = True) -> None:
        self._check()
        self.nacked += [(tag, requeue) for tag in self._take_tags(delivery_tag, multiple)]

    def queue_declare(
        self, queue: str, *, exclusive: bool = False, auto_delete: bool = False, callback: Callback | None = None
    ) -> None:
        self._check()
        self.declared.append((queue, exclusive, auto_delete))
        self._owe(callback, SimpleNamespace(method=SimpleNamespace(queue=queue or "amq.gen-1")))

    def queue_bind(self, queue: str, exchange: str, routing_key: str, *, callback: Callback | None = None) -> None:
        self._check()
        self.bound.append((queue, exchange, routing_key))
        self._owe(callback, SimpleNamespace())

    def _check(self) -> None:
        assert self.is_open, "nothing may be sent on a closed channel"

    def _owe(self, callback: Callback | None, answer: object) -> None:
        if callback is not None:
            self._owed.append(lambda: callback(answer))

    def _take_tags(self, tag: int, multiple: bool) -> list[int]:
        taken = [one for one in self._unacked if one == tag or (multiple and one < tag)]
        assert tag in taken, f"unknown delivery tag {tag}: RabbitMQ would close the channel"
        self._unacked = [one for one in self._unacked if one not in taken]
        return taken

    def _message(self, body: bytes, key: str, auto_ack: bool, properties: dict[str, Any]) -> tuple[Any, Content, bytes]:
        self._tag += 1
        if not auto_ack:
            self._unacked.append(self._tag)
        redelivered = properties.pop("redelivered", False)
        content = Content(**{name: value for name, value in properties.items() if name not in Content.__annotations__})
        for name in properties.keys() & Content.__annotations__.keys():
            setattr(content, name, properties[name])
        return SimpleNamespace(delivery_tag=self._tag, routing_key=key, redelivered=redelivered), content, body
