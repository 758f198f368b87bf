"""The tables of the ledger. Times are UTC, ISO 8601; states are the words of the model."""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    # Aino@ and aino@ are one person: no mail service tells them apart.
    Column("address", String(collation="NOCASE"), nullable=False, unique=True),
    Column("key", String, nullable=False, unique=True),  # opaque; the only id in links
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("standing", String, nullable=False),
    Column("joined_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
)

pictures = Table(
    "pictures",
    metadata,
    Column("digest", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

sends = Table(
    "sends",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),  # random; seeds message ids
    # The id, or "test:" and the key: one send an issue, any number of tests.
    Column("scope", String, nullable=False, unique=True),
    Column("issue_id", String, nullable=False, index=True),
    Column("issue_date", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("tag", String, nullable=False),
    Column("sender", JSON, nullable=False),  # display name, address
    Column("reply_to", String, nullable=False),
    Column("public_url", String, nullable=False),  # empty while there was none
    Column("digest", String, nullable=False),  # of all its editions
    Column("state", String, nullable=False),  # planned, sending, stopped or done
    Column("reason", Text, nullable=False),  # why it stopped
    Column("left_out", JSON, nullable=False),  # reason -> number of people
    Column("planned_at", String, nullable=False),
    Column("done_at", String),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False, index=True),
    Column("variant", String, nullable=False),
    Column("language", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("slots", JSON, nullable=False),
    Column("pictures", JSON, nullable=False),  # [{"source", "digest"}, ...]
    Column("digest", String, nullable=False),
    UniqueConstraint("send_id", "variant"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False, index=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("key", String, nullable=False),  # UUID of the current call, for idempotency
    Column("worker", String, nullable=False),  # who claimed it last; empty before
    Column("attempt", Integer, nullable=False),
    Column("not_before", Float, nullable=False),  # Unix time; when it may be tried again
    Column("called_at", Float),  # Unix time of the first call under this key
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False),
    Column("scope", String, nullable=False),  # that of the send
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("subscriber_id", ForeignKey("subscribers.id")),
    Column("address", String(collation="NOCASE"), nullable=False),
    Column("state", String, nullable=False),
    Column("message_id", String, nullable=False),  # the provider's
    Column("reason", Text, nullable=False),
    Column("changed_at", String, nullable=False),
    UniqueConstraint("scope", "address"),  # nobody is mailed twice
    Index("ix_deliveries_send_state", "send_id", "state"),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),  # delivered, bounced, opened, clicked, ...
    Column("at", String, nullable=False),
    Column("detail", JSON, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False, index=True),
    Column("provider", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("figures", JSON, nullable=False),  # what the provider said, in the model's words
)
