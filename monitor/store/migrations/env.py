"""Alembic's entry: runs the migrations on the engine that `monitor.store.engine.migrate` hands over."""

from alembic import context
from sqlalchemy import text

from monitor.store.tables import Base

# Of several dashboards that start together one migrates, and the others wait for it. Any number will do.
TURN = 7_240_113

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        context.run_migrations()
