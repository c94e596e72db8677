"""Guards of the record: triggers that refuse to change, replace or remove what was recorded.

They are written once, in `psg.audit.guards`, which the product compares with what it finds. A migration
that changes them installs them anew, and one that rebuilds a table of the record installs that table's.
"""

from alembic import op

from psg.audit import guards

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guards.install(op.get_bind())


def downgrade() -> None:
    guards.uninstall(op.get_bind())
