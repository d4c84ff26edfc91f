"""Trace ids: as W3C writes them, and the same for the same message."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.domain.orders import new_order_id
from messaging.telemetry import tracing

W3C = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@given(st.uuids().map(str) | st.text(min_size=1, max_size=40), st.text(max_size=20))
def test_any_identity_gives_a_traceparent_of_the_w3cs_form(identity: str, hop: str) -> None:
    assert W3C.fullmatch(tracing.traceparent(tracing.trace_id_of(identity), hop))


def test_an_order_can_be_found_by_its_id_in_a_tracing_system() -> None:
    identity = new_order_id()
    assert tracing.trace_id_of(identity) == identity.replace("-", "")


def test_a_message_sent_again_carries_the_ids_of_the_first_time_and_another_message_another_span() -> None:
    trace = tracing.trace_id_of("7/1/2026-11-22")
    assert tracing.traceparent(trace, "placed") == tracing.traceparent(trace, "placed")
    assert tracing.traceparent(trace, "placed") != tracing.traceparent(trace, "cancel")


def test_a_senders_own_trace_is_continued() -> None:
    sent = {tracing.HEADER: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}
    assert tracing.trace_id_in(sent, "x") == "4bf92f3577b34da6a3ce929d0e0e4736"
    later_version = {tracing.HEADER: "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-more"}
    assert tracing.trace_id_in(later_version, "x") == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    "nonsense",
    [
        7,
        "",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        f"00-{'0' * 32}-00f067aa0ba902b7-00",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-00",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00\n",
    ],
)
def test_a_senders_nonsense_is_not_continued(nonsense: object) -> None:
    assert tracing.trace_id_in({tracing.HEADER: nonsense}, "x") == tracing.trace_id_of("x")
