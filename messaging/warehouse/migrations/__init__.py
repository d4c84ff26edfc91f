"""Alembic's environment for the warehouse's books; `messaging.warehouse.migrate` runs it."""
