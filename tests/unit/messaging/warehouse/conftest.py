"""A warehouse's core for each test."""

from tests.helpers.warehouse_core import core

__all__ = ["core"]
