"""The indexes by which contacts are counted hold their kind, a crisis and the incident too.

The rules of screening and the map ask for these of every contact in a window.
"""

from collections.abc import Sequence

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BEFORE = ("agency_id", "role", "withdrawn_at", "excluded_reason", "recorded_at")
AFTER = (*BEFORE, "kind", "is_crisis", "incident_id")


def upgrade() -> None:
    _replace(AFTER)


def downgrade() -> None:
    _replace(BEFORE)


def _replace(counting: Sequence[str]) -> None:
    for name, first in (
        ("ix_contact_of_subject", ("subject_id", "happened_on")),
        ("ix_contact_by_day", ("happened_on", "subject_id")),
    ):
        op.drop_index(name, table_name="contact")
        op.create_index(name, "contact", [*first, *counting], unique=False)
