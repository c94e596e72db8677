"""What the contacts suggested when an answer was given. Of earlier answers nothing is known."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score_answer") as batch:
        batch.add_column(sa.Column("suggested", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("suggestion", sa.Text(), nullable=False, server_default=""))
        batch.create_check_constraint(op.f("ck_score_answer_suggested_on_scale"), "suggested BETWEEN 0 AND 3")
    with op.batch_alter_table("score_answer") as batch:
        batch.alter_column("suggestion", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("score_answer") as batch:
        batch.drop_constraint(op.f("ck_score_answer_suggested_on_scale"), type_="check")
        batch.drop_column("suggestion")
        batch.drop_column("suggested")
