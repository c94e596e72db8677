"""Indexes of contacts for the few that were recorded by hand or are of an incident, and not for every contact."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

COLUMNS = ("recorded_by_id", "incident_id")


def upgrade() -> None:
    for column in COLUMNS:
        there = sa.text(f"{column} IS NOT NULL")
        op.drop_index(op.f(f"ix_contact_{column}"), table_name="contact")
        op.create_index(
            f"ix_contact_{column}", "contact", [column], sqlite_where=there, postgresql_where=there
        )


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(f"ix_contact_{column}", table_name="contact")
        op.create_index(op.f(f"ix_contact_{column}"), "contact", [column], unique=False)
