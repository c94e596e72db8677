"""Rules of screening as dated versions, and what was dismissed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dismissal",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_dismissal_reason_filled")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_dismissal_by_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_dismissal_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissal")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_dismissal_audit_id")),
    )
    op.create_index(op.f("ix_dismissal_by_id"), "dismissal", ["by_id"], unique=False)
    op.create_index(op.f("ix_dismissal_subject_id"), "dismissal", ["subject_id"], unique=False)
    op.create_index(op.f("ix_dismissal_until"), "dismissal", ["until"], unique=False)
    op.create_table(
        "threshold_set",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_threshold_set_source_filled")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_threshold_set_entered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold_set")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_threshold_set_audit_id")),
        sa.UniqueConstraint("number", name=op.f("uq_threshold_set_number")),
    )
    op.create_index(op.f("ix_threshold_set_entered_by_id"), "threshold_set", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_threshold_set_in_force_from"), "threshold_set", ["in_force_from"], unique=False)
    op.create_table(
        "threshold_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "person",
                "child",
                "place",
                "victim",
                "suspected_of_domestic_abuse",
                name="rulesubject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "test",
            sa.Enum(
                "one_agency",
                "each_agency",
                "all",
                "week",
                "related",
                "hate",
                "none",
                name="ruletest",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at_least", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("agencies", sa.Integer(), nullable=True),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("place_kinds", sa.String(length=200), nullable=False),
        sa.Column("comparator", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(test = 'each_agency') = (agencies IS NOT NULL)",
            name=op.f("ck_threshold_rule_agencies_where_several"),
        ),
        sa.CheckConstraint(
            "(test = 'none') = (at_least IS NULL)", name=op.f("ck_threshold_rule_counts_unless_none")
        ),
        sa.CheckConstraint(
            "(test = 'week') = (weeks IS NOT NULL)", name=op.f("ck_threshold_rule_weeks_where_median")
        ),
        sa.CheckConstraint(
            "test = 'none' OR (days IS NULL) <> (months IS NULL)",
            name=op.f("ck_threshold_rule_window_in_days_or_months"),
        ),
        sa.CheckConstraint("at_least >= 1", name=op.f("ck_threshold_rule_at_least_one")),
        sa.CheckConstraint("days >= 1", name=op.f("ck_threshold_rule_at_least_a_day")),
        sa.CheckConstraint("months >= 1", name=op.f("ck_threshold_rule_at_least_a_month")),
        sa.ForeignKeyConstraint(["set_id"], ["threshold_set.id"], name=op.f("fk_threshold_rule_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold_rule")),
        sa.UniqueConstraint("set_id", "code", name=op.f("uq_threshold_rule_set_id_code")),
    )


def downgrade() -> None:
    op.drop_table("threshold_rule")
    op.drop_index(op.f("ix_threshold_set_in_force_from"), table_name="threshold_set")
    op.drop_index(op.f("ix_threshold_set_entered_by_id"), table_name="threshold_set")
    op.drop_table("threshold_set")
    op.drop_index(op.f("ix_dismissal_until"), table_name="dismissal")
    op.drop_index(op.f("ix_dismissal_subject_id"), table_name="dismissal")
    op.drop_index(op.f("ix_dismissal_by_id"), table_name="dismissal")
    op.drop_table("dismissal")
