"""What happened to people is recorded, and what comes back about mails is kept."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.folding import Address
from newsletter.ledger.migrations.additions import add, given

revision = "0013"
down_revision = "0012"

# What was known of everybody until now; `changed_at` is when it became so, or later.
_FOUND = """
INSERT INTO records (subscriber_key, what, noted_at, "by", source, reason, act, detail)
SELECT key, 'found', changed_at, 'program', '', '', '', {detail} FROM subscribers ORDER BY id
"""
_DETAIL = {
    "sqlite": "json_object('standing', standing)",
    "postgresql": "json_build_object('standing', standing)",
}

# Who came back was an event until now; what was told before that must not count afterwards.
_CAME_BACK = """
INSERT INTO records (subscriber_key, what, at, noted_at, "by", source, reason, act, detail)
SELECT subscribers.key, 'returned', events.at, events.at, 'editor', '', '', '', {nothing}
FROM events JOIN deliveries ON deliveries.id = events.delivery_id
JOIN subscribers ON subscribers.id = deliveries.subscriber_id
WHERE events.kind = 'returned' ORDER BY events.id
"""
# By person and event: looked for among all events for each, it takes hours where many came back.
_TOLD_BEFORE = (
    """
CREATE TEMPORARY TABLE came_back AS
SELECT theirs.subscriber_id AS person, back.id AS event, back.at AS moment
FROM events AS back JOIN deliveries AS theirs ON theirs.id = back.delivery_id
WHERE back.kind = 'returned' AND theirs.subscriber_id IS NOT NULL
""",
    "CREATE INDEX ix_came_back ON came_back (person, event)",
    """
UPDATE events SET noted_at = (
    SELECT max(moment) FROM came_back
    WHERE event > events.id AND person = (
        SELECT subscriber_id FROM deliveries WHERE deliveries.id = events.delivery_id
    )
) WHERE kind <> 'returned' AND delivery_id IN (
    SELECT id FROM deliveries WHERE subscriber_id IN (SELECT person FROM came_back)
)
""",
    "DROP TABLE came_back",
)
_NOTHING = {"sqlite": "json_object()", "postgresql": "json_build_object()"}


def upgrade() -> None:
    """Create the tables, and record how everybody stands."""
    add("subscribers", sa.String, "basis", "tracking", default="unknown")
    add("changes", sa.String, "basis", default="unknown")
    add("sends", sa.String, "counting", default="off")
    add("sends", sa.String, "media_url", default="")
    op.add_column("subscribers", sa.Column("paused_until", sa.String))
    paused = sa.text("paused_until IS NOT NULL")
    op.create_index(
        "ix_subscribers_paused_until",
        "subscribers",
        ["paused_until"],
        sqlite_where=paused,
        postgresql_where=paused,
    )
    op.add_column("events", sa.Column("noted_at", sa.String))
    add("sends", sa.String, "leave_to", default="")
    op.create_index("ix_sends_planned_at", "sends", ["planned_at"])
    _create_of_people()
    _create_of_returns()
    _create_of_hits()
    _mend_jobs()
    _hold_restored()
    connection = op.get_bind()
    dialect = connection.dialect.name
    connection.execute(sa.text(_FOUND.format(detail=_DETAIL[dialect])))
    connection.execute(sa.text(_CAME_BACK.format(nothing=_NOTHING[dialect])))
    for step in _TOLD_BEFORE:
        connection.execute(sa.text(step))


def _create_of_people() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.String, "subscriber_key", index=True),
        *given(sa.String, "what", "noted_at", "by", "source", "act"),
        sa.Column("at", sa.String),
        *given(sa.Text, "reason"),
        *given(sa.JSON, "detail"),
    )
    op.create_table(
        "suppressions",
        sa.Column("fingerprint", sa.String, primary_key=True),
        *given(sa.String, "standing", "source", "noted_at"),
    )
    op.create_table(
        "wordings",
        sa.Column("digest", sa.String, primary_key=True),
        *given(sa.String, "language", "shown_since"),
        *given(sa.Text, "text"),
    )
    op.create_table(
        "sign_ups",
        sa.Column("key", sa.String, primary_key=True),
        *given(Address, "address"),
        *given(sa.String, "purpose", "language", "source", "wording", "tracking", "asked_at"),
        *given(sa.String, "subscriber_key", index=True),
        *given(sa.JSON, "attributes"),
        *(sa.Column(name, sa.String) for name in ("due_at", "mailed_at")),
        *(sa.Column(name, sa.String) for name in ("confirmed_at", "refused_at")),
        *given(sa.Integer, "turn"),
        *given(sa.Boolean, "is_slow"),
    )
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_sign_ups_due_at",
        "sign_ups",
        ["due_at"],
        sqlite_where=is_due,
        postgresql_where=is_due,
    )
    op.create_table(
        "disowned",
        sa.Column("fingerprint", sa.String, primary_key=True),
        *given(sa.String, "noted_at"),
    )
    op.create_table(
        "throttles",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("window", sa.Integer, primary_key=True, autoincrement=False),
        *given(sa.Integer, "count"),
    )
    op.create_table(
        "challenges",
        sa.Column("id", sa.String, primary_key=True),
        *given(sa.String, "expires_at"),
    )


def _create_of_returns() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.String, "provider", "received_at"),
        *given(sa.String, "state", index=True),
        *given(sa.String, "digest", unique=True),
        *given(sa.JSON, "headers"),
        *given(sa.LargeBinary, "body"),
        *given(sa.Text, "reason"),
        sa.Column("taken_at", sa.String),
    )
    op.create_table(
        "returns",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.String, "digest", unique=True),
        *given(sa.String, "source", "kind", "at", "noted_at", "status", "state"),
        *given(Address, "address"),
        sa.Column("delivery_id", sa.Integer, index=True),
        sa.Column("send_id", sa.Integer),
        sa.Column("domain", sa.String),
        sa.Column("subscriber_key", sa.String, index=True),
        *given(sa.Text, "text"),
        *given(sa.JSON, "detail"),
    )
    op.create_index("ix_returns_kind_id", "returns", ["kind", "id"])
    of_bounces = {
        "ix_returns_domain_at": ["domain", "at", "id"],
        "ix_returns_send_state": ["send_id", "state"],
    }
    for name, columns in of_bounces.items():
        is_one = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, "returns", columns, sqlite_where=is_one, postgresql_where=is_one)
    op.create_table(
        "tallies",
        sa.Column("send_id", sa.Integer, primary_key=True, autoincrement=False),
        *given(sa.Integer, "gone", "mailed"),
        *given(sa.String, "counted_at"),
    )
    op.create_table(
        "passed_on",
        sa.Column("provider", sa.String, primary_key=True),
        sa.Column("subscriber_key", sa.String, primary_key=True),
        *given(sa.String, "at"),
    )
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String, primary_key=True),
        *given(sa.BigInteger, "validity", "uid"),
        *given(sa.String, "read_at"),
    )


def _create_of_hits() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.Integer, "send_id", "number"),
        *given(sa.Text, "url"),
        sa.UniqueConstraint("send_id", "number"),
    )
    op.create_table(
        "hits",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.Integer, "send_id", index=True),
        *given(sa.Integer, "count"),
        *given(sa.String, "kind", "hour", "verdict", "reason", "rules"),
        sa.Column("link", sa.Integer),
        sa.Column("delivery_id", sa.Integer),
    )
    op.create_table(
        "visits",
        sa.Column("send_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("link", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, primary_key=True) for name in ("hour", "verdict", "reason")),
        *given(sa.Integer, "count"),
    )


def _hold_restored() -> None:
    """Ledgers that came back from a backup before are not held now."""
    column = sa.Column("nothing_sent", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("restorations", column)
    op.add_column("restorations", sa.Column("caught_up_at", sa.String))
    op.execute("UPDATE restorations SET caught_up_at = restored_at")


def _mend_jobs() -> None:
    op.create_table(
        "losses",
        sa.Column("key", sa.String, primary_key=True),
        *given(sa.Integer, "times", "progress"),
    )
    op.create_index("ix_jobs_turn", "jobs", ["state", "priority", "id"])
    with op.batch_alter_table("troubles") as troubles:
        troubles.alter_column("told_in", server_default="")
