"""A send records all that readers see, whom it chose, and its account; rehearsals are separate."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TEXTS = ("list_id", "unsubscribe_mailto", "place", "account")


def upgrade() -> None:
    """Add the columns; what went to the local outbox was a rehearsal."""
    for name in _TEXTS:
        op.add_column("sends", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("sends", sa.Column("choice", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("sends", sa.Column("late", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("workers", sa.Column("account", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE sends SET scope = 'rehearsal:' || issue_id "
        "WHERE provider = 'outbox' AND scope = issue_id"
    )
