"""What the keeper of the private RabbitMQ says reaches its members with code and parameters."""

import json

from messaging.broker.node.protocol import NodeReport, NodeStage, line, read_report
from messaging.phrases import Words, phrase, with_log

READY = phrase("supervisor.rabbitmq_is_ready_at_127_0", amqp=5672)


def test_a_report_comes_as_it_was_told() -> None:
    for words in (READY, with_log(READY, ["a", "b"]), Words(""), Words("a\nb")):
        told = NodeReport(NodeStage.READY, words, "amqp://h", members=2)
        report = read_report(line(told))
        assert report == told
        if words.message is not None:
            assert report.words.message == words.message


def test_an_older_keeper_says_the_text_alone() -> None:
    report = read_report(b'{"stage": "ready", "words": "RabbitMQ is ready.", "url": "amqp://h"}\n')
    assert report == NodeReport(NodeStage.READY, Words("RabbitMQ is ready."), "amqp://h")
    assert report.words.message is None


def test_an_older_member_finds_what_it_knows() -> None:
    told = json.loads(line(NodeReport(NodeStage.READY, READY)))
    assert (told["stage"], told["words"], told["members"]) == ("ready", READY, 0)
