"""The mail by which a reader leaves is in their own language: no send keeps one for all."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Drop the column; what stood in it follows from the address for answers."""
    op.drop_column("sends", "unsubscribe_mailto")
