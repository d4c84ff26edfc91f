"""A sentence as code and values: what is made of it, and what of it is believed when it comes from anybody."""

import pytest

from messaging.errors import OrderDeskError
from messaging.messages import KEPT, LISTED, WITH_LOG, Message, as_message
from messaging.phrases import Words, listed, phrase, with_log

SHORT = {"code": "stock.asked_free", "parameters": {"name": "milk", "asked": 3, "left": 1}}


def test_a_phrase_is_its_english_text_and_its_message() -> None:
    words = phrase("stock.asked_free", name="milk", asked=3, left=1)
    assert words == "milk: 3 asked, 1 free"
    assert words.message == Message("stock.asked_free", {"name": "milk", "asked": 3, "left": 1})


def test_a_phrase_in_a_phrase_stays_a_message() -> None:
    error = OrderDeskError(phrase("codec.order"))
    for reason in (error, error.words):
        words = phrase("replays.it_would_be_refused_again", reason=reason)
        assert words == "it would be refused again. order"
        assert words.message == Message("replays.it_would_be_refused_again", {"reason": Message("codec.order")})


def test_of_what_others_say_the_text_is_kept() -> None:
    words = phrase("replays.it_would_be_refused_again", reason=Words("sold out"))
    assert words.message == Message(
        "replays.it_would_be_refused_again", {"reason": Message(KEPT, {"text": "sold out"})}
    )
    words = phrase("replays.it_would_be_refused_again", reason=ValueError("sold out"))
    assert words.message == Message("replays.it_would_be_refused_again", {"reason": "sold out"})


def test_several_and_those_with_a_log_are_messages_too() -> None:
    one, other = phrase("codec.order"), Words("sold out")
    assert listed([one]) is one
    assert listed([one, other]) == "order; sold out"
    both = (Message("codec.order"), Message(KEPT, {"text": "sold out"}))
    assert listed([one, other]).message == Message(LISTED, {"sentences": both})
    assert with_log(one, ["a", "b"]) == "order\na\nb"
    assert with_log(one, ["a", "b"]).message == Message(WITH_LOG, {"first": Message("codec.order"), "lines": "a\nb"})


def test_an_error_carries_its_message_without_passwords() -> None:
    url = "amqp://u:secret@h"
    words = phrase("replays.it_would_be_refused_again", reason=phrase("connection.connected_to", url=url))
    error = OrderDeskError(words)
    assert str(error) == error.words == "it would be refused again. Connected to amqp://u:***@h"
    assert "secret" not in repr(error.words.message)
    assert error.words.message is not None
    assert error.words.message.code == "replays.it_would_be_refused_again"


def test_a_message_comes_back_from_json() -> None:
    assert as_message(SHORT) == Message("stock.asked_free", {"name": "milk", "asked": 3, "left": 1})
    several = {"code": LISTED, "parameters": {"sentences": [SHORT, {"code": "codec.order"}]}}
    found = as_message(several)
    assert found is not None
    assert found.parameters["sentences"] == (as_message(SHORT), Message("codec.order"))


def test_what_is_not_seen_never_reaches_a_label() -> None:
    found = as_message({"code": "stock.not_in_the_catalogue", "parameters": {"name": "a\u202eb\x00c\nd"}})
    assert found == Message("stock.not_in_the_catalogue", {"name": "a\ufffdb\ufffdc d"})


def _nested(depth: int) -> object:
    inner: object = "x"
    for _ in range(depth):
        inner = {"code": "replays.it_would_be_refused_again", "parameters": {"reason": inner}}
    return inner


@pytest.mark.parametrize(
    "found",
    [
        None, 5, "text", [], [SHORT], {}, {"code": 5}, {"code": None, "parameters": {}}, {"code": "c" * 1000},
        {"code": "c", "parameters": []}, {"code": "c", "parameters": None}, {"code": "c", "parameters": "p"},
        {"code": "c", "parameters": {"a": None}}, {"code": "c", "parameters": {"a": True}},
        {"code": "c", "parameters": {"a": "x" * 1001}}, {"code": "c", "parameters": {"a": 10**40}},
        {"code": "c", "parameters": {"a": float("nan")}}, {"code": "c", "parameters": {"a": float("inf")}},
        {"code": "c", "parameters": {5: "a"}}, {"code": "c", "parameters": {"a": ["x"]}},
        {"code": "c", "parameters": {"a": [SHORT] * 201}}, {"code": "c", "parameters": {"a": {"b": "c"}}},
        {"code": "c", "parameters": {str(n): n for n in range(17)}}, _nested(6), _nested(900),
    ],
)  # fmt: skip
def test_what_we_could_not_have_made_is_no_message(found: object) -> None:
    assert as_message(found) is None
