"""Opens and clicks are summed up by source, and the figures of an issue are kept."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import add, given

revision = "0014"
down_revision = "0013"

_TOLD = ("hour", "verdict", "reason", "rules")
_COUNTED = ("kind", "link", "hour", "verdict", "reason")


def upgrade() -> None:
    """Create the tables and columns; all that was counted so far the public service saw."""
    add("links", sa.Text, "words", "section", default="")
    add("links", sa.String, "language", default="")
    leads = sa.Column("leads", sa.Boolean, nullable=False, server_default=sa.true())
    op.add_column("links", leads)
    add("hits", sa.String, "source", default="service")
    hides = sa.Column("hides", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("hits", hides)
    is_counted = sa.Column("is_counted", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("deliveries", is_counted)
    op.create_index("ix_records_noted_at", "records", ["noted_at"])
    op.add_column("reports", sa.Column("counts", sa.JSON))
    _tell_visits_apart()
    _forget_who_opened()
    op.create_table(
        "marks",
        sa.Column("mark", sa.BigInteger, primary_key=True, autoincrement=False),
        *given(sa.String, "day", index=True),
    )
    op.create_table(
        "readers",
        sa.Column("send_id", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, primary_key=True) for name in ("source", "kind")),
        *(
            sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)
            for name in ("link", "delivery_id")
        ),
        *given(sa.Integer, "rank"),
        sa.Column("early", sa.Integer),
    )
    op.create_table(
        "figures",
        sa.Column("send_id", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.String, primary_key=True)
            for name in ("source", "span", "grouping", "value")
        ),
        *given(sa.JSON, "counts"),
        sa.Column("as_of", sa.String),
        *given(sa.String, "computed_at"),
        *given(sa.Boolean, "is_final"),
    )
    op.create_table(
        "news",
        sa.Column("send_id", sa.Integer, primary_key=True, autoincrement=False),
        *given(sa.Integer, "times"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.Integer, "send_id", index=True),
        *given(sa.String, "at", "source"),
        *given(sa.JSON, "changes"),
    )
    op.create_table(
        "rulebooks",
        sa.Column("version", sa.String, primary_key=True),
        *given(sa.String, "taken_at"),
        *given(sa.Text, "text"),
    )


def _tell_visits_apart() -> None:
    """Make the source a part of the key: SQLite cannot add one to a table."""
    op.execute("CREATE TABLE visits_before AS SELECT * FROM visits")
    op.drop_table("visits")
    op.create_table(
        "visits",
        sa.Column("send_id", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, primary_key=True) for name in ("source", "kind")),
        sa.Column("link", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, primary_key=True) for name in _TOLD),
        sa.Column("hides", sa.Boolean, primary_key=True),
        *given(sa.Integer, "count"),
    )
    kept = ", ".join(_COUNTED)
    op.execute(
        f"INSERT INTO visits (send_id, source, {kept}, rules, hides, count) "
        f"SELECT send_id, 'service', {kept}, '', false, count FROM visits_before"
    )
    op.drop_table("visits_before")


def _forget_who_opened() -> None:
    """Delete opens and clicks of persons, which were told nowhere, but that a mail arrived.

    That is kept where a server had said otherwise: who opens a mail has got it.
    """
    visits = "kind IN ('opened', 'clicked')"
    op.execute(
        f"UPDATE returns SET kind = 'delivered', detail = '{{}}' WHERE {visits} AND delivery_id IN "
        "(SELECT delivery_id FROM returns WHERE kind = 'soft')"
    )
    op.execute(f"DELETE FROM returns WHERE {visits}")
