"""The file of an import while it is under way; contacts whose import was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=32), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["demand_import.id"], name=op.f("fk_import_file_import_id")),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_file")),
    )
    op.create_index(op.f("ix_import_file_expires_at"), "import_file", ["expires_at"], unique=False)
    op.create_table(
        "import_part",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_file.import_id"], name=op.f("fk_import_part_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_part")),
    )

    op.execute("ALTER TABLE contact ADD COLUMN former_reference VARCHAR(60)")


def downgrade() -> None:
    """A contact that was taken back has its reference again, unless another has it since."""
    op.execute(
        "UPDATE contact SET source_reference = former_reference WHERE former_reference IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM contact AS other WHERE other.agency_id = contact.agency_id AND"
        " other.source_reference = contact.former_reference) AND NOT EXISTS"
        " (SELECT 1 FROM contact AS later WHERE later.agency_id = contact.agency_id AND"
        " later.former_reference = contact.former_reference AND later.id > contact.id)"
    )
    op.execute("ALTER TABLE contact DROP COLUMN former_reference")
    op.drop_table("import_part")
    op.drop_index(op.f("ix_import_file_expires_at"), table_name="import_file")
    op.drop_table("import_file")
