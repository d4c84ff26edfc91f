"""Alembic's environment for the warehouse's books; `messaging.warehouse.store.database.migrate` runs it."""
