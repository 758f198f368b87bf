"""A send records the warnings that its editor decided to send it with."""

import sqlalchemy as sa

from newsletter.ledger.migrations.additions import add

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; earlier sends have no such decisions."""
    add("sends", sa.JSON, "overrides", default="[]")
