"""The record of who saw, changed and disclosed what: leaves, details, the head, and an index of who is named."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_generation",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_audit_generation_generation_counts_from_one")),
        sa.CheckConstraint(
            "public_key IS NULL OR length(public_key) = 32",
            name=op.f("ck_audit_generation_public_key_is_32_bytes"),
        ),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_audit_generation")),
        sa.UniqueConstraint("origin", name=op.f("uq_audit_generation_origin")),
    )
    op.create_table(
        "audit_leaf",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_audit_leaf_seq_counts_from_zero")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_audit_leaf_root_is_32_bytes")),
        sa.ForeignKeyConstraint(
            ["generation"], ["audit_generation.generation"], name=op.f("fk_audit_leaf_generation")
        ),
        sa.PrimaryKeyConstraint("generation", "seq", name=op.f("pk_audit_leaf")),
    )
    op.create_table(
        "audit_detail",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(salt) = 16", name=op.f("ck_audit_detail_salt_is_16_bytes")),
        sa.CheckConstraint("length(body) <= 65536", name=op.f("ck_audit_detail_body_is_at_most_64_kib")),
        sa.ForeignKeyConstraint(
            ["generation", "seq"],
            ["audit_leaf.generation", "audit_leaf.seq"],
            name=op.f("fk_audit_detail_generation"),
        ),
        sa.PrimaryKeyConstraint("generation", "seq", name=op.f("pk_audit_detail")),
    )
    op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stack", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_audit_head_there_is_one_head")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_audit_head_size_counts_entries")),
        sa.CheckConstraint("length(stack) % 32 = 0", name=op.f("ck_audit_head_stack_is_whole_hashes")),
        sa.ForeignKeyConstraint(
            ["generation"], ["audit_generation.generation"], name=op.f("fk_audit_head_generation")
        ),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_head")),
    )
    op.create_index(op.f("ix_audit_head_generation"), "audit_head", ["generation"])
    op.create_table(
        "audit_mention",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ref", sa.String(length=53), nullable=False),
        sa.ForeignKeyConstraint(
            ["generation", "seq"],
            ["audit_leaf.generation", "audit_leaf.seq"],
            name=op.f("fk_audit_mention_generation"),
        ),
        sa.PrimaryKeyConstraint("generation", "seq", "ref", name=op.f("pk_audit_mention")),
    )
    op.create_index(
        op.f("ix_audit_mention_ref_generation_seq"), "audit_mention", ["ref", "generation", "seq"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_mention_ref_generation_seq"), table_name="audit_mention")
    op.drop_table("audit_mention")
    op.drop_index(op.f("ix_audit_head_generation"), table_name="audit_head")
    op.drop_table("audit_head")
    op.drop_table("audit_detail")
    op.drop_table("audit_leaf")
    op.drop_table("audit_generation")
