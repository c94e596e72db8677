"""The ladder, responses, offers of support, and the test of enforcement."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ladder_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("legal", sa.String(length=20), nullable=False),
        sa.Column("is_enforcement", sa.Boolean(), nullable=False),
        sa.Column("is_place_power", sa.Boolean(), nullable=False),
        sa.Column("is_support", sa.Boolean(), nullable=False),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("duration", sa.Text(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("consequence", sa.Text(), nullable=False),
        sa.Column("in_force", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.Column("verify", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_step")),
        sa.UniqueConstraint("edition", "code", name=op.f("uq_ladder_step_edition_code")),
    )
    op.create_table(
        "response",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("hypothesis_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column(
            "pat_side",
            sa.Enum(
                "victim",
                "offender",
                "place",
                name="patside",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("intended_measure", sa.Text(), nullable=False),
        sa.Column("ladder_reason", sa.Text(), nullable=False),
        sa.Column("owner_agency_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "under_way",
                "done",
                "dropped",
                name="responsestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status = 'planned' OR status = 'dropped' OR started_on IS NOT NULL",
            name=op.f("ck_response_start_dated"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_response_case_id")),
        sa.ForeignKeyConstraint(["hypothesis_id"], ["hypothesis.id"], name=op.f("fk_response_hypothesis_id")),
        sa.ForeignKeyConstraint(["owner_agency_id"], ["agency.id"], name=op.f("fk_response_owner_agency_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_response_owner_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_response_party_id")),
        sa.ForeignKeyConstraint(["step_id"], ["ladder_step.id"], name=op.f("fk_response_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_response_audit_id")),
    )
    op.create_index(op.f("ix_response_case_id"), "response", ["case_id"], unique=False)
    op.create_index(op.f("ix_response_hypothesis_id"), "response", ["hypothesis_id"], unique=False)
    op.create_index(op.f("ix_response_owner_agency_id"), "response", ["owner_agency_id"], unique=False)
    op.create_index(op.f("ix_response_owner_id"), "response", ["owner_id"], unique=False)
    op.create_index(op.f("ix_response_party_id"), "response", ["party_id"], unique=False)
    op.create_index(op.f("ix_response_step_id"), "response", ["step_id"], unique=False)
    op.create_table(
        "support_offer",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("why_suitable", sa.Text(), nullable=False),
        sa.Column("is_clinical", sa.Boolean(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "waiting",
                "accepted",
                "declined",
                "no_engagement",
                name="offeroutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'waiting') = (outcome_on IS NULL)", name=op.f("ck_support_offer_outcome_dated")
        ),
        sa.CheckConstraint("outcome_on >= offered_on", name=op.f("ck_support_offer_outcome_after_offer")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_support_offer_agency_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_support_offer_case_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_support_offer_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_offer")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_support_offer_audit_id")),
    )
    op.create_index(op.f("ix_support_offer_agency_id"), "support_offer", ["agency_id"], unique=False)
    op.create_index(op.f("ix_support_offer_case_id"), "support_offer", ["case_id"], unique=False)
    op.create_index(op.f("ix_support_offer_party_id"), "support_offer", ["party_id"], unique=False)
    op.create_table(
        "enforcement_test",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "declined",
                "community_harm",
                name="supportroute",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("harm_evidence", sa.Text(), nullable=False),
        sa.Column("harm_reason", sa.Text(), nullable=False),
        sa.Column("proportionality", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("equality", sa.Text(), nullable=False),
        sa.Column("youth_justice", sa.Text(), nullable=False),
        sa.Column("victims_views", sa.Text(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_enforcement_test_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_enforcement_test_response_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enforcement_test")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_enforcement_test_audit_id")),
        sa.UniqueConstraint("response_id", name=op.f("uq_enforcement_test_response_id")),
    )
    op.create_index(
        op.f("ix_enforcement_test_approved_by_id"), "enforcement_test", ["approved_by_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_enforcement_test_approved_by_id"), table_name="enforcement_test")
    op.drop_table("enforcement_test")
    op.drop_index(op.f("ix_support_offer_party_id"), table_name="support_offer")
    op.drop_index(op.f("ix_support_offer_case_id"), table_name="support_offer")
    op.drop_index(op.f("ix_support_offer_agency_id"), table_name="support_offer")
    op.drop_table("support_offer")
    op.drop_index(op.f("ix_response_step_id"), table_name="response")
    op.drop_index(op.f("ix_response_party_id"), table_name="response")
    op.drop_index(op.f("ix_response_owner_id"), table_name="response")
    op.drop_index(op.f("ix_response_owner_agency_id"), table_name="response")
    op.drop_index(op.f("ix_response_hypothesis_id"), table_name="response")
    op.drop_index(op.f("ix_response_case_id"), table_name="response")
    op.drop_table("response")
    op.drop_table("ladder_step")
