"""The tables of the ledger, the same on SQLite and PostgreSQL.

Times are moments, stored as text, and Unix time where waits are calculated; states are the words of
`newsletter.model.post`. Where an address is unique, PostgreSQL has an index of its folded form in
place of the constraint.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from newsletter.ledger import contribution_tables, figure_tables, meeting_tables, survey_tables
from newsletter.ledger.folding import Address
from newsletter.ledger.instants import Instant, UnixTime
from newsletter.ledger.told import Told

metadata = figure_tables.metadata
# The metadata is whole once these have been imported; each is asked for by its own module.
_WHOLE = (contribution_tables, meeting_tables, survey_tables)

# A delivery that is not decided yet has the state of its batch: a claim changes one row, not a
# thousand. `ledger.sends` shows such a delivery in the state of its batch.
OPEN = "open"

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", Address, nullable=False, unique=True),
    Column("key", String, nullable=False, unique=True),  # opaque; the only id in links
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("standing", String, nullable=False),
    Column("basis", String, nullable=False, default="unknown"),  # a Basis: why they may be mailed
    Column("tracking", String, nullable=False, default="unknown"),  # a Tracking: their consent
    Column("paused_until", Instant),  # none: not paused, or until they resume
    Column("joined_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(
        "ix_subscribers_paused_until",
        "paused_until",
        sqlite_where=text("paused_until IS NOT NULL"),
        postgresql_where=text("paused_until IS NOT NULL"),
    ),
)

# Former addresses of people; whoever has one now is somebody else. The subscriber is named by their
# key, which is never given to anybody else.
former = Table(
    "former",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", Address, nullable=False),
    Column("subscriber_key", String, nullable=False, index=True),
)

# Lists that were imported, so that they can be taken back; only the last few, as `changes` holds
# personal data. People who joined by one have its `taken_at` as their `joined_at`.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),  # name of the file
    Column("taken_at", Instant, nullable=False, unique=True),  # to the microsecond, and unique
    Column("joined", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("undone_at", Instant),
)

# Ledgers that lists came from: which issues their readers had there is known only by the day.
origins = Table(
    "origins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sent_until", String, nullable=False),  # date of the newest issue sent there
    Column("taken_at", Instant, nullable=False),  # of the import that brought the list
)

# What people were before an import changed them; written once, deleted when it is taken back.
changes = Table(
    "changes",
    metadata,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("subscriber_id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("standing", String, nullable=False),
    Column("basis", String, nullable=False, default="unknown"),
    Column("changed_at", Instant, nullable=False),
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
    # The id, "rehearsal:" and that id for the local outbox, "test:" and the key, or
    # "notice:" with its kind and what it is about: one send per issue and any number of tests; all
    # rehearsals but the newest have their key added.
    Column("scope", String, nullable=False, unique=True),
    Column("issue_id", String, nullable=False, index=True),
    Column("issue_date", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("tag", String, nullable=False),
    Column("sender", JSON, nullable=False),  # display name, address
    Column("reply_to", String, nullable=False),
    Column("public_url", String, nullable=False),  # empty while there was none
    Column("media_url", String, nullable=False, default=""),  # where pictures lie, if elsewhere
    Column("list_id", String, nullable=False),
    # Where mails that unsubscribe go, with a star for the reader's key; empty: to `reply_to`.
    Column("leave_to", String, nullable=False),
    Column("place", String, nullable=False),  # host or URL of the provider, for people
    Column("account", String, nullable=False),  # fingerprint of provider, place and credentials
    Column("choice", JSON, nullable=False),  # who was chosen: a choosing.Choice
    Column("digest", String, nullable=False),  # of all its editions
    Column("state", String, nullable=False),  # a SendState
    Column("reason", Told, nullable=False),  # why it stopped
    Column("left_out", JSON, nullable=False),  # reason -> number of people
    # Warnings it was sent with all the same: [{"id", "place", "message"}, ...]
    Column("overrides", JSON, nullable=False),
    Column("counting", String, nullable=False, default="off"),  # a Counting, as it was frozen
    Column("window_days", Integer, nullable=False, default=7),  # by which issues are compared
    Column("planned_at", Instant, nullable=False, index=True),
    Column("scheduled_at", Instant),  # when it is to be sent; empty means at once
    Column("by_provider", Boolean, nullable=False),  # the provider holds the mail until then
    Column("late", JSON, nullable=False),  # later joiners: [{"at", "count"}, ...]
    Column("is_held", Boolean, nullable=False),  # only the canary's batches may be claimed
    Column("done_at", Instant),
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
    # [{"filename", "media_type", "text"}, ...], or "base64" of what is no text
    Column("enclosures", JSON, nullable=False, default=list),
    Column("digest", String, nullable=False),
    UniqueConstraint("send_id", "variant"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("size", Integer, nullable=False),  # deliveries in the current call, or to be called with
    Column("is_canary", Boolean, nullable=False),
    Column("state", String, nullable=False),  # a BatchState
    Column("reason", Told, nullable=False),  # why it is unknown, or waits
    Column("key", String, nullable=False),  # UUID of the current call, for idempotency
    Column("worker", String, nullable=False),  # who claimed it last; empty before
    Column("attempt", Integer, nullable=False),
    Column("not_before", UnixTime, nullable=False),  # when it is due
    Column("called_at", UnixTime),  # when it was first called under this key
    # The batch that its people were first planned in, by whose tag the provider knows all calls to
    # them, whoever made those; none: itself.
    Column("root_id", Integer),
    # When it came back from a backup: until then another ledger may have sent it, under any key.
    Column("restored_at", UnixTime),
    Index("ix_batches_send_state", "send_id", "state"),
    Index("ix_batches_called_at", "called_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    # No foreign keys: only planning writes these rows, together with those they refer to, which are
    # never deleted; checking three for each of a million takes PostgreSQL twenty seconds.
    Column("send_id", Integer, nullable=False),
    Column("batch_id", Integer, nullable=False, index=True),
    Column("subscriber_id", Integer),  # none: a stranger's test
    Column("address", Address, nullable=False),
    Column("state", String, nullable=False),  # "open", or how it was decided
    Column("message_id", String, nullable=False),  # the provider's
    Column("reason", Told, nullable=False),
    Column("transient", Boolean, nullable=False),  # rejected, but may be accepted another day
    Column("changed_at", Instant, nullable=False),
    # Their copy was made when they allowed that opens and clicks are counted of them; of a send
    # that counts those alone.
    Column("is_counted", Boolean, nullable=False, default=False),
    UniqueConstraint("send_id", "address"),  # nobody is mailed twice
)

# Backups that this ledger was restored from: what was sent and who left since it cannot know.
restorations = Table(
    "restorations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made_at", Instant),  # when the backup was made, as far as it says so
    Column("restored_at", Instant, nullable=False),
    # After it, by the editor's word.
    Column("nothing_sent", Boolean, nullable=False, default=False),
    # When it became known who left after the backup; none: nothing may be sent until then.
    Column("caught_up_at", Instant),
)

# Ledgers that this one is a copy of, or that a copy of it went to.
handovers = Table(
    "handovers",
    metadata,
    Column("key", String, primary_key=True),  # the same in both
    Column("place", String, nullable=False),  # of the other one, without a password
    Column("at", Instant, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("is_serving", Boolean, nullable=False),  # False: carries out one send and ends
    Column("account", String, nullable=False, default=""),  # sends through it, as in `sends`
    Column("seen_at", Float, nullable=False),  # Unix time by the database's clock
)

# How fast a provider is called, by all who send through it together.
paces = Table(
    "paces",
    metadata,
    Column("provider", String, primary_key=True),
    Column("next_at", UnixTime, nullable=False),  # when the next call may come
    Column("gap", Float, nullable=False),  # seconds between calls, after its refusals
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),  # delivered, bounced, opened, clicked, ...
    Column("at", String, nullable=False),  # when it happened; empty: not known
    Column("noted_at", Instant),  # when it became known; none: at some time until now
    Column("detail", JSON, nullable=False),
)

# Background work where the database has no engine of its own for it. PostgreSQL has Procrastinate's
# tables instead, and leaves this one empty.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("key", String, nullable=False),
    Column("args", JSON, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", String, nullable=False),  # a JobState
    Column("due", UnixTime, nullable=False),
    Column("asked_at", Float, nullable=False),  # Unix time by the database's clock
    Column("worker", String, nullable=False),  # who runs it; empty while nobody does
    Index("ix_jobs_turn", "state", "priority", "id"),
    Index(
        "uq_jobs_waiting_key",
        "key",
        unique=True,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

# Why the last attempt of a job failed, for both engines, or a send stopped; a success removes it.
troubles = Table(
    "troubles",
    metadata,
    Column("key", String, primary_key=True),  # of the job, or "stopped:" and the id of the send
    Column("name", String, nullable=False),  # of the job, or "stopped"
    Column("reason", Told, nullable=False),
    Column("is_final", Boolean, nullable=False),  # not tried again: the editor is asked
    Column("at", Instant, nullable=False),
    Column("told_in", String, nullable=False, default=""),  # key of the notice about it, if any
    Column("told_at", Instant),  # when the editor was mailed about it
)

# Jobs that ended with the process that did them; a success forgets it.
losses = Table(
    "losses",
    metadata,
    Column("key", String, primary_key=True),  # of the job
    Column("times", Integer, nullable=False),  # in a row
    Column("progress", Integer, nullable=False),  # settled batches of its send at the last one
)

# When each job that has a schedule last began.
rounds = Table(
    "rounds",
    metadata,
    Column("name", String, primary_key=True),
    Column("begun_at", Instant, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False, index=True),
    Column("provider", String, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("figures", JSON, nullable=False),  # what the provider said, in the model's words
    Column("counts", JSON),  # of its newest report: opens and clicks, by Span
)
