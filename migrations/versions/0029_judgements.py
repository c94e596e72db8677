"""What people add to a score: a second person's confirmation, an override, and the hand-over of a floor.

What was noted of a hand-over with a score becomes a hand-over of its own.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NOTED = "As noted with the score"


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("panel", sa.String(length=200), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(received_by = '') = (received_at IS NULL)", name=op.f("ck_handover_receipt_is_whole")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_handover_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_handover_audit_id")),
    )
    op.create_index(op.f("ix_handover_by_id"), "handover", ["by_id"], unique=False)
    op.create_table(
        "score_confirmation",
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_score_confirmation_by_id")),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_score_confirmation_score_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_confirmation")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_score_confirmation_audit_id")),
        sa.UniqueConstraint("score_id", name=op.f("uq_score_confirmation_score_id")),
    )
    op.create_index(op.f("ix_score_confirmation_by_id"), "score_confirmation", ["by_id"], unique=False)
    op.create_table(
        "score_override",
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "band",
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
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(decision = 'pending') = (decided_at IS NULL)", name=op.f("ck_score_override_decided_with_time")
        ),
        sa.CheckConstraint("decided_by_id <> by_id", name=op.f("ck_score_override_two_people")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_score_override_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_score_override_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_score_override_score_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_override")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_score_override_audit_id")),
        sa.UniqueConstraint("score_id", "number", name=op.f("uq_score_override_score_id_number")),
    )
    op.create_index(op.f("ix_score_override_by_id"), "score_override", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_score_override_decided_by_id"), "score_override", ["decided_by_id"], unique=False
    )
    op.create_index(op.f("ix_score_override_decision"), "score_override", ["decision"], unique=False)
    with op.batch_alter_table("score_floor") as batch:
        batch.add_column(sa.Column("set_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("handover_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE score_floor SET set_on = (SELECT s.scored_on FROM score s WHERE s.id = score_floor.score_id)"
    )
    _make_rows()
    with op.batch_alter_table("score_floor") as batch:
        batch.alter_column("set_on", existing_type=sa.Date(), nullable=False)
        batch.create_foreign_key("fk_score_floor_handover_id", "handover", ["handover_id"], ["id"])
        batch.create_index("ix_score_floor_handover_id", ["handover_id"])
    op.drop_column("score", "handover")


def downgrade() -> None:
    op.add_column("score", sa.Column("handover", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE score SET handover = coalesce((SELECT max(h.note) FROM handover h JOIN score_floor f "
        "ON f.handover_id = h.id WHERE f.score_id = score.id), '')"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("score", "handover", server_default=None)
    with op.batch_alter_table("score_floor") as batch:
        batch.drop_index("ix_score_floor_handover_id")
        batch.drop_constraint("fk_score_floor_handover_id", type_="foreignkey")
        batch.drop_column("handover_id")
        batch.drop_column("set_on")
    op.drop_index(op.f("ix_score_override_decision"), table_name="score_override")
    op.drop_index(op.f("ix_score_override_decided_by_id"), table_name="score_override")
    op.drop_index(op.f("ix_score_override_by_id"), table_name="score_override")
    op.drop_table("score_override")
    op.drop_index(op.f("ix_score_confirmation_by_id"), table_name="score_confirmation")
    op.drop_table("score_confirmation")
    op.drop_index(op.f("ix_handover_by_id"), table_name="handover")
    op.drop_table("handover")


def _make_rows() -> None:
    """A score's words say to whom, when and who confirmed it, so that a receipt is not asked for again."""
    connection = op.get_bind()
    noted = connection.execute(
        sa.text(
            "SELECT id, handover, scored_by_id, created_at FROM score WHERE handover <> '' "
            "AND id IN (SELECT score_id FROM score_floor) ORDER BY id"
        )
    ).all()
    for number, (score, words, by, at) in enumerate(noted, 1):
        connection.execute(
            sa.text(
                "INSERT INTO handover (id, audit_id, panel, handed_at, note, by_id, recorded_at, received_by, "
                "received_at) VALUES (:id, :audit_id, :noted, :at, :words, :by, :at, :noted, :at)"
            ),
            {"id": number, "audit_id": uuid4().hex, "noted": NOTED, "at": at, "words": words, "by": by},
        )
        connection.execute(
            sa.text("UPDATE score_floor SET handover_id = :id WHERE score_id = :score"),
            {"id": number, "score": score},
        )
    if noted and connection.dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('handover', 'id'), max(id)) FROM handover")
