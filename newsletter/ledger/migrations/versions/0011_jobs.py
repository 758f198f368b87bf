"""Background work: a queue, what went wrong in it, and when each scheduled job last began."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import given
from newsletter.ledger.procrastinate import install

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables; on PostgreSQL also those of Procrastinate, which keeps the queue there."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.String, "name", "queue", "key", "state", "worker"),
        *given(sa.Integer, "priority", "attempt"),
        *given(sa.JSON, "args"),
        *given(sa.Float, "due", "asked_at"),
    )
    is_waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_jobs_waiting_key",
        "jobs",
        ["key"],
        unique=True,
        sqlite_where=is_waiting,
        postgresql_where=is_waiting,
    )
    op.create_table(
        "troubles",
        sa.Column("key", sa.String, primary_key=True),
        *given(sa.String, "name", "at", "told_in"),
        *given(sa.Text, "reason"),
        *given(sa.Boolean, "is_final"),
        sa.Column("told_at", sa.String),
    )
    op.create_table(
        "rounds",
        sa.Column("name", sa.String, primary_key=True),
        *given(sa.String, "begun_at"),
    )
    if op.get_bind().dialect.name == "postgresql":
        install(op.get_bind())
