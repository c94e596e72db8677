"""Keys under which two records of one person or place meet.

They are made with the words of the search: `psg db upgrade` does so for everybody who has none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alike_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "uprn",
                "address",
                "place_name",
                "born",
                "given_and_born",
                "given_at_home",
                "family_at_home",
                "telephone",
                "name",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_alike_key_subject_id")),
        sa.PrimaryKeyConstraint("key", "subject_id", name=op.f("pk_alike_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_alike_key_subject_id"), "alike_key", ["subject_id"], unique=False)
    op.execute("DELETE FROM search_term")


def downgrade() -> None:
    op.drop_index(op.f("ix_alike_key_subject_id"), table_name="alike_key")
    op.drop_table("alike_key")
