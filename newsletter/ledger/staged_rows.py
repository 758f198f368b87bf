"""The rows of a list that is staged, and what would become of them, compared with the ledger."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text

from newsletter.ledger.folding import Address
from newsletter.ledger.told import Told
from newsletter.model import Standing, Subscriber

LEFT = min(standing.rank for standing in Standing if standing.is_left)  # from this rank on
metadata = MetaData()

staged = Table(
    "staged",
    metadata,
    Column("line", Integer, primary_key=True),
    Column("address", Address, nullable=False),
    Column("key", String, nullable=False),
    Column("name", String),
    Column("language", String),
    Column("patch", JSON, nullable=False),
    Column("rank", Integer, nullable=False),  # of the standing: its place in the order
    Column("evidence", Told, nullable=False),
    Column("subscriber_id", Integer),
    Column("fate", String, nullable=False),
    # What shows that they agreed, as the detail of a record; and whether that is news.
    Column("proof", JSON),
    Column("is_news", Integer),
    prefixes=["TEMPORARY"],
)
refused = Table(
    "refused",
    metadata,
    Column("line", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("reason", Told, nullable=False),
    Column("cells", JSON, nullable=False),
    prefixes=["TEMPORARY"],
)
duplicates = Table(
    "doubles",
    metadata,
    Column("first", Integer, primary_key=True),
    Column("address", Address, nullable=False),
    Column("rank", Integer, nullable=False),  # the strictest of its rows
    prefixes=["TEMPORARY"],
)


class RowOutcome(StrEnum):
    """What importing a row would do."""

    JOIN = "join"
    CHANGE = "change"  # name, language, attributes, perhaps the standing too
    PROVE = "prove"  # nothing, but that they agreed is recorded
    LEAVE = "leave"  # the standing alone: the list says that they left
    NOTE = "note"  # nothing, but that the list says so, too, of who left by what may be undone
    NOTHING = "nothing"
    REFUSED = "refused"  # they left, or have another address, and the list would bring them back


# What a row does with somebody who is known, if anything.
CHANGED = (RowOutcome.CHANGE, RowOutcome.PROVE, RowOutcome.LEAVE, RowOutcome.NOTE)


class Difference(NamedTuple):
    """What a row would change about somebody."""

    line: int
    before: Subscriber
    after: Subscriber
    proof: str = ""  # that they agreed, where it is news
    cause: Standing | None = None  # what keeps them off, too, where that is news


class Tally(NamedTuple):
    """How many rows of a list share an outcome."""

    fate: RowOutcome
    standing: Standing  # the list's; ACTIVE if nothing speaks against it
    evidence: str
    rows: int


class Proven(NamedTuple):
    """How many people a list shows to have agreed."""

    joining: int  # and to be mailed
    known: int  # of whom this was not recorded
