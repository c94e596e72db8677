"""The action plan, and which cases serve it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("year", sa.String(length=7), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_plan_audit_id")),
        sa.UniqueConstraint("year", name=op.f("uq_plan_year")),
    )
    op.create_table(
        "area_of_focus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_area_of_focus_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_of_focus")),
        sa.UniqueConstraint("plan_id", "name", name=op.f("uq_area_of_focus_plan_id_name")),
    )
    op.create_index(op.f("ix_area_of_focus_plan_id"), "area_of_focus", ["plan_id"], unique=False)
    op.create_table(
        "commitment",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("same_as_id <> id", name=op.f("ck_commitment_same_as_another")),
        sa.ForeignKeyConstraint(["area_id"], ["area_of_focus.id"], name=op.f("fk_commitment_area_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_commitment_plan_id")),
        sa.ForeignKeyConstraint(["same_as_id"], ["commitment.id"], name=op.f("fk_commitment_same_as_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_commitment_audit_id")),
        sa.UniqueConstraint("plan_id", "reference", name=op.f("uq_commitment_plan_id_reference")),
    )
    op.create_index(op.f("ix_commitment_area_id"), "commitment", ["area_id"], unique=False)
    op.create_index(op.f("ix_commitment_plan_id"), "commitment", ["plan_id"], unique=False)
    op.create_index(op.f("ix_commitment_same_as_id"), "commitment", ["same_as_id"], unique=False)
    op.create_table(
        "case_commitment",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("how <> ''", name=op.f("ck_case_commitment_says_how")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_case_commitment_case_id")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_case_commitment_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["user_account.id"], name=op.f("fk_case_commitment_linked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_commitment")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_case_commitment_audit_id")),
        sa.UniqueConstraint(
            "case_id", "commitment_id", name=op.f("uq_case_commitment_case_id_commitment_id")
        ),
    )
    op.create_index(op.f("ix_case_commitment_case_id"), "case_commitment", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_case_commitment_commitment_id"), "case_commitment", ["commitment_id"], unique=False
    )
    op.create_index(
        op.f("ix_case_commitment_linked_by_id"), "case_commitment", ["linked_by_id"], unique=False
    )
    op.create_table(
        "commitment_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_lead_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_lead")),
        sa.UniqueConstraint("commitment_id", "name", name=op.f("uq_commitment_lead_commitment_id_name")),
    )
    op.create_index(
        op.f("ix_commitment_lead_commitment_id"), "commitment_lead", ["commitment_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_commitment_lead_commitment_id"), table_name="commitment_lead")
    op.drop_table("commitment_lead")
    op.drop_index(op.f("ix_case_commitment_linked_by_id"), table_name="case_commitment")
    op.drop_index(op.f("ix_case_commitment_commitment_id"), table_name="case_commitment")
    op.drop_index(op.f("ix_case_commitment_case_id"), table_name="case_commitment")
    op.drop_table("case_commitment")
    op.drop_index(op.f("ix_commitment_same_as_id"), table_name="commitment")
    op.drop_index(op.f("ix_commitment_plan_id"), table_name="commitment")
    op.drop_index(op.f("ix_commitment_area_id"), table_name="commitment")
    op.drop_table("commitment")
    op.drop_index(op.f("ix_area_of_focus_plan_id"), table_name="area_of_focus")
    op.drop_table("area_of_focus")
    op.drop_table("plan")
