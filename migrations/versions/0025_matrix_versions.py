"""Versions of a matrix are drafted, proposed and approved here; what belongs to one is guarded by the database.

What was entered before is approved, as it shipped. Its factors say what of the contacts suggests an answer.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from psg.scoring.matrices import guards as matrix_guards

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PEOPLE = ("begun_by_id", "proposed_by_id", "approved_by_id")
TIMES = ("begun_at", "proposed_at", "approved_at")
MEASURES = {
    "recency": ("V1", "P1", "L1"),
    "frequency": ("V2", "P2"),
    "trend": ("V8", "P4", "L4"),
    "against_usual": ("L2",),
    "agencies": ("L6",),
}
GUARDED = ("matrix", "factor", "anchor", "matrix_band", "floor")


def upgrade() -> None:
    connection = op.get_bind()
    statuses = "'draft', 'proposed', 'approved', 'withdrawn'"
    op.execute(
        "ALTER TABLE matrix ADD COLUMN status VARCHAR(32) DEFAULT 'approved' NOT NULL "
        f"CONSTRAINT ck_matrix_matrixstatus CHECK (status IN ({statuses}))"
    )
    op.execute("ALTER TABLE matrix ADD COLUMN version INTEGER DEFAULT 1 NOT NULL")
    op.execute("ALTER TABLE matrix ADD COLUMN audit_id VARCHAR(32) DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE matrix ADD COLUMN note TEXT DEFAULT '' NOT NULL")
    for name in PEOPLE:
        check = " CONSTRAINT ck_matrix_two_people CHECK (approved_by_id <> proposed_by_id)"
        op.execute(
            f"ALTER TABLE matrix ADD COLUMN {name} INTEGER "
            f"CONSTRAINT fk_matrix_{name} REFERENCES user_account (id)"
            f"{check if name == 'approved_by_id' else ''}"
        )
        op.create_index(f"ix_matrix_{name}", "matrix", [name])
    for name in TIMES:
        op.add_column("matrix", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    measures = ", ".join(
        f"'{name}'" for name in ("recency", "frequency", "against_usual", "trend", "agencies")
    )
    op.execute(
        "ALTER TABLE factor ADD COLUMN suggested_by VARCHAR(32) "
        f"CONSTRAINT ck_factor_measure CHECK (suggested_by IN ({measures}))"
    )
    for matrix in connection.execute(sa.text("SELECT id FROM matrix")).scalars().all():
        connection.execute(
            sa.text("UPDATE matrix SET audit_id = :audit_id WHERE id = :id"),
            {"audit_id": secrets.token_hex(16), "id": matrix},
        )
    op.create_index("uq_matrix_audit_id", "matrix", ["audit_id"], unique=True)
    for measure, codes in MEASURES.items():
        connection.execute(
            sa.text("UPDATE factor SET suggested_by = :measure WHERE code IN :codes").bindparams(
                sa.bindparam("codes", expanding=True)
            ),
            {"measure": measure, "codes": codes},
        )
    op.create_table(
        "matrix_author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matrix_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["matrix_id"], ["matrix.id"], name=op.f("fk_matrix_author_matrix_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_matrix_author_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_author")),
        sa.UniqueConstraint("matrix_id", "user_id", name=op.f("uq_matrix_author_matrix_id_user_id")),
    )
    op.create_index(op.f("ix_matrix_author_user_id"), "matrix_author", ["user_id"], unique=False)
    for table in GUARDED:
        for statement in _statements(table):
            op.execute(statement)


def downgrade() -> None:
    """Drafts are lost: the schema before knows approved versions only."""
    for table in GUARDED:
        for statement in matrix_guards.dropping(op.get_bind().dialect.name, table):
            op.execute(statement)
    op.drop_index(op.f("ix_matrix_author_user_id"), table_name="matrix_author")
    op.drop_table("matrix_author")
    for table, key, drafts in (
        ("anchor", "factor_id", "SELECT f.id FROM factor f JOIN matrix m ON m.id = f.matrix_id"),
        ("factor", "matrix_id", "SELECT m.id FROM matrix m"),
        ("matrix_band", "matrix_id", "SELECT m.id FROM matrix m"),
        ("floor", "matrix_id", "SELECT m.id FROM matrix m"),
        ("matrix", "id", "SELECT m.id FROM matrix m"),
    ):
        op.execute(f"DELETE FROM {table} WHERE {key} IN ({drafts} WHERE m.status <> 'approved')")  # noqa: S608
    op.execute("ALTER TABLE factor DROP COLUMN suggested_by")
    op.drop_index("uq_matrix_audit_id", table_name="matrix")
    for name in reversed(PEOPLE):
        op.drop_index(f"ix_matrix_{name}", table_name="matrix")
        op.execute(f"ALTER TABLE matrix DROP COLUMN {name}")
    for name in (*TIMES, "note", "audit_id", "version", "status"):
        op.execute(f"ALTER TABLE matrix DROP COLUMN {name}")


def _statements(table: str) -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        return matrix_guards.postgresql_statements(table)
    return matrix_guards.sqlite_statements(table)
