"""The first tables of the ledger."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.folding import Address
from newsletter.ledger.migrations.additions import given

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "pictures",
        *given(sa.String, "digest", primary_key=True),
        *given(sa.String, "media_type"),
        *given(sa.Integer, "width", "height"),
        *given(sa.LargeBinary, "data"),
    )
    op.create_table(
        "sends",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.String, "key", "scope", unique=True),
        *given(sa.String, "issue_id", index=True),
        *given(sa.String, "issue_date", "subject", "provider", "tag"),
        *given(sa.JSON, "sender"),
        *given(sa.String, "reply_to", "public_url", "digest", "state"),
        *given(sa.Text, "reason"),
        *given(sa.JSON, "left_out"),
        *given(sa.String, "planned_at"),
        sa.Column("done_at", sa.String),
    )
    op.create_table(
        "subscribers",
        *given(sa.Integer, "id", primary_key=True),
        *given(Address, "address", unique=True),
        *given(sa.String, "key", unique=True),
        *given(sa.String, "name", "language"),
        *given(sa.JSON, "attributes"),
        *given(sa.String, "standing", "joined_at", "changed_at"),
    )
    op.create_table(
        "editions",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.Integer, "send_id", index=True),
        *given(sa.String, "variant", "language"),
        *given(sa.Text, "subject", "html", "text"),
        *given(sa.JSON, "slots", "pictures"),
        *given(sa.String, "digest"),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"]),
        sa.UniqueConstraint("send_id", "variant"),
    )
    op.create_table(
        "reports",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.Integer, "send_id", index=True),
        *given(sa.String, "provider", "as_of"),
        *given(sa.JSON, "figures"),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"]),
    )
    op.create_table(
        "batches",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.Integer, "send_id", index=True),
        *given(sa.Integer, "edition_id"),
        *given(sa.String, "key", "worker"),
        *given(sa.Integer, "attempt"),
        *given(sa.Float, "not_before"),
        sa.Column("called_at", sa.Float),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"]),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"]),
    )
    op.create_table(
        "deliveries",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.Integer, "send_id"),
        *given(sa.String, "scope"),
        *given(sa.Integer, "batch_id", index=True),
        sa.Column("subscriber_id", sa.Integer),
        *given(Address, "address"),
        *given(sa.String, "state", "message_id"),
        *given(sa.Text, "reason"),
        *given(sa.String, "changed_at"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"]),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"]),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"]),
        sa.UniqueConstraint("scope", "address"),
    )
    op.create_index("ix_deliveries_send_state", "deliveries", ["send_id", "state"])
    op.create_table(
        "events",
        *given(sa.Integer, "id", primary_key=True),
        *given(sa.Integer, "delivery_id", index=True),
        *given(sa.String, "kind", "at"),
        *given(sa.JSON, "detail"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"]),
    )
