"""A send keeps which warnings its editor decided to send with."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; sends made before have no such decisions."""
    op.add_column("sends", sa.Column("overrides", sa.JSON(), nullable=False, server_default="[]"))
