"""Imports of lists are remembered, so that they can be taken back."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import given

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables; earlier imports cannot be taken back."""
    op.create_table(
        "imports",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.String, "name"),
        *given(sa.String, "taken_at", unique=True),
        *given(sa.Integer, "joined", "changed"),
        sa.Column("undone_at", sa.String),
    )
    op.create_table(
        "changes",
        *given(sa.Integer, "import_id", primary_key=True),
        *given(sa.Integer, "subscriber_id", primary_key=True),
        *given(sa.String, "name", "language"),
        *given(sa.JSON, "attributes"),
        *given(sa.String, "standing", "changed_at"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"]),
    )
