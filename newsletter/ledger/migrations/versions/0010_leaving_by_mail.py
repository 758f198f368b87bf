"""The mail by which a reader unsubscribes is in their language: a send stores none for all."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Drop the column; its content follows from the address for replies."""
    op.drop_column("sends", "unsubscribe_mailto")
