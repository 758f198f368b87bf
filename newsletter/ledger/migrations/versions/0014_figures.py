"""Opens and clicks are summed up by source, and the figures of an issue are kept."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.migrations.additions import add, given

revision = "0014"
down_revision = "0013"

_TOLD = ("hour", "verdict", "reason", "rules")
_COUNTED = ("kind", "link", "hour", "verdict", "reason")
# Of the rules until now, what fetches pictures whether a mail is read or not.
_HIDES = "kind = 'opened' AND reason IN ('apple-proxy', 'gmail-prefetch')"
# When a batch was called, as moments are written.
_CALLED = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f000+00:00', called_at, 'unixepoch')",
    "postgresql": (
        "to_char(to_timestamp(called_at) AT TIME ZONE 'UTC', "
        '\'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\')'
    ),
}
_CHOSEN = {
    "sqlite": "json_extract(records.detail, '$.tracking')",
    "postgresql": "records.detail ->> 'tracking'",
}
# Copies were made of what was allowed as their batch was called. Others of it may have been called
# again later, so of those that were accepted it counts when they were.
_ALLOWED = """
UPDATE deliveries SET is_counted = true
WHERE send_id IN (SELECT id FROM sends WHERE counting = 'consented') AND 'granted' = (
    SELECT {chosen} FROM subscribers
    JOIN records ON records.subscriber_key = subscribers.key AND records.what = 'tracked'
    JOIN batches ON batches.id = deliveries.batch_id
    WHERE subscribers.id = deliveries.subscriber_id AND records.noted_at <= CASE
        WHEN deliveries.state = 'accepted' AND deliveries.changed_at < {called}
        THEN deliveries.changed_at ELSE {called}
    END
    ORDER BY records.id DESC LIMIT 1
)
"""


def upgrade() -> None:
    """Create the tables and columns; all that was counted so far the public service saw."""
    _create_columns()
    _create_of_readers()
    _create_of_figures()
    _tell_visits_apart()
    _note_who_allowed_it()
    _forget_who_opened()


def _create_columns() -> None:
    add("links", sa.Text, "words", "section", default="")
    add("links", sa.String, "language", default="")
    leads = sa.Column("leads", sa.Boolean, nullable=False, server_default=sa.true())
    op.add_column("links", leads)
    add("hits", sa.String, "source", default="service")
    hides = sa.Column("hides", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("hits", hides)
    op.execute(f"UPDATE hits SET hides = true WHERE {_HIDES}")
    op.drop_index("ix_hits_send_id", "hits")  # so few are waiting that none need be looked up
    is_counted = sa.Column("is_counted", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("deliveries", is_counted)
    op.create_index("ix_records_noted_at", "records", ["noted_at"])
    op.add_column("reports", sa.Column("counts", sa.JSON))
    add("sends", sa.Integer, "window_days", default="7")


def _create_of_readers() -> None:
    op.create_table(
        "marks",
        sa.Column(
            "mark",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
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
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rulebooks",
        sa.Column("version", sa.String, primary_key=True),
        *given(sa.Text, "text"),
    )


def _create_of_figures() -> None:
    op.create_table(
        "figures",
        sa.Column("send_id", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.String, primary_key=True)
            for name in ("source", "span", "grouping", "value")
        ),
        *given(sa.JSON, "counts"),
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
        sqlite_with_rowid=False,
    )
    kept = ", ".join(_COUNTED)
    op.execute(
        f"INSERT INTO visits (send_id, source, {kept}, rules, hides, count) "
        f"SELECT send_id, 'service', {kept}, '', {_HIDES}, count FROM visits_before"
    )
    op.drop_table("visits_before")


def _note_who_allowed_it() -> None:
    """Note whose copies took part in counting, of sends that counted those alone."""
    dialect = op.get_bind().dialect.name
    op.execute(_ALLOWED.format(chosen=_CHOSEN[dialect], called=_CALLED[dialect]))


def _forget_who_opened() -> None:
    """Delete opens and clicks of persons, which were told nowhere, but that a mail arrived.

    That is kept where a server had said otherwise: who opens a mail has got it. It is marked as
    concluded, and has the time of what was said, so that no figure tells who opened what, or when.
    """
    seen = "kind IN ('opened', 'clicked')"
    softly = "FROM returns AS soft WHERE soft.kind = 'soft'"
    theirs = f"{softly} AND soft.delivery_id = returns.delivery_id"
    op.execute(
        "UPDATE returns SET kind = 'delivered', detail = '{}', status = '', text = '', "
        "digest = 'seen:' || delivery_id, "
        f"at = (SELECT max(soft.at) {theirs}), noted_at = (SELECT max(soft.noted_at) {theirs}) "
        f"WHERE id IN (SELECT max(id) FROM returns WHERE {seen} "
        f"AND delivery_id IN (SELECT soft.delivery_id {softly}) GROUP BY delivery_id)"
    )
    op.execute(f"DELETE FROM returns WHERE {seen}")
