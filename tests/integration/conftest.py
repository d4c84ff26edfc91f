"""Where the warehouse's books are concerned a test here runs on SQLite and on PostgreSQL."""

from tests.helpers.books import postgresql, server, store, store_url

__all__ = ["postgresql", "server", "store", "store_url"]
