"""Alembic's environment: it works on the connection it is given, and on the provider's tables only."""

from alembic import context

from provisor.ringcentral.storage.migrations import VERSION_TABLE
from provisor.ringcentral.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
