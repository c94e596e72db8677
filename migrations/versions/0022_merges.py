"""Two records of one person or place combined, and what was found to be two."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE subject ADD COLUMN merged_into_id INTEGER "
        "CONSTRAINT fk_subject_merged_into_id REFERENCES subject (id) "
        "CONSTRAINT ck_subject_merged_into_an_older CHECK (merged_into_id < id)"
    )
    op.create_index("ix_subject_merged_into_id", "subject", ["merged_into_id"])
    _number_links(sqlite_autoincrement=True)
    op.create_table(
        "not_the_same",
        sa.Column("older_id", sa.Integer(), nullable=False),
        sa.Column("younger_id", sa.Integer(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("older_id < younger_id", name=op.f("ck_not_the_same_in_order")),
        sa.ForeignKeyConstraint(["older_id"], ["subject.id"], name=op.f("fk_not_the_same_older_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["user_account.id"], name=op.f("fk_not_the_same_said_by_id")),
        sa.ForeignKeyConstraint(["younger_id"], ["subject.id"], name=op.f("fk_not_the_same_younger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_the_same")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_not_the_same_audit_id")),
        sa.UniqueConstraint("older_id", "younger_id", name=op.f("uq_not_the_same_older_id_younger_id")),
    )
    op.create_index(op.f("ix_not_the_same_said_by_id"), "not_the_same", ["said_by_id"], unique=False)
    op.create_index(op.f("ix_not_the_same_younger_id"), "not_the_same", ["younger_id"], unique=False)
    op.create_table(
        "subject_merge",
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_subject_merge_reason_filled")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_subject_merge_undone_by_somebody")
        ),
        sa.CheckConstraint("kept_id < gone_id", name=op.f("ck_subject_merge_keeps_the_older")),
        sa.ForeignKeyConstraint(["gone_id"], ["subject.id"], name=op.f("fk_subject_merge_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["subject.id"], name=op.f("fk_subject_merge_kept_id")),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["user_account.id"], name=op.f("fk_subject_merge_merged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_subject_merge_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_merge")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_subject_merge_audit_id")),
    )
    op.create_index(op.f("ix_subject_merge_gone_id"), "subject_merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_subject_merge_kept_id"), "subject_merge", ["kept_id"], unique=False)
    op.create_index(op.f("ix_subject_merge_merged_by_id"), "subject_merge", ["merged_by_id"], unique=False)
    op.create_index(op.f("ix_subject_merge_undone_by_id"), "subject_merge", ["undone_by_id"], unique=False)
    op.create_index(
        "uq_subject_merge_standing",
        "subject_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "merged_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "changed",
                "set_aside",
                "added",
                name="rowchange",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(change = 'added') = (before IS NULL)", name=op.f("ck_merged_row_before_unless_added")
        ),
        sa.CheckConstraint(
            "(change = 'set_aside') = (after IS NULL)", name=op.f("ck_merged_row_after_unless_set_aside")
        ),
        sa.ForeignKeyConstraint(["merge_id"], ["subject_merge.id"], name=op.f("fk_merged_row_merge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_row")),
        sa.UniqueConstraint("merge_id", "place", name=op.f("uq_merged_row_merge_id_place")),
    )


def downgrade() -> None:
    op.drop_table("merged_row")
    op.drop_index(
        "uq_subject_merge_standing",
        table_name="subject_merge",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index(op.f("ix_subject_merge_undone_by_id"), table_name="subject_merge")
    op.drop_index(op.f("ix_subject_merge_merged_by_id"), table_name="subject_merge")
    op.drop_index(op.f("ix_subject_merge_kept_id"), table_name="subject_merge")
    op.drop_index(op.f("ix_subject_merge_gone_id"), table_name="subject_merge")
    op.drop_table("subject_merge")
    op.drop_index(op.f("ix_not_the_same_younger_id"), table_name="not_the_same")
    op.drop_index(op.f("ix_not_the_same_said_by_id"), table_name="not_the_same")
    op.drop_table("not_the_same")
    op.drop_index("ix_subject_merged_into_id", table_name="subject")
    op.execute("ALTER TABLE subject DROP COLUMN merged_into_id")
    _number_links()


def _number_links(**options: bool) -> None:
    """SQLite gives the number of a row that was taken out to the next one, unless told otherwise. PostgreSQL never does."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("subject_link", recreate="always", table_kwargs=options):
            pass
