"""A send records the warnings that its editor decided to send it with."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; earlier sends have no such decisions."""
    op.add_column("sends", sa.Column("overrides", sa.JSON(), nullable=False, server_default="[]"))
