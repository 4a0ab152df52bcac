"""Alembic's environment: it works on the connection it is given."""

from alembic import context

from provisor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
