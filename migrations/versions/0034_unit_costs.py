"""Unit costs of demand as dated versions."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost_set",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("price_year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_cost_set_source_filled")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_cost_set_entered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_set")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_cost_set_audit_id")),
        sa.UniqueConstraint("number", name=op.f("uq_cost_set_number")),
    )
    op.create_index(op.f("ix_cost_set_effective_from"), "cost_set", ["effective_from"], unique=False)
    op.create_index(op.f("ix_cost_set_entered_by_id"), "cost_set", ["entered_by_id"], unique=False)
    op.create_table(
        "unit_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column(
            "agency_kind",
            sa.Enum(
                "police",
                "council",
                "housing",
                "fire",
                "ambulance",
                "adult_care",
                "childrens_services",
                "probation",
                "health",
                "substance_use",
                "employment",
                "youth_justice",
                "voluntary",
                "oversight",
                name="agencykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.CheckConstraint("pence > 0", name=op.f("ck_unit_cost_more_than_nothing")),
        sa.ForeignKeyConstraint(["set_id"], ["cost_set.id"], name=op.f("fk_unit_cost_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_cost")),
        sa.UniqueConstraint("set_id", "agency_kind", name=op.f("uq_unit_cost_set_id_agency_kind")),
    )


def downgrade() -> None:
    op.drop_table("unit_cost")
    op.drop_index(op.f("ix_cost_set_entered_by_id"), table_name="cost_set")
    op.drop_index(op.f("ix_cost_set_effective_from"), table_name="cost_set")
    op.drop_table("cost_set")
