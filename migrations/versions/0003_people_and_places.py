"""People and places, their other names, and the words they are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward")),
        sa.UniqueConstraint("name", name=op.f("uq_ward_name")),
    )
    op.create_table(
        "subject",
        sa.Column(
            "kind",
            sa.Enum(
                "person", "place", name="subjectkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("warning_review_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_subject_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_subject_audit_id")),
    )
    op.create_index(op.f("ix_subject_kind"), "subject", ["kind"], unique=False)
    op.create_index(op.f("ix_subject_ward_id"), "subject", ["ward_id"], unique=False)
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_alias_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
    )
    op.create_index(op.f("ix_alias_subject_id"), "alias", ["subject_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=80), nullable=False),
        sa.Column("family_name", sa.String(length=80), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("age_band", sa.String(length=20), nullable=False),
        sa.Column("has_no_fixed_abode", sa.Boolean(), nullable=False),
        sa.Column("is_care_leaver", sa.Boolean(), nullable=False),
        sa.Column("needs_interpreter", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subject.id"], name=op.f("fk_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "place_kind",
            sa.Enum(
                "dwelling",
                "block",
                "street",
                "park",
                "shop",
                "car_park",
                "mooring",
                "underpass",
                "other",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("uprn", sa.String(length=12), nullable=True),
        sa.Column("manager", sa.String(length=120), nullable=False),
        sa.CheckConstraint("uprn <> ''", name=op.f("ck_place_uprn_filled")),
        sa.ForeignKeyConstraint(["id"], ["subject.id"], name=op.f("fk_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("uprn", name=op.f("uq_place_uprn")),
    )
    op.create_table(
        "search_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "word",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_search_term_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_term")),
    )
    op.create_index(op.f("ix_search_term_subject_id"), "search_term", ["subject_id"], unique=False)
    op.create_index("ix_search_term_word_subject", "search_term", ["word", "subject_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_search_term_word_subject", table_name="search_term")
    op.drop_index(op.f("ix_search_term_subject_id"), table_name="search_term")
    op.drop_table("search_term")
    op.drop_table("place")
    op.drop_table("person")
    op.drop_index(op.f("ix_alias_subject_id"), table_name="alias")
    op.drop_table("alias")
    op.drop_index(op.f("ix_subject_ward_id"), table_name="subject")
    op.drop_index(op.f("ix_subject_kind"), table_name="subject")
    op.drop_table("subject")
    op.drop_table("ward")
