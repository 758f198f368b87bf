"""Former addresses of people are known, so that no list brings them back."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.folding import Address

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table; those renamed earlier are known only by their new address."""
    op.create_table(
        "former",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", Address(), nullable=False),
        sa.Column("subscriber_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former")),
    )
    op.create_index(op.f("ix_former_subscriber_key"), "former", ["subscriber_key"])
