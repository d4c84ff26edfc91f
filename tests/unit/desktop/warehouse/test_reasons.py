import pytest

from desktop.warehouse.set_aside.reasons import BadField, bad_field, in_plain_words
from messaging.contract import codec
from messaging.errors import UnreadableMessage

START = b'{"order_id":1,"user_id":2,"created_at":"now","status":"new_order"'


def reason_of(body: bytes) -> str:
    with pytest.raises(UnreadableMessage) as refused:
        codec.read_order(body)
    return str(refused.value)


def test_the_bad_field_of_a_refused_order_is_named_in_plain_words() -> None:
    reason = reason_of(START + b',"order":[{"name":"a","quantity":1},{"name":"b","quantity":"2"}]}')
    assert bad_field(reason) == BadField("quantity", 2)
    assert in_plain_words(reason) == "line 2, quantity: must be a whole number, but is text"


def test_a_field_that_is_not_there_is_the_bad_one() -> None:
    assert bad_field(reason_of(START + b"}")) == BadField("order")
    assert in_plain_words(reason_of(START + b',"order":[{"name":"a"}]}')) == "line 1, quantity: is missing"


def test_limits_are_told() -> None:
    reason = reason_of(START + b',"order":[{"name":"a","quantity":0}]}')
    assert in_plain_words(reason) == "line 1, quantity: must be a whole number, at least 1"
    assert in_plain_words(reason_of(START + b',"order":[]}')) == "lines: must be a list, at least 1 long"


def test_how_an_id_or_a_text_must_be_written_is_told() -> None:
    lines = b',"order":[{"name":"a","quantity":1}]}'
    order_id = b'{"order_id":"x","user_id":"u","created_at":"now","status":"new_order"' + lines
    assert in_plain_words(reason_of(order_id)) == "order number: must be a whole number or a UUID in small letters"
    user = b'{"order_id":1,"user_id":"<b>","created_at":"now","status":"new_order"' + lines
    told = "user: must be a whole number, or at most 36 letters, digits, - and _"
    assert in_plain_words(reason_of(user)) == told
    text = START + b',"order":[{"name":"a\\u0007","quantity":1}]}'
    assert in_plain_words(reason_of(text)) == "line 1, product: must be text without control characters"


def test_what_is_wrong_as_a_whole_stays_as_it_is() -> None:
    reason = reason_of(b"\xff")
    assert bad_field(reason) is None
    assert in_plain_words(reason) == reason


def test_fields_are_called_as_the_form_calls_them() -> None:
    reason = reason_of(b'{"order_id":1,"created_at":"now","status":"new_order","order":[{"name":"a","quantity":1}]}')
    assert bad_field(reason) == BadField("user_id")
    assert in_plain_words(reason) == "user: is missing"
