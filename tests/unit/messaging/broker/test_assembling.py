"""Of a large body the beginning is kept, with the length and the digest of the whole."""

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika import frame, spec
from pika.exceptions import BodyTooLongError

from messaging.broker.frames.assembler import Assembler
from messaging.broker.frames.content import Content

MOST = 100


def put_together(assembler: Assembler, fragments: list[bytes]) -> tuple[Content, bytes]:
    content = Content()
    deliver = frame.Method(1, spec.Basic.Deliver())
    header = frame.Header(1, sum(map(len, fragments)), content)
    frames: list[Any] = [deliver, header, *(frame.Body(1, part) for part in fragments)]
    *others, last = (assembler.process(one) for one in frames)
    assert not any(others)
    assert last is not None
    method, _, body = last
    assert method is deliver
    return content, body


@given(st.lists(st.lists(st.binary(min_size=1, max_size=60), max_size=6), max_size=5))
def test_each_of_several_messages(messages: list[list[bytes]]) -> None:
    assembler = Assembler(MOST)
    for fragments in messages:
        whole = b"".join(fragments)
        content, body = put_together(assembler, fragments)
        assert body == whole[:MOST]
        is_cut = len(whole) > MOST
        assert content.length == (len(whole) if is_cut else 0)
        assert content.digest == (sha256(whole).hexdigest() if is_cut else "")


def test_more_than_was_announced_is_an_error() -> None:
    assembler = Assembler(MOST)
    assembler.process(frame.Method(1, spec.Basic.Deliver()))
    assembler.process(frame.Header(1, 3, Content()))
    with pytest.raises(BodyTooLongError):
        assembler.process(frame.Body(1, b"four"))
