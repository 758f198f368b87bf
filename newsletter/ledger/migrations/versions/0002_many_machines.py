"""Batches have states of their own; workers and paces are shared by many machines."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.folding import Address, folded

revision = "0002"
down_revision = "0001"

_UNIQUE = "uq_deliveries_send_id"
_ADDRESS = folded(sa.column("address", sa.String))


def upgrade() -> None:
    """Create the new tables and move what is under way into them."""
    op.create_table(
        "workers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("is_serving", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "paces",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("gap", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_paces")),
    )
    # One by one, and with defaults that stay: SQLite would otherwise rebuild the tables, which it
    # refuses while rows of other tables refer to them.
    op.add_column("sends", sa.Column("scheduled_at", sa.String(), nullable=True))
    op.add_column("sends", _flag("by_provider"))
    op.add_column("sends", _flag("is_held"))
    op.add_column("batches", sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("batches", _flag("is_canary"))
    op.add_column("batches", sa.Column("state", sa.String(), nullable=False, server_default=""))
    op.add_column("batches", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("deliveries", _flag("transient"))
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


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default="0")


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
