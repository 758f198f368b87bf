"""The table of what people send in: news for an issue, and requests to the network."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from newsletter.ledger.folding import Address
from newsletter.ledger.instants import Instant
from newsletter.ledger.people_tables import metadata

# Rows are deleted some time after they were decided, pictures at once.
contributions = Table(
    "contributions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # a ContributionKind
    Column("state", String, nullable=False),  # a ContributionState
    Column("received_at", Instant, nullable=False),
    Column("name", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("address", Address, nullable=False, index=True),
    Column("language", String, nullable=False),
    Column("region", String, nullable=False),
    Column("title", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("dates", String, nullable=False),
    Column("place", String, nullable=False),
    Column("wording", String, nullable=False),  # digest of what they agreed to
    # Of all that was typed, with a picture: a form that is sent twice is one contribution.
    Column("digest", String, nullable=False, unique=True),
    Column("picture_type", String, nullable=False),  # media type; empty: there is none
    Column("picture_bytes", Integer, nullable=False),
    Column("picture_words", Text, nullable=False),
    Column("picture", LargeBinary),  # small and without metadata already
    Column("turn", Integer, nullable=False),
    Column("is_slow", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("issue", String, nullable=False),
    Column("decided_at", Instant),
    Column("written_at", Instant),
    Column("mail", String, nullable=False),  # a ContributionMail that is due, or was written
    Column("mailed_at", Instant),
    # The mail to the editor that tells of it; empty: of none yet.
    Column("told_in", String, nullable=False),
    Column("told_at", Instant),
    Index("ix_contributions_state", "state", "id"),
)
