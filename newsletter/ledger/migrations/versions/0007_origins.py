"""A list that moved here from another ledger says which issues were sent there."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import given

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table; where earlier lists came from is not known."""
    op.create_table(
        "origins",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.String, "sent_until", "taken_at"),
    )
