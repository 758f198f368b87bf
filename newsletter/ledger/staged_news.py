"""What a staged list says of people whom the ledger knows, that it has no record of yet."""

from sqlalchemy import ColumnElement, Connection, case, exists, func, select, update

from newsletter.ledger import people
from newsletter.ledger.staged_rows import LEFT, RowOutcome, staged
from newsletter.ledger.tables import metadata, subscribers
from newsletter.model import LIFTS, TOLD_AS, By, Happened, Standing

records = metadata.tables["records"]
_LEAVING = [Happened.BOUNCED, Happened.UNSUBSCRIBED, Happened.COMPLAINED]


def find_proofs(connection: Connection) -> None:
    """Mark the rows that show of somebody that they agreed, where that is not recorded."""
    is_recorded = exists().where(
        records.c.subscriber_key == subscribers.c.key,
        records.c.detail["evidence"].as_string() == staged.c.proof["evidence"].as_string(),
        ~_is_undone(),
    )
    is_known = staged.c.fate.in_([RowOutcome.CHANGE, RowOutcome.NOTHING])
    fate = case((staged.c.fate == RowOutcome.NOTHING, RowOutcome.PROVE), else_=staged.c.fate)
    connection.execute(
        update(staged)
        .where(
            staged.c.proof.is_not(None),
            is_known,
            staged.c.rank < LEFT,
            subscribers.c.id == staged.c.subscriber_id,
            ~is_recorded,
        )
        .values(is_news=1, fate=fate)
    )


def find_causes(connection: Connection) -> None:
    """Mark the rows that say why somebody is off the list who left by what may be undone.

    Once it is undone, that still keeps them off, whichever was known first.
    """
    theirs = records.c.subscriber_key == subscribers.c.key
    may_be_undone = exists().where(
        theirs, records.c.what.in_(_LEAVING), records.c.act != "", ~_is_undone()
    )
    said = case({word.rank: what for word, what in TOLD_AS.items()}, value=staged.c.rank)
    is_said = exists().where(
        theirs, records.c.by == By.LIST, records.c.what == said, ~_is_undone(), ~_is_lifted()
    )
    before = people.rank_of(subscribers.c.standing)
    known = select(subscribers.c.id).where(
        subscribers.c.id == staged.c.subscriber_id,
        before < Standing.ERASED.rank,
        may_be_undone,
        ~is_said,
    )
    left = (staged.c.fate == RowOutcome.NOTHING) & (staged.c.rank >= LEFT)
    connection.execute(update(staged).where(left, known.exists()).values(fate=RowOutcome.NOTE))


def is_why(act: str) -> ColumnElement[bool]:
    """Return the SQL for whether an act told of a subscriber why they get no mail."""
    told = records.c.what.in_(TOLD_AS.values()) & (records.c.act == act)
    return exists().where(records.c.subscriber_key == subscribers.c.key, told)


def _is_undone() -> ColumnElement[bool]:
    """Return the SQL for whether a record was taken back."""
    undone = records.alias("undone")
    return exists().where(
        undone.c.subscriber_key == records.c.subscriber_key,
        undone.c.what == Happened.UNDONE,
        undone.c.act == records.c.act,
    )


def _is_lifted() -> ColumnElement[bool]:
    """Return the SQL for whether somebody wished for mail after a record."""
    lift = records.alias("lift")
    return exists().where(
        lift.c.subscriber_key == records.c.subscriber_key,
        lift.c.what.in_(LIFTS),
        func.coalesce(lift.c.at, lift.c.noted_at)
        >= func.coalesce(records.c.at, records.c.noted_at),
    )
