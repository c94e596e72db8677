"""Counts of crimes and incidents by area and month, as the police publish them."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(length=80), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_month")),
        sa.UniqueConstraint("force", "month", name=op.f("uq_area_month_force_month")),
    )
    op.create_table(
        "area_file",
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_area_file_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_file")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_area_file_audit_id")),
    )
    op.create_index(op.f("ix_area_file_by_id"), "area_file", ["by_id"], unique=False)
    op.create_table(
        "area_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.Column("area_name", sa.String(length=80), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("location", sa.String(length=120), nullable=False),
        sa.Column("latitude", sa.Numeric(precision=6, scale=3, asdecimal=False), nullable=True),
        sa.Column("longitude", sa.Numeric(precision=6, scale=3, asdecimal=False), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_area_contact_both_or_none")
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_area_contact_count_positive")),
        sa.ForeignKeyConstraint(["file_id"], ["area_file.id"], name=op.f("fk_area_contact_file_id")),
        sa.ForeignKeyConstraint(["month_id"], ["area_month.id"], name=op.f("fk_area_contact_month_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_area_contact_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_contact")),
    )
    op.create_index("ix_area_contact_area", "area_contact", ["area_code", "month_id"], unique=False)
    op.create_index(op.f("ix_area_contact_file_id"), "area_contact", ["file_id"], unique=False)
    op.create_index("ix_area_contact_month_area", "area_contact", ["month_id", "area_code"], unique=False)
    op.create_index(op.f("ix_area_contact_ward_id"), "area_contact", ["ward_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_area_contact_ward_id"), table_name="area_contact")
    op.drop_index("ix_area_contact_month_area", table_name="area_contact")
    op.drop_index(op.f("ix_area_contact_file_id"), table_name="area_contact")
    op.drop_index("ix_area_contact_area", table_name="area_contact")
    op.drop_table("area_contact")
    op.drop_index(op.f("ix_area_file_by_id"), table_name="area_file")
    op.drop_table("area_file")
    op.drop_table("area_month")
