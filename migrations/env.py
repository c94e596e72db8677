"""How a migration reaches the database: through the application's own engine."""

from alembic import context

from psg.audit import guards
from psg.base import Base
from psg.extensions import db


def migrate() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with guards.lifted(connection), context.begin_transaction():
            context.run_migrations()


migrate()
