"""Blocking work in a thread of its own."""

import threading

import pytest

from messaging.runtime.threads import run_in_thread


def test_the_future_holds_what_the_work_returned_in_another_thread() -> None:
    assert run_in_thread(threading.current_thread, "counting").result(10).name == "counting"


@pytest.mark.parametrize("error", [OSError("gone"), KeyboardInterrupt(), SystemExit(3)])
def test_the_future_holds_the_error_that_ended_the_work(error: BaseException) -> None:
    def fail() -> None:
        raise error

    assert run_in_thread(fail, "failing").exception(10) is error
