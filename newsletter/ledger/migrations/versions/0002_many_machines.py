"""Batches have states of their own; workers and paces are shared by many machines."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.folding import Address, folded
from newsletter.ledger.migrations.additions import add, given

revision = "0002"
down_revision = "0001"

_UNIQUE = "uq_deliveries_send_id"
_ADDRESS = folded(sa.column("address", sa.String))


def upgrade() -> None:
    """Create the new tables and move what is under way into them."""
    op.create_table(
        "workers",
        *given(sa.String, "name", primary_key=True),
        *given(sa.String, "host"),
        *given(sa.Boolean, "is_serving"),
        *given(sa.Float, "seen_at"),
    )
    op.create_table(
        "paces",
        *given(sa.String, "provider", primary_key=True),
        *given(sa.Float, "next_at", "gap"),
    )
    op.add_column("sends", sa.Column("scheduled_at", sa.String))
    add("sends", sa.Boolean, "by_provider", "is_held", default="0")
    add("batches", sa.Integer, "size", default="0")
    add("batches", sa.Boolean, "is_canary", default="0")
    add("batches", sa.String, "state", default="")
    add("batches", sa.Text, "reason", default="")
    add("deliveries", sa.Boolean, "transient", default="0")
    _move_states()
    _rebuild_deliveries()
    op.drop_index("ix_batches_send_id", "batches")
    op.create_index("ix_batches_send_state", "batches", ["send_id", "state"])
    op.create_index("ix_batches_called_at", "batches", ["called_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("uq_subscribers_address", "subscribers", type_="unique")
        op.create_index("uq_subscribers_address", "subscribers", [_ADDRESS], unique=True)
        op.create_index(_UNIQUE, "deliveries", ["send_id", _ADDRESS], unique=True)


def _rebuild_deliveries() -> None:
    """Make deliveries unique within their send, without foreign keys for what planning writes."""
    with op.batch_alter_table("deliveries") as deliveries:
        for column in ("send_id", "batch_id", "subscriber_id"):
            deliveries.drop_constraint(f"fk_deliveries_{column}", type_="foreignkey")
        deliveries.drop_index("ix_deliveries_send_state")
        deliveries.drop_constraint("uq_deliveries_scope", type_="unique")
        deliveries.drop_column("scope")
        if op.get_bind().dialect.name == "sqlite":
            # Declared again: the table definition that SQLite reports lacks the collation.
            deliveries.alter_column("address", type_=Address(), existing_nullable=False)
            deliveries.create_unique_constraint(_UNIQUE, ["send_id", "address"])


def _move_states() -> None:
    """Store the state of open deliveries in their batch."""
    within = "EXISTS (SELECT 1 FROM deliveries WHERE batch_id = batches.id AND state = '{}')"
    known = ("sending", "unknown", "queued")
    cases = " ".join(f"WHEN {within.format(state)} THEN '{state}'" for state in known)
    op.execute(f"UPDATE batches SET state = CASE {cases} ELSE 'settled' END")
    counted = "(SELECT count(*) FROM deliveries WHERE batch_id = batches.id)"
    op.execute(f"UPDATE batches SET size = {counted}")
    reason = (
        "(SELECT max(reason) FROM deliveries WHERE batch_id = batches.id AND state = 'unknown')"
    )
    op.execute(f"UPDATE batches SET reason = {reason} WHERE state = 'unknown'")
    op.execute(
        "UPDATE deliveries SET state = 'open' WHERE state IN ('queued', 'sending', 'unknown')"
    )
