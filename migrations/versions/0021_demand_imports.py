"""Files of contacts: what came of each, who brought it, rows that wait, columns that were matched."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KINDS = ("asb", "noise", "hate", "crime", "domestic", "fire", "health", "welfare", "tenancy", "other")
ROLES = ("subject", "caller", "suspected", "victim", "witness")
COUNTS = ("held", "withdrawn", "differing", "left_out")
STATES = "'received', 'reading', 'checked', 'refused', 'complete'"


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """What was imported before was complete at once."""
    op.add_column("demand_import", sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("demand_import", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE demand_import SET completed_at = created_at")
    for count in COUNTS:
        op.execute(f"ALTER TABLE demand_import ADD COLUMN {count} INTEGER DEFAULT 0 NOT NULL")
    op.execute(
        "ALTER TABLE demand_import ADD COLUMN state VARCHAR(32) DEFAULT 'complete' NOT NULL"
        f" CONSTRAINT ck_demand_import_importstate CHECK (state IN ({STATES}))"
        " CONSTRAINT ck_demand_import_complete_with_time CHECK ((state = 'complete') = (completed_at IS NOT NULL))"
    )
    op.create_table(
        "agency_columns",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_columns_agency_id")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user_account.id"], name=op.f("fk_agency_columns_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agency_columns")),
    )
    op.create_index(
        op.f("ix_agency_columns_settled_by_id"), "agency_columns", ["settled_by_id"], unique=False
    )
    op.create_table(
        "import_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("act", _one_of("act", "brought", "undone"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_import_act_by_id")),
        sa.ForeignKeyConstraint(["import_id"], ["demand_import.id"], name=op.f("fk_import_act_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_act")),
        sa.UniqueConstraint("import_id", "act", name=op.f("uq_import_act_import_id_act")),
    )
    op.create_index(op.f("ix_import_act_by_id"), "import_act", ["by_id"], unique=False)
    op.create_table(
        "waiting_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("contactkind", *KINDS), nullable=False),
        sa.Column("role", _one_of("contactrole", *ROLES), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source_reference", sa.String(length=60), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("is_crisis", sa.Boolean(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["demand_import.id"], name=op.f("fk_waiting_contact_import_id")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_waiting_contact_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_contact")),
    )
    op.create_index(op.f("ix_waiting_contact_import_id"), "waiting_contact", ["import_id"], unique=False)
    op.create_index(op.f("ix_waiting_contact_subject_id"), "waiting_contact", ["subject_id"], unique=False)


def downgrade() -> None:
    """An import that was not complete has added nothing."""
    op.drop_index(op.f("ix_waiting_contact_subject_id"), table_name="waiting_contact")
    op.drop_index(op.f("ix_waiting_contact_import_id"), table_name="waiting_contact")
    op.drop_table("waiting_contact")
    op.drop_index(op.f("ix_import_act_by_id"), table_name="import_act")
    op.drop_table("import_act")
    op.drop_index(op.f("ix_agency_columns_settled_by_id"), table_name="agency_columns")
    op.drop_table("agency_columns")
    op.execute("DELETE FROM demand_import WHERE completed_at IS NULL")
    for column in ("state", *COUNTS, "undone_at", "completed_at"):
        op.execute(f"ALTER TABLE demand_import DROP COLUMN {column}")
