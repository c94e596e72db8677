"""Who belongs to a case, who may not see it, who was let in; who may read one note.

Whoever leads a case, and every coordinator, becomes a member of it: they worked in it before.
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


ADDED = (
    ("psg_case", "visibility", "partnership", ("partnership", "members", "sealed")),
    ("note", "audience", "case", ("case", "agencies", "own")),
)
BOARD = ("closed_at", "stage", "next_review_on", "id")
NAMES = {"visibility": "visibility", "audience": "audiencekind"}


def upgrade() -> None:
    for table, column, default, values in ADDED:
        listed = ", ".join(f"'{value}'" for value in values)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(32) DEFAULT '{default}' NOT NULL "
            f"CONSTRAINT ck_{table}_{NAMES[column]} CHECK ({column} IN ({listed}))"
        )
    op.drop_index("ix_psg_case_board", table_name="psg_case")
    op.create_index("ix_psg_case_board", "psg_case", [*BOARD, "visibility"])
    op.create_index("ix_psg_case_visibility_closed_at", "psg_case", ["visibility", "closed_at"])
    op.execute("ALTER TABLE person ADD COLUMN safe_address VARCHAR(200) DEFAULT '' NOT NULL")
    op.execute(
        "ALTER TABLE person ADD COLUMN safe_address_agency_id INTEGER "
        "CONSTRAINT fk_person_safe_address_agency_id REFERENCES agency (id)"
    )
    op.create_index("ix_person_safe_address_agency_id", "person", ["safe_address_agency_id"])
    with op.batch_alter_table("place") as place:
        place.drop_constraint("uq_place_uprn", type_="unique")
        place.create_index("ix_place_uprn", ["uprn"])
    op.create_table(
        "access_request",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(decision = 'pending') = (decided_at IS NULL)", name=op.f("ck_access_request_decided_with_time")
        ),
        sa.CheckConstraint("decided_by_id <> user_id", name=op.f("ck_access_request_decided_by_another")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_access_request_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_access_request_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_access_request_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_access_request_audit_id")),
    )
    op.create_index(
        "ix_access_request_case_decision", "access_request", ["case_id", "decision"], unique=False
    )
    op.create_index(
        op.f("ix_access_request_decided_by_id"), "access_request", ["decided_by_id"], unique=False
    )
    op.create_index(op.f("ix_access_request_user_id"), "access_request", ["user_id"], unique=False)
    op.create_table(
        "case_member",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "invited",
                "active",
                "suspended",
                "former",
                name="memberstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_case_member_added_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_case_member_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_member_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_member")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_case_member_audit_id")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_case_member_case_id_user_id")),
    )
    op.create_index(op.f("ix_case_member_added_by_id"), "case_member", ["added_by_id"], unique=False)
    op.create_index(
        "ix_case_member_user_status", "case_member", ["user_id", "status", "case_id"], unique=False
    )
    op.create_table(
        "conflict",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_conflict_case_id")),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["user_account.id"], name=op.f("fk_conflict_declared_by_id")
        ),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["user_account.id"], name=op.f("fk_conflict_lifted_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_conflict_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_conflict_audit_id")),
    )
    op.create_index(op.f("ix_conflict_case_id"), "conflict", ["case_id"], unique=False)
    op.create_index(op.f("ix_conflict_declared_by_id"), "conflict", ["declared_by_id"], unique=False)
    op.create_index(op.f("ix_conflict_lifted_by_id"), "conflict", ["lifted_by_id"], unique=False)
    op.create_index("ix_conflict_user_lifted", "conflict", ["user_id", "lifted_at", "case_id"], unique=False)
    op.create_index(
        "uq_conflict_standing",
        "conflict",
        ["case_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "emergency_access",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "urgency",
            sa.Enum(
                "risk_to_life",
                "safeguarding",
                "officer_safety",
                "court",
                "oversight",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=False),
        sa.Column(
            "finding",
            sa.Enum(
                "pending",
                "proper",
                "queried",
                "improper",
                name="finding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(finding = 'pending') = (reviewed_at IS NULL)",
            name=op.f("ck_emergency_access_reviewed_with_time"),
        ),
        sa.CheckConstraint("expires_at > opened_at", name=op.f("ck_emergency_access_expires_after_opening")),
        sa.CheckConstraint("reviewed_by_id <> user_id", name=op.f("ck_emergency_access_reviewed_by_another")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_emergency_access_case_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user_account.id"], name=op.f("fk_emergency_access_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_emergency_access_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_emergency_access_audit_id")),
    )
    op.create_index(op.f("ix_emergency_access_case_id"), "emergency_access", ["case_id"], unique=False)
    op.create_index(op.f("ix_emergency_access_finding"), "emergency_access", ["finding"], unique=False)
    op.create_index(
        op.f("ix_emergency_access_reviewed_by_id"), "emergency_access", ["reviewed_by_id"], unique=False
    )
    op.create_index(
        "ix_emergency_access_user_expires",
        "emergency_access",
        ["user_id", "expires_at", "case_id"],
        unique=False,
    )
    op.create_table(
        "visibility_proposal",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "wanted",
            sa.Enum(
                "partnership",
                "members",
                "sealed",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(decision = 'pending') = (decided_at IS NULL)",
            name=op.f("ck_visibility_proposal_decided_with_time"),
        ),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name=op.f("ck_visibility_proposal_two_people")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_visibility_proposal_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_visibility_proposal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_visibility_proposal_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visibility_proposal")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_visibility_proposal_audit_id")),
    )
    op.create_index(
        "ix_visibility_proposal_case_decision", "visibility_proposal", ["case_id", "decision"], unique=False
    )
    op.create_index(
        op.f("ix_visibility_proposal_decided_by_id"), "visibility_proposal", ["decided_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_visibility_proposal_proposed_by_id"), "visibility_proposal", ["proposed_by_id"], unique=False
    )
    op.create_table(
        "note_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_note_reader_agency_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_reader_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_reader")),
        sa.UniqueConstraint("note_id", "agency_id", name=op.f("uq_note_reader_note_id_agency_id")),
    )
    op.create_index(op.f("ix_note_reader_agency_id"), "note_reader", ["agency_id"], unique=False)
    _make_members()


def _make_members() -> None:
    connection = op.get_bind()
    coordinators = (
        connection.execute(sa.text("SELECT id FROM user_account WHERE role = 'coordinator' AND is_active"))
        .scalars()
        .all()
    )
    for case_id, lead_id in connection.execute(sa.text("SELECT id, lead_id FROM psg_case")).all():
        for user_id in dict.fromkeys((lead_id, *coordinators)):
            connection.execute(
                sa.text(
                    "INSERT INTO case_member (audit_id, case_id, user_id, status, added_by_id, changed_at) "
                    "VALUES (:audit_id, :case_id, :user_id, 'active', :lead_id, :moment)"
                ).bindparams(sa.bindparam("moment", type_=sa.DateTime(timezone=True))),
                {
                    "audit_id": secrets.token_hex(16),
                    "case_id": case_id,
                    "user_id": user_id,
                    "lead_id": lead_id,
                    "moment": datetime.now(UTC),
                },
            )


def downgrade() -> None:
    op.drop_index(op.f("ix_note_reader_agency_id"), table_name="note_reader")
    op.drop_table("note_reader")
    op.drop_index(op.f("ix_visibility_proposal_proposed_by_id"), table_name="visibility_proposal")
    op.drop_index(op.f("ix_visibility_proposal_decided_by_id"), table_name="visibility_proposal")
    op.drop_index("ix_visibility_proposal_case_decision", table_name="visibility_proposal")
    op.drop_table("visibility_proposal")
    op.drop_index("ix_emergency_access_user_expires", table_name="emergency_access")
    op.drop_index(op.f("ix_emergency_access_reviewed_by_id"), table_name="emergency_access")
    op.drop_index(op.f("ix_emergency_access_finding"), table_name="emergency_access")
    op.drop_index(op.f("ix_emergency_access_case_id"), table_name="emergency_access")
    op.drop_table("emergency_access")
    op.drop_index(
        "uq_conflict_standing",
        table_name="conflict",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_index("ix_conflict_user_lifted", table_name="conflict")
    op.drop_index(op.f("ix_conflict_lifted_by_id"), table_name="conflict")
    op.drop_index(op.f("ix_conflict_declared_by_id"), table_name="conflict")
    op.drop_index(op.f("ix_conflict_case_id"), table_name="conflict")
    op.drop_table("conflict")
    op.drop_index("ix_case_member_user_status", table_name="case_member")
    op.drop_index(op.f("ix_case_member_added_by_id"), table_name="case_member")
    op.drop_table("case_member")
    op.drop_index(op.f("ix_access_request_user_id"), table_name="access_request")
    op.drop_index(op.f("ix_access_request_decided_by_id"), table_name="access_request")
    op.drop_index("ix_access_request_case_decision", table_name="access_request")
    op.drop_table("access_request")
    with op.batch_alter_table("place") as place:
        place.drop_index("ix_place_uprn")
        place.create_unique_constraint("uq_place_uprn", ["uprn"])
    op.drop_index("ix_person_safe_address_agency_id", table_name="person")
    with op.batch_alter_table("person") as person:
        person.drop_column("safe_address_agency_id")
        person.drop_column("safe_address")
    op.drop_index("ix_psg_case_visibility_closed_at", table_name="psg_case")
    op.drop_index("ix_psg_case_board", table_name="psg_case")
    op.create_index("ix_psg_case_board", "psg_case", list(BOARD))
    for table, column, _default, _values in ADDED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
