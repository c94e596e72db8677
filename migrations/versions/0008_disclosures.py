"""The information-sharing log, and the legal grounds it rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_ground",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "family",
            sa.Enum(
                "gateway",
                "basis",
                "condition",
                name="groundfamily",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("must_verify", sa.Boolean(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("in_force_until >= in_force_from", name=op.f("ck_legal_ground_in_force_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_ground")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_legal_ground_code_version")),
    )
    op.create_table(
        "legal_ground_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ground_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
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
        sa.ForeignKeyConstraint(
            ["ground_id"], ["legal_ground.id"], name=op.f("fk_legal_ground_kind_ground_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_ground_kind")),
        sa.UniqueConstraint("ground_id", "kind", name=op.f("uq_legal_ground_kind_ground_id_kind")),
    )
    op.create_index(op.f("ix_legal_ground_kind_ground_id"), "legal_ground_kind", ["ground_id"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "meeting",
                "phone",
                "email",
                "system",
                "paper",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("basis_id", sa.Integer(), nullable=False),
        sa.Column("needs_condition", sa.Boolean(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=True),
        sa.Column("policy_document", sa.String(length=200), nullable=False),
        sa.Column("why_necessary", sa.Text(), nullable=False),
        sa.Column("why_proportionate", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("what_was_wrong", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (what_was_wrong = '')", name=op.f("ck_disclosure_correction_says_what")
        ),
        sa.CheckConstraint(
            "why_necessary <> '' AND why_proportionate <> ''", name=op.f("ck_disclosure_reasons_given")
        ),
        sa.CheckConstraint(
            "NOT needs_condition OR condition_id IS NOT NULL", name=op.f("ck_disclosure_condition_given")
        ),
        sa.CheckConstraint("corrects_id <> id", name=op.f("ck_disclosure_corrects_another")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_disclosure_agency_id")),
        sa.ForeignKeyConstraint(["basis_id"], ["legal_ground.id"], name=op.f("fk_disclosure_basis_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_disclosure_case_id")),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["legal_ground.id"], name=op.f("fk_disclosure_condition_id")
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["disclosure.id"], name=op.f("fk_disclosure_corrects_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_disclosure_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_disclosure_audit_id")),
    )
    op.create_index(op.f("ix_disclosure_agency_id"), "disclosure", ["agency_id"], unique=False)
    op.create_index(op.f("ix_disclosure_basis_id"), "disclosure", ["basis_id"], unique=False)
    op.create_index(
        "ix_disclosure_case_happened", "disclosure", ["case_id", "disclosed_at", "id"], unique=False
    )
    op.create_index(op.f("ix_disclosure_channel"), "disclosure", ["channel"], unique=False)
    op.create_index(op.f("ix_disclosure_condition_id"), "disclosure", ["condition_id"], unique=False)
    op.create_index(op.f("ix_disclosure_corrects_id"), "disclosure", ["corrects_id"], unique=False)
    op.create_index("ix_disclosure_happened", "disclosure", ["disclosed_at", "id"], unique=False)
    op.create_index(op.f("ix_disclosure_recorded_by_id"), "disclosure", ["recorded_by_id"], unique=False)
    op.create_table(
        "disclosure_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "identity",
                "housing",
                "incidents",
                "assessment",
                "support",
                "household",
                "safeguarding",
                "images",
                "place",
                "criminal",
                "health",
                "special",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosure.id"], name=op.f("fk_disclosure_category_disclosure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_category")),
        sa.UniqueConstraint(
            "disclosure_id", "category", name=op.f("uq_disclosure_category_disclosure_id_category")
        ),
    )
    op.create_index(
        op.f("ix_disclosure_category_disclosure_id"), "disclosure_category", ["disclosure_id"], unique=False
    )
    op.create_table(
        "disclosure_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("gateway_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_disclosure_recipient_agency_id")),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosure.id"], name=op.f("fk_disclosure_recipient_disclosure_id")
        ),
        sa.ForeignKeyConstraint(
            ["gateway_id"], ["legal_ground.id"], name=op.f("fk_disclosure_recipient_gateway_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_recipient")),
        sa.UniqueConstraint(
            "disclosure_id", "agency_id", name=op.f("uq_disclosure_recipient_disclosure_id_agency_id")
        ),
    )
    op.create_index(
        op.f("ix_disclosure_recipient_agency_id"), "disclosure_recipient", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_disclosure_recipient_disclosure_id"), "disclosure_recipient", ["disclosure_id"], unique=False
    )
    op.create_index(
        op.f("ix_disclosure_recipient_gateway_id"), "disclosure_recipient", ["gateway_id"], unique=False
    )
    op.create_table(
        "disclosure_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "victim",
                "perpetrator",
                "person_of_concern",
                "witness",
                "household_member",
                "place",
                name="partyrole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosure.id"], name=op.f("fk_disclosure_subject_disclosure_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_disclosure_subject_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_subject")),
        sa.UniqueConstraint(
            "disclosure_id",
            "subject_id",
            "role",
            name=op.f("uq_disclosure_subject_disclosure_id_subject_id_role"),
        ),
    )
    op.create_index(
        op.f("ix_disclosure_subject_disclosure_id"), "disclosure_subject", ["disclosure_id"], unique=False
    )
    op.create_index(
        op.f("ix_disclosure_subject_subject_id"), "disclosure_subject", ["subject_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_disclosure_subject_subject_id"), table_name="disclosure_subject")
    op.drop_index(op.f("ix_disclosure_subject_disclosure_id"), table_name="disclosure_subject")
    op.drop_table("disclosure_subject")
    op.drop_index(op.f("ix_disclosure_recipient_gateway_id"), table_name="disclosure_recipient")
    op.drop_index(op.f("ix_disclosure_recipient_disclosure_id"), table_name="disclosure_recipient")
    op.drop_index(op.f("ix_disclosure_recipient_agency_id"), table_name="disclosure_recipient")
    op.drop_table("disclosure_recipient")
    op.drop_index(op.f("ix_disclosure_category_disclosure_id"), table_name="disclosure_category")
    op.drop_table("disclosure_category")
    op.drop_index(op.f("ix_disclosure_recorded_by_id"), table_name="disclosure")
    op.drop_index("ix_disclosure_happened", table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_corrects_id"), table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_condition_id"), table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_channel"), table_name="disclosure")
    op.drop_index("ix_disclosure_case_happened", table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_basis_id"), table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_agency_id"), table_name="disclosure")
    op.drop_table("disclosure")
    op.drop_index(op.f("ix_legal_ground_kind_ground_id"), table_name="legal_ground_kind")
    op.drop_table("legal_ground_kind")
    op.drop_table("legal_ground")
