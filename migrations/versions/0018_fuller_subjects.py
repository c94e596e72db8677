"""What is known of people and places: cautions with review dates, addresses over time, blocks and their flats."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ADDED = (
    ("person", "known_as", "VARCHAR(80) DEFAULT '' NOT NULL"),
    ("person", "preferred_contact", "VARCHAR(200) DEFAULT '' NOT NULL"),
    ("place", "manager_contact", "VARCHAR(200) DEFAULT '' NOT NULL"),
    ("place", "parish", "VARCHAR(80) DEFAULT '' NOT NULL"),
    (
        "place",
        "latitude",
        "NUMERIC(8, 5) CONSTRAINT ck_place_latitude_in_britain CHECK (latitude BETWEEN 49.8 AND 60.9)",
    ),
    (
        "place",
        "longitude",
        "NUMERIC(8, 5) CONSTRAINT ck_place_longitude_in_britain CHECK (longitude BETWEEN -8.7 AND 1.8) "
        "CONSTRAINT ck_place_both_coordinates CHECK ((latitude IS NULL) = (longitude IS NULL))",
    ),
    (
        "place",
        "block_id",
        "INTEGER CONSTRAINT fk_place_block_id REFERENCES place (id) "
        "CONSTRAINT ck_place_not_its_own_block CHECK (block_id <> id)",
    ),
)
CAUTION = sa.table(
    "caution",
    *(sa.column(name) for name in ("subject_id", "kind", "words", "ended_reason", "audit_id")),
    sa.column("review_on", sa.Date()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
)
RESIDENCE = sa.table(
    "residence",
    *(sa.column(name) for name in ("person_id", "address", "postcode", "kind", "audit_id", "version")),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
)
SUBJECT = sa.table(
    "subject",
    *(sa.column(name) for name in ("id", "warning")),
    sa.column("warning_review_on", sa.Date()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
PERSON = sa.table("person", *(sa.column(name) for name in ("id", "address", "postcode")))


def upgrade() -> None:
    for table, column, kind in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    op.create_index("ix_place_block_id", "place", ["block_id"])
    _create_tables()
    _move_warnings()
    _begin_residences()
    for column in ("warning_review_on", "warning"):
        op.execute(f"ALTER TABLE subject DROP COLUMN {column}")


def downgrade() -> None:
    op.execute("ALTER TABLE subject ADD COLUMN warning TEXT DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE subject ADD COLUMN warning_review_on DATE")
    _put_warnings_back()
    _drop_tables()
    op.drop_index("ix_place_block_id", table_name="place")
    for name in ("place", "person"):
        with op.batch_alter_table(name) as table:
            if name == "place":
                for check in (
                    "latitude_in_britain",
                    "longitude_in_britain",
                    "both_coordinates",
                    "not_its_own_block",
                ):
                    table.drop_constraint(op.f(f"ck_place_{check}"), type_="check")
            for of, column, _kind in reversed(ADDED):
                if of == name:
                    table.drop_column(column)


def _move_warnings() -> None:
    """Each with the day it was to be looked at again; who wrote it is in the record alone."""
    rows = op.get_bind().execute(sa.select(SUBJECT).where(SUBJECT.c.warning != "")).all()
    if rows:
        op.bulk_insert(
            CAUTION,
            [
                {
                    "subject_id": row.id,
                    "kind": "warning",
                    "words": row.warning,
                    "review_on": row.warning_review_on or row.created_at.date(),
                    "recorded_at": row.created_at,
                    "ended_reason": "",
                    "audit_id": secrets.token_hex(16),
                }
                for row in rows
            ],
        )


def _put_warnings_back() -> None:
    """Those that stand, one below the other, with the day the first is to be looked at again."""
    standing = sa.text(
        "SELECT subject_id, words, review_on FROM caution WHERE ended_reason = '' ORDER BY subject_id, review_on, id"
    ).columns(review_on=sa.Date())
    warnings: dict[int, tuple[list[str], object]] = {}
    for row in op.get_bind().execute(standing):
        warnings.setdefault(row.subject_id, ([], row.review_on))[0].append(row.words)
    for number, (words, review_on) in warnings.items():
        op.execute(
            sa.update(SUBJECT)
            .where(SUBJECT.c.id == number)
            .values(warning="\n".join(words), warning_review_on=review_on)
        )


def _begin_residences() -> None:
    """Where each person lives now, from when not known."""
    somewhere = sa.or_(PERSON.c.address != "", PERSON.c.postcode != "")
    rows = (
        op.get_bind()
        .execute(
            sa.select(PERSON, SUBJECT.c.created_at)
            .join(SUBJECT, SUBJECT.c.id == PERSON.c.id)
            .where(somewhere)
        )
        .all()
    )
    if rows:
        op.bulk_insert(
            RESIDENCE,
            [
                {
                    "person_id": row.id,
                    "address": row.address,
                    "postcode": row.postcode,
                    "kind": "home",
                    "recorded_at": row.created_at,
                    "audit_id": secrets.token_hex(16),
                    "version": 1,
                }
                for row in rows
            ],
        )


def _create_tables() -> None:
    op.create_table(
        "caution",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contact", "warning", name="cautionkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_reason = '')", name=op.f("ck_caution_ended_with_reason")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_caution_words_filled")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user_account.id"], name=op.f("fk_caution_ended_by_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_caution_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_caution_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caution")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_caution_audit_id")),
    )
    op.create_index(op.f("ix_caution_ended_by_id"), "caution", ["ended_by_id"], unique=False)
    op.create_index(op.f("ix_caution_recorded_by_id"), "caution", ["recorded_by_id"], unique=False)
    op.create_index(op.f("ix_caution_subject_id"), "caution", ["subject_id"], unique=False)
    op.create_table(
        "residence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "home",
                "temporary",
                "supported",
                "staying",
                "institution",
                "other",
                name="residencekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("address <> '' OR postcode <> ''", name=op.f("ck_residence_somewhere")),
        sa.CheckConstraint("since <= until", name=op.f("ck_residence_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_residence_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_residence_place_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_residence_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_residence_audit_id")),
    )
    op.create_index(op.f("ix_residence_person_id"), "residence", ["person_id"], unique=False)
    op.create_index(op.f("ix_residence_place_id"), "residence", ["place_id"], unique=False)
    op.create_index(op.f("ix_residence_recorded_by_id"), "residence", ["recorded_by_id"], unique=False)


def _drop_tables() -> None:
    op.drop_index(op.f("ix_residence_recorded_by_id"), table_name="residence")
    op.drop_index(op.f("ix_residence_place_id"), table_name="residence")
    op.drop_index(op.f("ix_residence_person_id"), table_name="residence")
    op.drop_table("residence")
    op.drop_index(op.f("ix_caution_subject_id"), table_name="caution")
    op.drop_index(op.f("ix_caution_recorded_by_id"), table_name="caution")
    op.drop_index(op.f("ix_caution_ended_by_id"), table_name="caution")
    op.drop_table("caution")
