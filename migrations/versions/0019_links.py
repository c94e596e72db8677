"""What ties people to one another and to places."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_link",
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "parent",
                "grandparent",
                "guardian",
                "sibling",
                "relative",
                "partner",
                "former_partner",
                "friend",
                "associate",
                "neighbour",
                "household",
                "carer",
                "lives_at",
                "lived_at",
                "stays_at",
                "works_at",
                "owns",
                "visits",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source_agency_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_reason = '')", name=op.f("ck_subject_link_ended_with_reason")
        ),
        sa.CheckConstraint("source <> ''", name=op.f("ck_subject_link_source_filled")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_subject_link_ended_by_somebody")
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_subject_link_two_ends")),
        sa.CheckConstraint("since <= until", name=op.f("ck_subject_link_in_order")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_subject_link_ended_by_id")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["subject.id"], name=op.f("fk_subject_link_from_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_subject_link_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_agency_id"], ["agency.id"], name=op.f("fk_subject_link_source_agency_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["subject.id"], name=op.f("fk_subject_link_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_link")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_subject_link_audit_id")),
    )
    op.create_index(op.f("ix_subject_link_ended_by_id"), "subject_link", ["ended_by_id"], unique=False)
    op.create_index(op.f("ix_subject_link_from_id"), "subject_link", ["from_id"], unique=False)
    op.create_index(op.f("ix_subject_link_recorded_by_id"), "subject_link", ["recorded_by_id"], unique=False)
    op.create_index(
        op.f("ix_subject_link_source_agency_id"), "subject_link", ["source_agency_id"], unique=False
    )
    op.create_index(op.f("ix_subject_link_to_id"), "subject_link", ["to_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_subject_link_to_id"), table_name="subject_link")
    op.drop_index(op.f("ix_subject_link_source_agency_id"), table_name="subject_link")
    op.drop_index(op.f("ix_subject_link_recorded_by_id"), table_name="subject_link")
    op.drop_index(op.f("ix_subject_link_from_id"), table_name="subject_link")
    op.drop_index(op.f("ix_subject_link_ended_by_id"), table_name="subject_link")
    op.drop_table("subject_link")
