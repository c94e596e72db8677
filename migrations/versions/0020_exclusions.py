"""Contacts that count towards no rule, with who decided it; pairs that a person has said are not one incident.

The two indexes of contacts now hold all that a count asks, by subject and by day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


COUNTING = ["agency_id", "role", "withdrawn_at", "excluded_reason", "recorded_at"]


def upgrade() -> None:
    op.execute(
        "ALTER TABLE contact ADD COLUMN excluded_reason VARCHAR(32) CONSTRAINT ck_contact_exclusionreason "
        "CHECK (excluded_reason IN ('panel', 'emergency', 'professional_safeguarding'))"
    )
    with op.batch_alter_table("contact") as contact:
        contact.add_column(sa.Column("grouped_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE contact SET grouped_at = (SELECT created_at FROM incident WHERE incident.id = contact.incident_id) "
        "WHERE incident_id IS NOT NULL"
    )
    with op.batch_alter_table("contact") as contact:
        contact.create_check_constraint(
            op.f("ck_contact_grouped_at_some_time"), "(incident_id IS NULL) = (grouped_at IS NULL)"
        )
    op.drop_index("ix_contact_counting", table_name="contact")
    op.create_index("ix_contact_of_subject", "contact", ["subject_id", "happened_on", *COUNTING])
    op.create_index("ix_contact_by_day", "contact", ["happened_on", "subject_id", *COUNTING])
    op.create_table(
        "contact_exclusion",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "panel",
                "emergency",
                "professional_safeguarding",
                name="exclusionreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_why", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_why = '')", name=op.f("ck_contact_exclusion_lifted_with_reason")
        ),
        sa.CheckConstraint("why <> ''", name=op.f("ck_contact_exclusion_why_filled")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)",
            name=op.f("ck_contact_exclusion_lifted_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_exclusion_contact_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_contact_exclusion_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["user_account.id"], name=op.f("fk_contact_exclusion_lifted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_exclusion")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_contact_exclusion_audit_id")),
    )
    op.create_index(
        op.f("ix_contact_exclusion_contact_id"), "contact_exclusion", ["contact_id"], unique=False
    )
    op.create_index(
        op.f("ix_contact_exclusion_decided_by_id"), "contact_exclusion", ["decided_by_id"], unique=False
    )
    op.create_index(
        "uq_contact_exclusion_in_force",
        "contact_exclusion",
        ["contact_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_contact_exclusion_lifted_by_id"), "contact_exclusion", ["lifted_by_id"], unique=False
    )
    op.create_table(
        "contact_mismatch",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_contact_mismatch_in_order")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_contact_mismatch_by_id")),
        sa.ForeignKeyConstraint(["one_id"], ["contact.id"], name=op.f("fk_contact_mismatch_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["contact.id"], name=op.f("fk_contact_mismatch_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_mismatch")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_contact_mismatch_audit_id")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_contact_mismatch_one_id_other_id")),
    )
    op.create_index(op.f("ix_contact_mismatch_by_id"), "contact_mismatch", ["by_id"], unique=False)
    op.create_index(op.f("ix_contact_mismatch_other_id"), "contact_mismatch", ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_mismatch_other_id"), table_name="contact_mismatch")
    op.drop_index(op.f("ix_contact_mismatch_by_id"), table_name="contact_mismatch")
    op.drop_table("contact_mismatch")
    op.drop_index(op.f("ix_contact_exclusion_lifted_by_id"), table_name="contact_exclusion")
    op.drop_index(
        "uq_contact_exclusion_in_force",
        table_name="contact_exclusion",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_index(op.f("ix_contact_exclusion_decided_by_id"), table_name="contact_exclusion")
    op.drop_index(op.f("ix_contact_exclusion_contact_id"), table_name="contact_exclusion")
    op.drop_table("contact_exclusion")
    op.drop_index("ix_contact_by_day", table_name="contact")
    op.drop_index("ix_contact_of_subject", table_name="contact")
    op.create_index("ix_contact_counting", "contact", ["subject_id", "happened_on", "role", "withdrawn_at"])
    with op.batch_alter_table("contact") as contact:
        contact.drop_constraint(op.f("ck_contact_grouped_at_some_time"), type_="check")
        contact.drop_constraint(op.f("ck_contact_exclusionreason"), type_="check")
        contact.drop_column("grouped_at")
        contact.drop_column("excluded_reason")
