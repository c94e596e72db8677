"""The records of the five stages, what they list, and how a case passes from stage to stage."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_return",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("data", "nil", name="returnkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("window_until", sa.Date(), nullable=False),
        sa.Column("figure", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_return_agency_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_agency_return_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_return")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_agency_return_audit_id")),
    )
    op.create_index(op.f("ix_agency_return_agency_id"), "agency_return", ["agency_id"], unique=False)
    op.create_index(op.f("ix_agency_return_case_id"), "agency_return", ["case_id"], unique=False)
    op.create_table(
        "analysis_author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_analysis_author_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_analysis_author_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_author")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_analysis_author_case_id_user_id")),
    )
    op.create_index(op.f("ix_analysis_author_case_id"), "analysis_author", ["case_id"], unique=False)
    op.create_index(op.f("ix_analysis_author_user_id"), "analysis_author", ["user_id"], unique=False)
    op.create_table(
        "analysis_record",
        sa.Column("victim_side", sa.Text(), nullable=False),
        sa.Column("offender_side", sa.Text(), nullable=False),
        sa.Column("place_side", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("drivers_demand", sa.Text(), nullable=False),
        sa.Column("drivers_need", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("data_gaps", sa.Text(), nullable=False),
        sa.Column("equality", sa.Text(), nullable=False),
        sa.Column("vulnerability", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(reviewed_by_id IS NULL) = (reviewed_at IS NULL)", name=op.f("ck_analysis_record_review_dated")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_analysis_record_case_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user_account.id"], name=op.f("fk_analysis_record_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_record")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_analysis_record_audit_id")),
        sa.UniqueConstraint("case_id", name=op.f("uq_analysis_record_case_id")),
    )
    op.create_index(
        op.f("ix_analysis_record_reviewed_by_id"), "analysis_record", ["reviewed_by_id"], unique=False
    )
    op.create_table(
        "assessment_record",
        sa.Column("work_done", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("displacement", sa.Text(), nullable=False),
        sa.Column("unintended", sa.Text(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("follow_up_how", sa.Text(), nullable=False),
        sa.Column(
            "lesson",
            sa.Enum(
                "offered", "withheld", name="lesson", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("lesson_text", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_assessment_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_record")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_assessment_record_audit_id")),
        sa.UniqueConstraint("case_id", name=op.f("uq_assessment_record_case_id")),
    )
    op.create_table(
        "closure_proposal",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "pending",
                "confirmed",
                "declined",
                "lapsed",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer_reason", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_closure_proposal_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_closure_proposal_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_closure_proposal_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_proposal")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_closure_proposal_audit_id")),
    )
    op.create_index(
        op.f("ix_closure_proposal_answered_by_id"), "closure_proposal", ["answered_by_id"], unique=False
    )
    op.create_index(op.f("ix_closure_proposal_by_id"), "closure_proposal", ["by_id"], unique=False)
    op.create_index(op.f("ix_closure_proposal_case_id"), "closure_proposal", ["case_id"], unique=False)
    op.create_table(
        "hypothesis",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("expect", sa.Text(), nullable=False),
        sa.Column("evidence_for", sa.Text(), nullable=False),
        sa.Column("evidence_against", sa.Text(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "open",
                "supported",
                "not_supported",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_hypothesis_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypothesis")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_hypothesis_audit_id")),
    )
    op.create_index(op.f("ix_hypothesis_case_id"), "hypothesis", ["case_id"], unique=False)
    op.create_table(
        "objective_record",
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("harmed", sa.Text(), nullable=False),
        sa.Column(
            "aim_type",
            sa.Enum(
                "eliminate",
                "reduce",
                "reduce_seriousness",
                "deal_efficiently",
                "persuade",
                name="aimtype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reduce_by", sa.Integer(), nullable=True),
        sa.Column("out_of_scope", sa.Text(), nullable=False),
        sa.Column("sharing_basis", sa.Text(), nullable=False),
        sa.Column("sharing_agreement", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_objective_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_record")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_objective_record_audit_id")),
        sa.UniqueConstraint("case_id", name=op.f("uq_objective_record_case_id")),
    )
    op.create_table(
        "response_record",
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("side_effects", sa.Text(), nullable=False),
        sa.Column("contingency", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_response_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_record")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_response_record_audit_id")),
        sa.UniqueConstraint("case_id", name=op.f("uq_response_record_case_id")),
    )
    op.create_table(
        "scanning_record",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("expectation", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("recurring", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Text(), nullable=False),
        sa.Column(
            "safeguarding",
            sa.Enum(
                "no_concern",
                "referred",
                "known",
                name="safeguarding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("safeguarding_on", sa.Date(), nullable=True),
        sa.Column("safeguarding_note", sa.Text(), nullable=False),
        sa.Column("duplicates", sa.Text(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("one", "several", name="scope", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("shared_with", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_scanning_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scanning_record")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_scanning_record_audit_id")),
        sa.UniqueConstraint("case_id", name=op.f("uq_scanning_record_case_id")),
    )
    op.create_table(
        "smart_objective",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=200), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=True),
        sa.Column("baseline_reason", sa.Text(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("data_owner_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "met",
                "part_met",
                "not_met",
                "unknown",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("outcome_data", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "baseline IS NOT NULL OR baseline_reason <> ''",
            name=op.f("ck_smart_objective_baseline_or_reason"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_smart_objective_case_id")),
        sa.ForeignKeyConstraint(
            ["data_owner_id"], ["agency.id"], name=op.f("fk_smart_objective_data_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_smart_objective")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_smart_objective_audit_id")),
    )
    op.create_index(op.f("ix_smart_objective_case_id"), "smart_objective", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_smart_objective_data_owner_id"), "smart_objective", ["data_owner_id"], unique=False
    )
    op.create_table(
        "stage_change",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "moved",
                "returned",
                "closed",
                "reopened",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_stage",
            sa.Enum(
                "objective",
                "scanning",
                "analysis",
                "response",
                "assessment",
                name="from_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_stage",
            sa.Enum(
                "objective",
                "scanning",
                "analysis",
                "response",
                "assessment",
                name="to_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_stage_change_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_stage_change_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_change")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_stage_change_audit_id")),
    )
    op.create_index(op.f("ix_stage_change_by_id"), "stage_change", ["by_id"], unique=False)
    op.create_index(op.f("ix_stage_change_case_id"), "stage_change", ["case_id"], unique=False)
    op.create_table(
        "before_after",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("before_until", sa.Date(), nullable=False),
        sa.Column("before_count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("after_from", sa.Date(), nullable=True),
        sa.Column("after_count", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(after_from IS NULL) = (after_count IS NULL)", name=op.f("ck_before_after_after_complete")
        ),
        sa.CheckConstraint("after_from > before_until", name=op.f("ck_before_after_after_follows")),
        sa.CheckConstraint("window_days >= 1", name=op.f("ck_before_after_window_counts")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_before_after_case_id")),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["smart_objective.id"], name=op.f("fk_before_after_objective_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_before_after")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_before_after_audit_id")),
        sa.UniqueConstraint("objective_id", name=op.f("uq_before_after_objective_id")),
    )
    op.create_index(op.f("ix_before_after_case_id"), "before_after", ["case_id"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "objective",
                "scanning",
                "analysis",
                "response",
                "assessment",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_waiver_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_waiver_case_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["stage_change.id"], name=op.f("fk_waiver_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_waiver_audit_id")),
    )
    op.create_index(op.f("ix_waiver_by_id"), "waiver", ["by_id"], unique=False)
    op.create_index(op.f("ix_waiver_case_id"), "waiver", ["case_id"], unique=False)
    op.create_index(op.f("ix_waiver_visit_id"), "waiver", ["visit_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_waiver_visit_id"), table_name="waiver")
    op.drop_index(op.f("ix_waiver_case_id"), table_name="waiver")
    op.drop_index(op.f("ix_waiver_by_id"), table_name="waiver")
    op.drop_table("waiver")
    op.drop_index(op.f("ix_before_after_case_id"), table_name="before_after")
    op.drop_table("before_after")
    op.drop_index(op.f("ix_stage_change_case_id"), table_name="stage_change")
    op.drop_index(op.f("ix_stage_change_by_id"), table_name="stage_change")
    op.drop_table("stage_change")
    op.drop_index(op.f("ix_smart_objective_data_owner_id"), table_name="smart_objective")
    op.drop_index(op.f("ix_smart_objective_case_id"), table_name="smart_objective")
    op.drop_table("smart_objective")
    op.drop_table("scanning_record")
    op.drop_table("response_record")
    op.drop_table("objective_record")
    op.drop_index(op.f("ix_hypothesis_case_id"), table_name="hypothesis")
    op.drop_table("hypothesis")
    op.drop_index(op.f("ix_closure_proposal_case_id"), table_name="closure_proposal")
    op.drop_index(op.f("ix_closure_proposal_by_id"), table_name="closure_proposal")
    op.drop_index(op.f("ix_closure_proposal_answered_by_id"), table_name="closure_proposal")
    op.drop_table("closure_proposal")
    op.drop_table("assessment_record")
    op.drop_index(op.f("ix_analysis_record_reviewed_by_id"), table_name="analysis_record")
    op.drop_table("analysis_record")
    op.drop_index(op.f("ix_analysis_author_user_id"), table_name="analysis_author")
    op.drop_index(op.f("ix_analysis_author_case_id"), table_name="analysis_author")
    op.drop_table("analysis_author")
    op.drop_index(op.f("ix_agency_return_case_id"), table_name="agency_return")
    op.drop_index(op.f("ix_agency_return_agency_id"), table_name="agency_return")
    op.drop_table("agency_return")
