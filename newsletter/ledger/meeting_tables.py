"""The tables of meetings: what was told of each, who has which place in it, which mails are due."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from newsletter.ledger import figure_tables
from newsletter.ledger.folding import Address
from newsletter.ledger.instants import Instant
from newsletter.ledger.told import Told

metadata = figure_tables.metadata

# Nobody has a seat who is not registered, but for one that is kept for them by an offer.
SEATLESS = (
    "state NOT IN ('wanted', 'waiting', 'cancelled') "
    "OR (on_site_seat IS NULL AND remote_seat IS NULL)"
)

# Meetings that anybody registered for; its row is what changes of its registrations lock.
meetings = Table(
    "meetings",
    metadata,
    Column("id", String, primary_key=True),
    Column("starts_at", Instant, nullable=False),  # as its file says
    Column("ends_at", Instant, nullable=False),
    # As people were told last: local times, zone, place, a digest of the link.
    Column("told", JSON, nullable=False),
    Column("sequence", Integer, nullable=False),  # of it in public calendars: only raised
    Column("paused_at", Instant),  # since when nobody is moved up; none: they are
    Column("called_off_at", Instant),  # when it was told that it does not take place
    Column("late_told_at", Instant),  # until when the editor was told what changed too late
    Column("late_until", Instant),  # the same, of a mail that is under way
    Column("sums", JSON, nullable=False),  # of what was answered, before answers are deleted
)

registrations = Table(
    "registrations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),  # random; in the links of its mails
    Column("uid", String, nullable=False),  # in calendars; a new one after registering anew
    Column("meeting", String, nullable=False),
    Column("address", Address),  # folded; none: entered by the editor without one, or erased
    Column("subscriber_key", String, nullable=False, index=True),  # empty: not on the list
    Column("name", String, nullable=False),
    Column("badge", String, nullable=False),  # the name one wants on the badge
    Column("organisation", String, nullable=False),
    Column("region", String, nullable=False),
    Column("language", String, nullable=False),
    Column("attending", String, nullable=False),  # an Attending
    Column("state", String, nullable=False),  # a RegistrationState
    # Numbers of the seats that are taken, or kept by an offer: no two have the same one.
    Column("on_site_seat", Integer),
    Column("remote_seat", Integer),
    Column("wanted_at", Instant, nullable=False),  # when the wish was confirmed
    Column("line_at", Instant),  # in line since then: for `attending`, or from remotely to on site
    Column("offer_until", Instant),  # until when a seat is kept for who is in line
    Column("answers", JSON, nullable=False),  # by the question's id
    Column("needs", Text, nullable=False),  # accessibility, diet
    Column("is_late", Boolean, nullable=False),  # changed after the deadline
    Column("sequence", Integer, nullable=False),  # of it in the person's calendar: only raised
    Column("changed_at", Instant, nullable=False),
    Column("cancelled_at", Instant),
    Column("cancelled_from", String, nullable=False),  # the state before; empty: not cancelled
    Column("came", String),  # an Attending
    Column("came_at", Instant),
    Column("came_by", String, nullable=False),
    UniqueConstraint("meeting", "address"),
    UniqueConstraint("meeting", "on_site_seat", name="uq_registrations_on_site_seat"),
    UniqueConstraint("meeting", "remote_seat", name="uq_registrations_remote_seat"),
    CheckConstraint(SEATLESS, name="seatless"),
)

# Mails to people about their registrations, each kind once for each number.
meeting_mails = Table(
    "meeting_mails",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("registration_id", Integer, nullable=False),
    Column("meeting", String, nullable=False),
    Column("kind", String, nullable=False),  # a MeetingMail
    Column("number", Integer, nullable=False),  # from 1: people may cancel more than once
    Column("due_at", Instant, nullable=False),
    Column("state", String, nullable=False),  # due, sent or skipped
    Column("reason", Told, nullable=False),  # why it was skipped
    Column("detail", JSON, nullable=False),  # what it tells of, without words of people
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("registration_id", "kind", "number"),
    Index("ix_meeting_mails_meeting", "meeting"),
    Index(
        "ix_meeting_mails_due_at",
        "due_at",
        sqlite_where=text("state = 'due'"),
        postgresql_where=text("state = 'due'"),
    ),
)
