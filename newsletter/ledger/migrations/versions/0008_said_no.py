"""People known to have complained or left are taken off the list at once, not by the next send."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# Events before the last return of the same person do not count.
_TAKE_OFF = """
UPDATE subscribers SET standing = :kind, changed_at = :now
WHERE standing IN ('active', 'pending', 'bounced') AND id IN (
    SELECT deliveries.subscriber_id
    FROM events JOIN deliveries ON deliveries.id = events.delivery_id
    LEFT JOIN (
        SELECT deliveries.subscriber_id AS person, max(events.id) AS at
        FROM events JOIN deliveries ON deliveries.id = events.delivery_id
        WHERE events.kind = 'returned' GROUP BY deliveries.subscriber_id
    ) AS returns ON returns.person = deliveries.subscriber_id
    WHERE events.kind = :kind AND (returns.at IS NULL OR returns.at < events.id)
)
"""


def upgrade() -> None:
    """Take them off the list; a complaint outweighs a departure."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    for kind in ("complained", "unsubscribed"):
        op.get_bind().execute(sa.text(_TAKE_OFF), {"kind": kind, "now": now})
