"""A listener over fakes for each test."""

from tests.helpers.history_core import listener

__all__ = ["listener"]
