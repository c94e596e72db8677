"""Keys of words that are misheard, misspelt or shortened; days of birth by themselves.

The words of the search are made anew with them: `psg db upgrade` does so for everybody who has none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_search_key_subject_id")),
        sa.PrimaryKeyConstraint("key", "subject_id", name=op.f("pk_search_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_key_subject_id"), "search_key", ["subject_id"], unique=False)
    op.create_index(op.f("ix_person_date_of_birth"), "person", ["date_of_birth"], unique=False)
    op.execute("DELETE FROM search_term")


def downgrade() -> None:
    op.drop_index(op.f("ix_person_date_of_birth"), table_name="person")
    op.drop_index(op.f("ix_search_key_subject_id"), table_name="search_key")
    op.drop_table("search_key")
