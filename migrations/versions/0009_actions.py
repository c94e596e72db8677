"""Actions: what one agency does on a case by a day."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "dropped",
                name="actionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (status = 'open')", name=op.f("ck_action_closed_when_ended")
        ),
        sa.CheckConstraint("status = 'open' OR outcome <> ''", name=op.f("ck_action_ended_with_words")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_action_agency_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_action_case_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_action_owner_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["user_account.id"], name=op.f("fk_action_raised_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_action_audit_id")),
    )
    op.create_index(
        "ix_action_agency_status_due", "action", ["agency_id", "status", "due_on", "id"], unique=False
    )
    op.create_index(
        "ix_action_case_status_due", "action", ["case_id", "status", "due_on", "id"], unique=False
    )
    op.create_index(
        "ix_action_owner_status_due", "action", ["owner_id", "status", "due_on", "id"], unique=False
    )
    op.create_index(op.f("ix_action_raised_by_id"), "action", ["raised_by_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_action_raised_by_id"), table_name="action")
    op.drop_index("ix_action_owner_status_due", table_name="action")
    op.drop_index("ix_action_case_status_due", table_name="action")
    op.drop_index("ix_action_agency_status_due", table_name="action")
    op.drop_table("action")
