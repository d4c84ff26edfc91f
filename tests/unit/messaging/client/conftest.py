"""A client over fakes for each test."""

from tests.helpers.history_core import client

__all__ = ["client"]
