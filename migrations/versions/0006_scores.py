"""Track and Score: versions of the matrices, and the scores made under them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matrix",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "victim",
                "risk",
                "need",
                "place",
                name="matrixkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("approval", sa.String(length=200), nullable=False),
        sa.Column("provisional_under", sa.Integer(), nullable=False),
        sa.Column("high_from", sa.Integer(), nullable=True),
        sa.CheckConstraint("high_from BETWEEN 1 AND 100", name=op.f("ck_matrix_split_is_index")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_matrix_number_counts_from_one")),
        sa.CheckConstraint(
            "provisional_under BETWEEN 0 AND 100", name=op.f("ck_matrix_provisional_is_percent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_matrix_kind_number")),
    )
    op.create_table(
        "factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matrix_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("high_from", sa.Integer(), nullable=True),
        sa.CheckConstraint("high_from BETWEEN 1 AND 3", name=op.f("ck_factor_decisive_answer")),
        sa.CheckConstraint("weight >= 1", name=op.f("ck_factor_weight_counts")),
        sa.ForeignKeyConstraint(["matrix_id"], ["matrix.id"], name=op.f("fk_factor_matrix_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
        sa.UniqueConstraint("matrix_id", "code", name=op.f("uq_factor_matrix_id_code")),
    )
    op.create_index(op.f("ix_factor_matrix_id"), "factor", ["matrix_id"], unique=False)
    op.create_table(
        "floor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matrix_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["matrix_id"], ["matrix.id"], name=op.f("fk_floor_matrix_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor")),
        sa.UniqueConstraint("matrix_id", "code", name=op.f("uq_floor_matrix_id_code")),
    )
    op.create_index(op.f("ix_floor_matrix_id"), "floor", ["matrix_id"], unique=False)
    op.create_table(
        "matrix_band",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matrix_id", sa.Integer(), nullable=False),
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
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("lowest BETWEEN 0 AND 100", name=op.f("ck_matrix_band_lowest_is_index")),
        sa.CheckConstraint("review_days >= 1", name=op.f("ck_matrix_band_review_comes")),
        sa.ForeignKeyConstraint(["matrix_id"], ["matrix.id"], name=op.f("fk_matrix_band_matrix_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_band")),
        sa.UniqueConstraint("matrix_id", "band", name=op.f("uq_matrix_band_matrix_id_band")),
    )
    op.create_index(op.f("ix_matrix_band_matrix_id"), "matrix_band", ["matrix_id"], unique=False)
    op.create_table(
        "anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("factor_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.CheckConstraint("value BETWEEN 0 AND 3", name=op.f("ck_anchor_value_on_scale")),
        sa.ForeignKeyConstraint(["factor_id"], ["factor.id"], name=op.f("fk_anchor_factor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor")),
        sa.UniqueConstraint("factor_id", "value", name=op.f("uq_anchor_factor_id_value")),
    )
    op.create_index(op.f("ix_anchor_factor_id"), "anchor", ["factor_id"], unique=False)
    op.create_table(
        "score",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "victim",
                "risk",
                "need",
                "place",
                name="matrixkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("matrix_id", sa.Integer(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("scored_by_id", sa.Integer(), nullable=False),
        sa.Column("points_low", sa.Integer(), nullable=False),
        sa.Column("points_high", sa.Integer(), nullable=False),
        sa.Column("points_maximum", sa.Integer(), nullable=False),
        sa.Column("index_low", sa.Integer(), nullable=False),
        sa.Column("index_high", sa.Integer(), nullable=False),
        sa.Column("completeness", sa.Integer(), nullable=False),
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
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("handover", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "0 <= index_low AND index_low <= index_high AND index_high <= 100",
            name=op.f("ck_score_index_in_range"),
        ),
        sa.CheckConstraint("completeness BETWEEN 0 AND 100", name=op.f("ck_score_completeness_is_percent")),
        sa.ForeignKeyConstraint(["case_id"], ["psg_case.id"], name=op.f("fk_score_case_id")),
        sa.ForeignKeyConstraint(["matrix_id"], ["matrix.id"], name=op.f("fk_score_matrix_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_score_party_id")),
        sa.ForeignKeyConstraint(["scored_by_id"], ["user_account.id"], name=op.f("fk_score_scored_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_score_audit_id")),
        sa.UniqueConstraint("party_id", "kind", "number", name=op.f("uq_score_party_id_kind_number")),
    )
    op.create_index(op.f("ix_score_band"), "score", ["band"], unique=False)
    op.create_index("ix_score_case_kind", "score", ["case_id", "kind", "scored_on"], unique=False)
    op.create_index(op.f("ix_score_matrix_id"), "score", ["matrix_id"], unique=False)
    op.create_index(op.f("ix_score_party_id"), "score", ["party_id"], unique=False)
    op.create_index(op.f("ix_score_review_on"), "score", ["review_on"], unique=False)
    op.create_index(op.f("ix_score_scored_by_id"), "score", ["scored_by_id"], unique=False)
    op.create_table(
        "score_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("factor_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("source_agency_id", sa.Integer(), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("stale_after", sa.Date(), nullable=True),
        sa.CheckConstraint("value BETWEEN 0 AND 3", name=op.f("ck_score_answer_value_on_scale")),
        sa.ForeignKeyConstraint(["factor_id"], ["factor.id"], name=op.f("fk_score_answer_factor_id")),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_score_answer_score_id")),
        sa.ForeignKeyConstraint(
            ["source_agency_id"], ["agency.id"], name=op.f("fk_score_answer_source_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_answer")),
        sa.UniqueConstraint("score_id", "factor_id", name=op.f("uq_score_answer_score_id_factor_id")),
    )
    op.create_index(op.f("ix_score_answer_factor_id"), "score_answer", ["factor_id"], unique=False)
    op.create_index(op.f("ix_score_answer_score_id"), "score_answer", ["score_id"], unique=False)
    op.create_index(
        op.f("ix_score_answer_source_agency_id"), "score_answer", ["source_agency_id"], unique=False
    )
    op.create_table(
        "score_floor",
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["floor_id"], ["floor.id"], name=op.f("fk_score_floor_floor_id")),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_score_floor_score_id")),
        sa.PrimaryKeyConstraint("score_id", "floor_id", name=op.f("pk_score_floor")),
    )
    op.create_index(op.f("ix_score_floor_floor_id"), "score_floor", ["floor_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_score_floor_floor_id"), table_name="score_floor")
    op.drop_table("score_floor")
    op.drop_index(op.f("ix_score_answer_source_agency_id"), table_name="score_answer")
    op.drop_index(op.f("ix_score_answer_score_id"), table_name="score_answer")
    op.drop_index(op.f("ix_score_answer_factor_id"), table_name="score_answer")
    op.drop_table("score_answer")
    op.drop_index(op.f("ix_score_scored_by_id"), table_name="score")
    op.drop_index(op.f("ix_score_review_on"), table_name="score")
    op.drop_index(op.f("ix_score_party_id"), table_name="score")
    op.drop_index(op.f("ix_score_matrix_id"), table_name="score")
    op.drop_index("ix_score_case_kind", table_name="score")
    op.drop_index(op.f("ix_score_band"), table_name="score")
    op.drop_table("score")
    op.drop_index(op.f("ix_anchor_factor_id"), table_name="anchor")
    op.drop_table("anchor")
    op.drop_index(op.f("ix_matrix_band_matrix_id"), table_name="matrix_band")
    op.drop_table("matrix_band")
    op.drop_index(op.f("ix_floor_matrix_id"), table_name="floor")
    op.drop_table("floor")
    op.drop_index(op.f("ix_factor_matrix_id"), table_name="factor")
    op.drop_table("factor")
    op.drop_table("matrix")
