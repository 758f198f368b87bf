"""A send records all that readers see, whom it chose, and its account; rehearsals are separate."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import add

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns; what went to the local outbox was a rehearsal."""
    add("sends", sa.String, "list_id", "unsubscribe_mailto", "place", "account", default="")
    add("sends", sa.JSON, "choice", default="{}")
    add("sends", sa.JSON, "late", default="[]")
    add("workers", sa.String, "account", default="")
    op.execute(
        "UPDATE sends SET scope = 'rehearsal:' || issue_id "
        "WHERE provider = 'outbox' AND scope = issue_id"
    )
