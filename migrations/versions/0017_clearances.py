"""A second person clears what is shared from a sealed case."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clearance",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "pending",
                "granted",
                "refused",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disclosure_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(decision = 'pending') = (decided_at IS NULL)", name=op.f("ck_clearance_decided_with_time")
        ),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name=op.f("ck_clearance_two_people")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_clearance_agency_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_clearance_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_clearance_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_clearance_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosure.id"], name=op.f("fk_clearance_disclosure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_clearance_audit_id")),
    )
    op.create_index(op.f("ix_clearance_agency_id"), "clearance", ["agency_id"], unique=False)
    op.create_index(op.f("ix_clearance_asked_by_id"), "clearance", ["asked_by_id"], unique=False)
    op.create_index("ix_clearance_case_decision", "clearance", ["case_id", "decision"], unique=False)
    op.create_index(op.f("ix_clearance_decided_by_id"), "clearance", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_clearance_disclosure_id"), "clearance", ["disclosure_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_clearance_disclosure_id"), table_name="clearance")
    op.drop_index(op.f("ix_clearance_decided_by_id"), table_name="clearance")
    op.drop_index("ix_clearance_case_decision", table_name="clearance")
    op.drop_index(op.f("ix_clearance_asked_by_id"), table_name="clearance")
    op.drop_index(op.f("ix_clearance_agency_id"), table_name="clearance")
    op.drop_table("clearance")
