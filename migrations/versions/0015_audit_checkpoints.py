"""Signed checkpoints of the record, one a size."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "length(note) <= 131072", name=op.f("ck_audit_checkpoint_note_is_at_most_128_kib")
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_audit_checkpoint_size_counts_entries")),
        sa.ForeignKeyConstraint(
            ["generation"], ["audit_generation.generation"], name=op.f("fk_audit_checkpoint_generation")
        ),
        sa.PrimaryKeyConstraint("generation", "size", name=op.f("pk_audit_checkpoint")),
    )


def downgrade() -> None:
    op.drop_table("audit_checkpoint")
