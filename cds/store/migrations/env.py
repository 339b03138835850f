"""How does alembic run the migrations? On the connection and in the transaction it is given."""

from alembic import context

from cds.store.schema import METADATA

# Both databases undo changes of the schema, so all migrations stand or fall with that transaction.
context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
