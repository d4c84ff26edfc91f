"""Runs the migrations on the connection it is given, inside the caller's transaction.

Nothing commits in between: a start that is killed half way leaves the old schema whole.
"""

from alembic import context

from messaging.warehouse.store.database.schema import metadata


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
        render_as_batch=True,
    )
    context.run_migrations()


run()
