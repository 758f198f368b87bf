"""The tables of statistics: what is summed up of opens and clicks, and what is told of issues.

The metadata goes on from here, so that whoever has `tables` has all of them.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, String, Table, Text

from newsletter.ledger import people_tables
from newsletter.ledger.instants import Instant

metadata = people_tables.metadata

# Opens and clicks that a provider told of, and answers in the mailbox, so that each counts once
# however often it is told; they are deleted when nothing as old is taken any more.
marks = Table(
    "marks",
    metadata,
    # 64 bits of a keyed hash; of this type it is SQLite's own number of the row, and kept once.
    Column(
        "mark",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("day", String, nullable=False, index=True),  # UTC, on which it happened
)

# What the copies of a send that can be told apart were seen to do, each once, at its best; deleted
# 30 days after the send, when only sums are left.
readers = Table(
    "readers",
    metadata,
    Column("send_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("kind", String, primary_key=True),  # opened or clicked
    Column("link", Integer, primary_key=True, autoincrement=False),  # 0: any of them
    # Negative: of somebody of whom nothing is to be known any more, but that it was one person.
    Column("delivery_id", Integer, primary_key=True, autoincrement=False),
    Column("rank", Integer, nullable=False),  # 3 human, 2 unknown, 1 hidden, 0 machine
    Column("early", Integer),  # the same within the window of figures; none: nothing within it
    sqlite_with_rowid=False,  # nearly all of it is its key, which would stand there twice
)

# What was counted of a send, or of a group of its readers, by one source: see model/figures.py.
figures = Table(
    "figures",
    metadata,
    Column("send_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),  # a Source; empty: this ledger's own
    Column("span", String, primary_key=True),  # a Span
    Column("grouping", String, primary_key=True),  # "language", an attribute; empty: everybody
    Column("value", String, primary_key=True),  # of it; empty: everybody, or all the others
    Column("counts", JSON, nullable=False),
    Column("computed_at", Instant, nullable=False),
    Column("is_final", Boolean, nullable=False),
)

# Sends of which something came in since their figures were computed; 0: the list itself.
news = Table(
    "news",
    metadata,
    Column("send_id", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
)

# Why the figures of an issue changed after its window was over.
revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", Integer, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("source", String, nullable=False),
    Column("changes", JSON, nullable=False),  # name -> [before, after]
)

# Newer rules that tell people from machines than those that come with the program.
rulebooks = Table(
    "rulebooks",
    metadata,
    Column("version", String, primary_key=True),
    Column("text", Text, nullable=False),
)
