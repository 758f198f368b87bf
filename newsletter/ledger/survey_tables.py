"""The tables of surveys: what is asked, who has answered, and what was answered, apart from it.

Of an anonymous survey nothing leads from whoever has answered to an answer: while it is open all
answers lie in urns, each one sealed row that every new answer writes anew, in random order; when it
closes they become ballots under random ids, in one transaction. No row of either has a time.
"""

from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, String, Table

from newsletter.ledger.instants import Instant
from newsletter.ledger.people_tables import metadata

# Surveys that were opened, as they were then: their files may change, they do not.
surveys = Table(
    "surveys",
    metadata,
    Column("id", String, primary_key=True),  # the name of its file
    Column("kind", String, nullable=False),  # a SurveyKind
    Column("is_open_to_all", Boolean, nullable=False),
    Column("digest", String, nullable=False),  # SHA-256 of what is frozen
    Column("frozen", JSON, nullable=False),  # the Survey
    Column("notes", JSON, nullable=False),  # what changed after it was opened: [day, words] each
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant),  # none: by hand
    Column("closed_at", Instant),
)

# Who has answered an anonymous survey; that is all that is known of them, not even the day. The key
# is a subscriber’s, or, of somebody who is not on the list, the `uid` of their registration for the
# meeting that it is about; so it is in `replies`.
answered = Table(
    "answered",
    metadata,
    Column("survey_id", String, primary_key=True),
    Column("subscriber_key", String, primary_key=True),
    sqlite_with_rowid=False,  # whose numbers would tell in which order they answered
)

# Answers to an anonymous survey that is open: many in one row, sealed, in random order.
urns = Table(
    "urns",
    metadata,
    Column("survey_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Answers of which nobody can know whose they are: of surveys that are closed.
ballots = Table(
    "ballots",
    metadata,
    Column("survey_id", String, primary_key=True),
    Column("key", String, primary_key=True),  # random
    Column("answers", JSON, nullable=False),
    sqlite_with_rowid=False,
)

# Answers with a name: of named surveys, and of polls until they close.
replies = Table(
    "replies",
    metadata,
    Column("survey_id", String, primary_key=True),
    Column("subscriber_key", String, primary_key=True, index=True),
    Column("answers", JSON, nullable=False),
    Column("day", String, nullable=False),  # UTC, on which it was answered or changed last
    sqlite_with_rowid=False,
)

# What a survey told, as it was told: whoever asks again is told the same, whoever left since.
survey_results = Table(
    "survey_results",
    metadata,
    Column("survey_id", String, primary_key=True),
    Column("part", String, primary_key=True),  # a way of making groups; empty: without groups
    Column("answers", Integer, nullable=False),  # how many there were
    Column("told", JSON, nullable=False),  # counts, and null for each that is hidden
    Column("told_at", Instant, nullable=False),
)
