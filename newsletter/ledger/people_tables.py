"""The tables of what people did and what came back about their mail, beside those of `tables`.

The metadata is here, so that whoever has `tables` has all of them.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from newsletter.ledger.folding import Address
from newsletter.ledger.instants import Instant
from newsletter.ledger.told import Told

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What happened to people, from which their standing follows; rows are only added. Whoever is erased
# keeps none.
records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_key", String, nullable=False, index=True),
    Column("what", String, nullable=False),  # a Happened
    Column("at", Instant),  # when it happened; none: not known
    Column("noted_at", Instant, nullable=False),
    Column("by", String, nullable=False),  # a By
    Column("source", String, nullable=False),
    Column("reason", Told, nullable=False),
    Column("act", String, nullable=False),  # what it is part of, such as "import:3"
    Column("detail", JSON, nullable=False),
    Index("ix_records_noted_at", "noted_at"),
)

# Who must not be mailed even if nothing else is kept of them, by the keyed hash of their address.
suppressions = Table(
    "suppressions",
    metadata,
    Column("fingerprint", String, primary_key=True),  # HMAC-SHA-256, in hexadecimal digits
    Column("standing", String, nullable=False),  # why: a Standing
    Column("source", String, nullable=False),
    Column("noted_at", Instant, nullable=False),
)

# What people were shown when they agreed, so that it can be proved.
wordings = Table(
    "wordings",
    metadata,
    Column("digest", String, primary_key=True),  # SHA-256 of language and text
    Column("language", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("shown_since", Instant, nullable=False),
)

# What people asked for on our pages, until they confirm it by the link that is mailed to them, or
# until it is mailed where nothing is to be confirmed; deleted some time after.
sign_ups = Table(
    "sign_ups",
    metadata,
    Column("key", String, primary_key=True),  # random; in the link that confirms
    Column("purpose", String, nullable=False),  # a Purpose
    Column("address", Address, nullable=False),  # where the mail about it goes
    Column("subscriber_key", String, nullable=False, index=True),  # empty: not on the list
    Column("language", String, nullable=False),
    Column("attributes", JSON, nullable=False),  # name, region, ...
    Column("source", String, nullable=False),  # the page with the form
    Column("wording", String, nullable=False),  # digest of what they agreed to
    Column("tracking", String, nullable=False),  # a Tracking, as they chose
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant),  # when it is to be mailed; none: it was, or is not to be
    Column("mailed_at", Instant),  # when the link was mailed last
    Column("confirmed_at", Instant),
    Column("refused_at", Instant),  # when the owner of the address said that it was not them
    Column("turn", Integer, nullable=False),  # how far back it stands while not all can be mailed
    Column("is_slow", Boolean, nullable=False),  # came without a proof of work that was asked for
    Index(
        "ix_sign_ups_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

# Whose owner said that somebody else had filled in the form: no link is mailed there any more.
disowned = Table(
    "disowned",
    metadata,
    Column("fingerprint", String, primary_key=True),  # keyed hash of the address
    Column("noted_at", Instant, nullable=False),
)

# How often something was done in a span of time, such as a form filled in from one network.
throttles = Table(
    "throttles",
    metadata,
    Column("key", String, primary_key=True),  # keyed hash of what is counted
    Column(
        "window", Integer, primary_key=True, autoincrement=False
    ),  # number of the span since the epoch
    Column("count", Integer, nullable=False),
)

# Proofs of work that were accepted, so that none is accepted twice.
challenges = Table(
    "challenges",
    metadata,
    Column("id", String, primary_key=True),
    Column("expires_at", Instant, nullable=False),
)

# What providers post to us, as it came: stored first, then taken in by a job.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("provider", String, nullable=False),
    Column("digest", String, nullable=False, unique=True),  # of provider and body, or its token
    Column("received_at", Instant, nullable=False),
    Column("headers", JSON, nullable=False),  # those that are needed to read it
    Column("body", LargeBinary, nullable=False),  # empty once it is deleted
    Column("state", String, nullable=False, index=True),  # waiting, taken or failed
    Column("reason", Told, nullable=False),  # why it could not be read
    Column("taken_at", Instant),
)

# What came back about mails, each thing once, and what became of it.
returns = Table(
    "returns",
    metadata,
    Column("id", Integer, primary_key=True),
    # Of source, message, address, kind and second: a provider repeats itself.
    Column("digest", String, nullable=False, unique=True),
    Column("source", String, nullable=False),  # a provider, or "mailbox"
    Column("kind", String, nullable=False),  # a ReturnKind
    Column("at", Instant, nullable=False),  # when it happened, else when it was noted
    Column("noted_at", Instant, nullable=False),
    Column("address", Address, nullable=False),
    Column("delivery_id", Integer, index=True),  # none: not known whose
    Column("send_id", Integer),  # of the delivery, and
    Column("domain", String),  # of the address, where it is a bounce for good; none elsewhere
    Column("subscriber_key", String, index=True),
    Column("status", String, nullable=False),  # enhanced status code
    Column("text", Text, nullable=False),  # what the reader's server said
    Column(
        "state", String, nullable=False
    ),  # taken, held for the editor, unassigned, without effect
    Column("detail", JSON, nullable=False),
    Index("ix_returns_kind_id", "kind", "id"),
    Index(
        "ix_returns_domain_at",
        *("domain", "at", "id"),
        sqlite_where=text("domain IS NOT NULL"),
        postgresql_where=text("domain IS NOT NULL"),
    ),
    Index(
        "ix_returns_send_state",
        *("send_id", "state"),
        sqlite_where=text("send_id IS NOT NULL"),
        postgresql_where=text("send_id IS NOT NULL"),
    ),
)

# How many addresses of a send bounced for good, so that they are not counted anew for each.
tallies = Table(
    "tallies",
    metadata,
    Column("send_id", Integer, primary_key=True, autoincrement=False),
    Column("gone", Integer, nullable=False),  # deliveries
    Column("mailed", Integer, nullable=False),  # whom it goes to, whether called yet or not
    Column("counted_at", Instant, nullable=False),  # when `mailed` was counted
)

# What the suppression lists of providers were told of ours.
passed_on = Table(
    "passed_on",
    metadata,
    Column("provider", String, primary_key=True),
    Column("subscriber_key", String, primary_key=True),
    Column("at", Instant, nullable=False),
)

# How far mailboxes were read.
mailboxes = Table(
    "mailboxes",
    metadata,
    Column("name", String, primary_key=True),  # user, host and folder
    Column("validity", BigInteger, nullable=False),  # UIDVALIDITY: RFC 9051, 2.3.1.1
    Column("uid", BigInteger, nullable=False),  # the last one that was read
    Column("read_at", Instant, nullable=False),
)

# The author's links of a send, by number: redirects lead nowhere else.
links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("words", Text, nullable=False, default=""),  # of the link, as readers see them
    Column("section", Text, nullable=False, default=""),  # heading above it, if any
    Column("language", String, nullable=False, default=""),  # of the edition that has it first
    Column("leads", Boolean, nullable=False, default=True),  # may do so through the service
    UniqueConstraint("send_id", "number"),
)

# Opens and clicks that are to be summed up; of whom only where that person agreed.
hits = Table(
    "hits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", Integer, nullable=False),
    Column("kind", String, nullable=False),  # opened or clicked
    Column("link", Integer),  # its number
    Column("hour", String, nullable=False),  # UTC, no finer
    Column("verdict", String, nullable=False),  # human, machine or unknown
    Column("reason", String, nullable=False),  # code of the rule that decided
    Column("rules", String, nullable=False),  # version of the rules
    Column("delivery_id", Integer),
    Column("count", Integer, nullable=False),
    Column("source", String, nullable=False, default="service"),  # a Source
    # Whether what fetched does so whether the mail is read or not.
    Column("hides", Boolean, nullable=False, default=False),
)

# The same, summed up: how many in an hour, or on a day later than three days after the send began.
visits = Table(
    "visits",
    metadata,
    Column("send_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("link", Integer, primary_key=True, autoincrement=False),  # 0: none
    Column("hour", String, primary_key=True),  # UTC; a day if it has no hour
    Column("verdict", String, primary_key=True),
    Column("reason", String, primary_key=True),
    Column("rules", String, primary_key=True),  # version of the rules
    Column("hides", Boolean, primary_key=True),  # as in `hits`; of these rules and this reason
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,  # nearly all of it is its key, which would stand there twice
)
