"""Outlines of areas that maps are drawn over, each file of them a version."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outline_set",
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("licence <> ''", name=op.f("ck_outline_set_licence_filled")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_outline_set_source_filled")),
        sa.ForeignKeyConstraint(
            ["loaded_by_id"], ["user_account.id"], name=op.f("fk_outline_set_loaded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user_account.id"], name=op.f("fk_outline_set_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outline_set")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_outline_set_audit_id")),
    )
    op.create_index(op.f("ix_outline_set_loaded_by_id"), "outline_set", ["loaded_by_id"], unique=False)
    op.create_index(op.f("ix_outline_set_withdrawn_by_id"), "outline_set", ["withdrawn_by_id"], unique=False)
    op.create_table(
        "outline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("coordinates", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["outline_set.id"], name=op.f("fk_outline_set_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_outline_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outline")),
    )
    op.create_index(op.f("ix_outline_set_id"), "outline", ["set_id"], unique=False)
    op.create_index(op.f("ix_outline_ward_id"), "outline", ["ward_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outline_ward_id"), table_name="outline")
    op.drop_index(op.f("ix_outline_set_id"), table_name="outline")
    op.drop_table("outline")
    op.drop_index(op.f("ix_outline_set_withdrawn_by_id"), table_name="outline_set")
    op.drop_index(op.f("ix_outline_set_loaded_by_id"), table_name="outline_set")
    op.drop_table("outline_set")
