"""Answers go to whoever asked, and nowhere else."""

from pathlib import Path

import pika
import pytest

from messaging.contract import codec, topology
from messaging.contract.reply_to import is_answerable
from messaging.domain.orders import new_order
from tests.helpers.amqp import depth
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

# RabbitMQ 3.10 closes the connection of whoever answers to one of the last three.
MADE_UP = ["", "amq.rabbitmq.reply-to", "amq.rabbitmq.reply-to.g1h.x", "amq.rabbitmq.reply-to.garbage"]
ELSEWHERE = [*(queue.name for queue in topology.QUEUES), "amq.gen-", "amq.gen-a\n", "amq.gen-" + "x" * 200, "other"]
NOBODYS = "amq.rabbitmq.reply-to.g1h2AA9yZXBseUAxMDE3MzI2NjEAAAO0AAAAAGsLKYs=.CgSyWhZyjItSGrZH/pP7CQ=="
ALICE = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def ask(url: str, question: codec.Question, *reply_to: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    for name in reply_to:
        properties = pika.BasicProperties(reply_to=name, correlation_id="c")
        channel.basic_publish(topology.QUESTIONS.name, topology.QUESTION_KEY, codec.encode(question), properties)
    connection.close()


def test_a_question_that_wants_its_answer_elsewhere_is_set_aside(shop: Shop) -> None:
    wrong = [name for name in MADE_UP + ELSEWHERE if name != topology.DIRECT_REPLY_TO]
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        ask(shop.url, codec.AskEvents(0), *wrong)
        eventually(lambda: shop.look(lambda store: store.counts()).set_aside == len(wrong))
    kept = shop.look(lambda store: store.set_aside.page())
    assert all("only RabbitMQ's direct reply-to is answered" in one.reason for one in kept)
    assert {one.queue for one in kept} == {topology.QUESTIONS_QUEUE.name}
    assert all(depth(shop.url, queue.name) == 0 for queue in topology.QUEUES)


def test_a_name_that_rabbitmq_stumbles_over_takes_no_notices_away(shop: Shop) -> None:
    alice = shop.profile()
    with shop.warehouse() as (_, told), shop.client(alice) as (client, heard):
        told.until(lambda t: t.is_ready)
        heard.until(lambda t: t.is_ready)
        for _ in range(20):
            ask(shop.url, codec.AskEvents(0), NOBODYS)
            client.place(new_order(alice.user_id, [("mechanical_keyboard", 1)])).result(10)
        heard.until(lambda t: len(t.orders) == 20 and all(o.state.value == "processed" for o in t.orders.values()))
        told.until(lambda t: t.is_ready)


def test_a_queue_that_rabbitmq_has_named_is_answered(shop: Shop) -> None:
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        connection = pika.BlockingConnection(pika.URLParameters(shop.url))
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        properties = pika.BasicProperties(reply_to=queue, correlation_id="c")
        body = codec.encode(codec.AskCatalogue())
        channel.basic_publish(topology.QUESTIONS.name, topology.QUESTION_KEY, body, properties)
        (answer,) = [body for _, _, body in [next(channel.consume(queue, inactivity_timeout=10))]]
        connection.close()
    assert answer is not None
    assert len(codec.read_inventory(answer).levels) == 10


@pytest.mark.parametrize("name", [*MADE_UP, *ELSEWHERE, None, b"amq.gen-x", 1])
def test_only_names_that_rabbitmq_makes_are_answered(name: object) -> None:
    assert not is_answerable(name)
    assert is_answerable(NOBODYS)
    assert is_answerable("amq.gen-JzTY20BRgKO-HjmUJj0wLg")
