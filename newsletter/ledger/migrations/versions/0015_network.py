"""Meetings, surveys, and what members send in."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import given

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables of the network's own work."""
    _create_of_contributions()


def _create_of_contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.String, "kind", "state", "received_at", "name", "organisation"),
        *given(sa.String, "address", index=True),
        *given(sa.String, "language", "region", "title"),
        *given(sa.Text, "text", "link"),
        *given(sa.String, "dates", "place", "wording"),
        *given(sa.String, "digest", unique=True),
        *given(sa.String, "picture_type"),
        *given(sa.Integer, "picture_bytes"),
        *given(sa.Text, "picture_words"),
        sa.Column("picture", sa.LargeBinary),
        *given(sa.Integer, "turn"),
        *given(sa.Boolean, "is_slow"),
        *given(sa.Text, "note"),
        *given(sa.String, "issue"),
        *(sa.Column(name, sa.String) for name in ("decided_at", "written_at")),
        *given(sa.String, "mail"),
        sa.Column("mailed_at", sa.String),
        *given(sa.String, "told_in"),
        sa.Column("told_at", sa.String),
    )
    op.create_index("ix_contributions_state", "contributions", ["state", "id"])
