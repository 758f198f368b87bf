"""A ledger can be restored from a backup, and moved to another database."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import given

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the tables and columns; all calls so far carry the tag of their own batch."""
    op.create_table(
        "restorations",
        *given(sa.Integer, "id", primary_key=True),
        sa.Column("made_at", sa.String),
        *given(sa.String, "restored_at"),
    )
    op.create_table(
        "handovers",
        *given(sa.String, "key", primary_key=True),
        *given(sa.String, "place", "at"),
    )
    op.add_column("batches", sa.Column("root_id", sa.Integer))
    op.add_column("batches", sa.Column("restored_at", sa.Float))
