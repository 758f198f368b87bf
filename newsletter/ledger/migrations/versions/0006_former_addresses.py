"""Former addresses of people are known, so that no list brings them back."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.folding import Address
from newsletter.ledger.migrations.additions import given

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table; those renamed earlier are known only by their new address."""
    op.create_table(
        "former",
        *given(sa.Integer, "id", primary_key=True),
        *given(Address, "address"),
        *given(sa.String, "subscriber_key", index=True),
    )
