"""Contacts and incidents of people and places, by agency."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = ("asb", "noise", "hate", "crime", "domestic", "fire", "health", "welfare", "tenancy", "other")
ROLES = ("subject", "caller", "suspected", "victim", "witness")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "demand_import",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_demand_import_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_import")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_demand_import_audit_id")),
    )
    op.create_index(op.f("ix_demand_import_agency_id"), "demand_import", ["agency_id"], unique=False)
    op.create_table(
        "supplied_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_supplied_month_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplied_month")),
        sa.UniqueConstraint("agency_id", "month", name=op.f("uq_supplied_month_agency_id_month")),
    )
    op.create_table(
        "incident",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("contactkind", KINDS), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_incident_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_incident_audit_id")),
    )
    op.create_index(op.f("ix_incident_subject_id"), "incident", ["subject_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("contactkind", KINDS), nullable=False),
        sa.Column("role", _one_of("contactrole", ROLES), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source_reference", sa.String(length=60), nullable=True),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("is_crisis", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_contact_withdrawn_with_reason")
        ),
        sa.CheckConstraint("source_reference <> ''", name=op.f("ck_contact_source_reference_filled")),
        sa.CheckConstraint(
            "(recorded_by_id IS NULL) <> (import_id IS NULL)", name=op.f("ck_contact_by_hand_or_import")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_contact_agency_id")),
        sa.ForeignKeyConstraint(["import_id"], ["demand_import.id"], name=op.f("fk_contact_import_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_contact_incident_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_contact_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_contact_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "agency_id", "source_reference", name=op.f("uq_contact_agency_id_source_reference")
        ),
        sa.UniqueConstraint("audit_id", name=op.f("uq_contact_audit_id")),
    )
    op.create_index(
        "ix_contact_counting", "contact", ["subject_id", "happened_on", "role", "withdrawn_at"], unique=False
    )
    op.create_index(op.f("ix_contact_import_id"), "contact", ["import_id"], unique=False)
    op.create_index(op.f("ix_contact_incident_id"), "contact", ["incident_id"], unique=False)
    op.create_index(op.f("ix_contact_recorded_by_id"), "contact", ["recorded_by_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_recorded_by_id"), table_name="contact")
    op.drop_index(op.f("ix_contact_incident_id"), table_name="contact")
    op.drop_index(op.f("ix_contact_import_id"), table_name="contact")
    op.drop_index("ix_contact_counting", table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_incident_subject_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_table("supplied_month")
    op.drop_index(op.f("ix_demand_import_agency_id"), table_name="demand_import")
    op.drop_table("demand_import")
