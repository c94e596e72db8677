"""Cases, their parties, notes and chronology."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "psg_case",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "priority_1",
                "priority_2",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("lead_agency_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "headline_band",
            sa.Enum(
                "standard",
                "medium",
                "high",
                "critical",
                name="band",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closure_code", sa.String(length=32), nullable=False),
        sa.Column("closure_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closure_code = '')", name=op.f("ck_psg_case_closed_with_code")
        ),
        sa.ForeignKeyConstraint(["lead_agency_id"], ["agency.id"], name=op.f("fk_psg_case_lead_agency_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["user_account.id"], name=op.f("fk_psg_case_lead_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user_account.id"], name=op.f("fk_psg_case_opened_by_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_psg_case_subject_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_psg_case_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_psg_case")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_psg_case_audit_id")),
    )
    op.create_index(
        "ix_psg_case_board", "psg_case", ["closed_at", "stage", "next_review_on", "id"], unique=False
    )
    op.create_index(op.f("ix_psg_case_headline_band"), "psg_case", ["headline_band"], unique=False)
    op.create_index(op.f("ix_psg_case_lead_agency_id"), "psg_case", ["lead_agency_id"], unique=False)
    op.create_index(op.f("ix_psg_case_lead_id"), "psg_case", ["lead_id"], unique=False)
    op.create_index(op.f("ix_psg_case_next_review_on"), "psg_case", ["next_review_on"], unique=False)
    op.create_index(op.f("ix_psg_case_opened_by_id"), "psg_case", ["opened_by_id"], unique=False)
    op.create_index(op.f("ix_psg_case_subject_id"), "psg_case", ["subject_id"], unique=False)
    op.create_index(op.f("ix_psg_case_ward_id"), "psg_case", ["ward_id"], unique=False)
    op.create_table(
        "case_aim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "aim",
            sa.Enum(
                "demand",
                "need",
                "enforcement",
                name="aim",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_case_aim_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_aim")),
        sa.UniqueConstraint("case_id", "aim", name=op.f("uq_case_aim_case_id_aim")),
    )
    op.create_index(op.f("ix_case_aim_aim"), "case_aim", ["aim"], unique=False)
    op.create_index(op.f("ix_case_aim_case_id"), "case_aim", ["case_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_note_agency_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_note_case_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["note.id"], name=op.f("fk_note_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_note_audit_id")),
    )
    op.create_index(op.f("ix_note_agency_id"), "note", ["agency_id"], unique=False)
    op.create_index(op.f("ix_note_author_id"), "note", ["author_id"], unique=False)
    op.create_index("ix_note_case_happened", "note", ["case_id", "happened_at", "id"], unique=False)
    op.create_index(op.f("ix_note_corrects_id"), "note", ["corrects_id"], unique=False)
    op.create_table(
        "party",
        sa.Column("case_id", sa.Integer(), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_party_case_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_party_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_party_audit_id")),
        sa.UniqueConstraint("case_id", "subject_id", "role", name=op.f("uq_party_case_id_subject_id_role")),
    )
    op.create_index(op.f("ix_party_case_id"), "party", ["case_id"], unique=False)
    op.create_index(op.f("ix_party_subject_id"), "party", ["subject_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "case",
                "stage",
                "note",
                "score",
                "plan",
                "sharing",
                "action",
                "response",
                "meeting",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("is_milestone", sa.Boolean(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_event_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_event_case_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_event_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_actor_id"), "event", ["actor_id"], unique=False)
    op.create_index("ix_event_case_happened", "event", ["case_id", "happened_at", "id"], unique=False)
    op.create_index(op.f("ix_event_note_id"), "event", ["note_id"], unique=False)
    op.create_index(op.f("ix_event_recorded_at"), "event", ["recorded_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_event_recorded_at"), table_name="event")
    op.drop_index(op.f("ix_event_note_id"), table_name="event")
    op.drop_index("ix_event_case_happened", table_name="event")
    op.drop_index(op.f("ix_event_actor_id"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_party_subject_id"), table_name="party")
    op.drop_index(op.f("ix_party_case_id"), table_name="party")
    op.drop_table("party")
    op.drop_index(op.f("ix_note_corrects_id"), table_name="note")
    op.drop_index("ix_note_case_happened", table_name="note")
    op.drop_index(op.f("ix_note_author_id"), table_name="note")
    op.drop_index(op.f("ix_note_agency_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_case_aim_case_id"), table_name="case_aim")
    op.drop_index(op.f("ix_case_aim_aim"), table_name="case_aim")
    op.drop_table("case_aim")
    op.drop_index(op.f("ix_psg_case_ward_id"), table_name="psg_case")
    op.drop_index(op.f("ix_psg_case_subject_id"), table_name="psg_case")
    op.drop_index(op.f("ix_psg_case_opened_by_id"), table_name="psg_case")
    op.drop_index(op.f("ix_psg_case_next_review_on"), table_name="psg_case")
    op.drop_index(op.f("ix_psg_case_lead_id"), table_name="psg_case")
    op.drop_index(op.f("ix_psg_case_lead_agency_id"), table_name="psg_case")
    op.drop_index(op.f("ix_psg_case_headline_band"), table_name="psg_case")
    op.drop_index("ix_psg_case_board", table_name="psg_case")
    op.drop_table("psg_case")
