"""Answers to surveys, and who has answered: kept so that nothing leads from one to the other."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from newsletter.ledger.bulk import count, insert_of
from newsletter.ledger.survey_tables import answered, ballots, replies, urns

Said = Mapping[str, Any]  # answers, as they are kept


def spend(connection: Connection, survey_id: str, subscriber_key: str) -> bool:
    """Note that somebody has answered an anonymous survey; False if they had before."""
    row = {"survey_id": survey_id, "subscriber_key": subscriber_key}
    new = insert_of(connection)(answered).values(row).on_conflict_do_nothing()
    return connection.execute(new.returning(answered.c.survey_id)).scalar() is not None


def has_answered(connection: Connection, survey_id: str, subscriber_key: str) -> bool:
    """Has somebody answered a survey?"""
    return any(
        count(
            connection,
            table,
            table.c.survey_id == survey_id,
            table.c.subscriber_key == subscriber_key,
        )
        for table in (answered, replies)
    )


def count_answers(connection: Connection, survey_id: str) -> int:
    """How many have answered a survey?"""
    in_urns = select(func.coalesce(func.sum(urns.c.count), 0)).where(urns.c.survey_id == survey_id)
    sealed = int(connection.execute(in_urns).scalar_one())
    return sealed + sum(
        count(connection, table, table.c.survey_id == survey_id) for table in (ballots, replies)
    )


def list_urns(connection: Connection, survey_id: str) -> list[tuple[int, int]]:
    """Which urns has a survey, and how many ballots lie in each?"""
    query = select(urns.c.number, urns.c.count).where(urns.c.survey_id == survey_id)
    return [(number, inside) for number, inside in connection.execute(query.order_by("number"))]


def read_urn(connection: Connection, survey_id: str, number: int) -> bytes:
    """What lies in an urn, sealed?"""
    this = urns.c.survey_id == survey_id, urns.c.number == number
    return bytes(connection.execute(select(urns.c.sealed).where(*this)).scalar_one())


def write_urn(
    connection: Connection, survey_id: str, number: int, *, count: int, sealed: bytes
) -> None:
    """Put an urn in the place of the one before."""
    row = {"survey_id": survey_id, "number": number, "count": count, "sealed": sealed}
    new = insert_of(connection)(urns).values(row)
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[urns.c.survey_id, urns.c.number],
            set_={"count": count, "sealed": sealed},
        )
    )


def empty_urns(connection: Connection, survey_id: str) -> None:
    """Take away the urns of a survey, and who has answered it."""
    for table in (urns, answered):
        connection.execute(delete(table).where(table.c.survey_id == survey_id))


def add_ballots(connection: Connection, survey_id: str, said: Iterable[tuple[str, Said]]) -> None:
    """Keep answers of nobody in particular, each under its random key, in the order of these."""
    rows = [
        {"survey_id": survey_id, "key": key, "answers": dict(answers)}
        for key, answers in sorted(said, key=lambda one: one[0])
    ]
    if rows:
        connection.execute(insert(ballots), rows)


def list_ballots(connection: Connection, survey_id: str) -> list[Said]:
    """Which answers of nobody in particular has a survey, in the order of their random keys?"""
    query = select(ballots.c.answers).where(ballots.c.survey_id == survey_id)
    return list(connection.execute(query.order_by(ballots.c.key)).scalars())


def write_reply(
    connection: Connection, survey_id: str, subscriber_key: str, said: Said, *, day: str
) -> bool:
    """Keep somebody's answers with their name; return whether they had answered before."""
    this = replies.c.survey_id == survey_id, replies.c.subscriber_key == subscriber_key
    values = {"answers": dict(said), "day": day}
    if connection.execute(update(replies).where(*this).values(values)).rowcount:
        return True
    names = {"survey_id": survey_id, "subscriber_key": subscriber_key}
    connection.execute(insert(replies).values(**names, **values))
    return False


def list_replies(connection: Connection, survey_id: str) -> list[tuple[str, str, Said]]:
    """Who has answered what, with their key and the day?"""
    query = select(replies.c.subscriber_key, replies.c.day, replies.c.answers)
    rows = connection.execute(query.where(replies.c.survey_id == survey_id))
    return sorted(((key, day, said) for key, day, said in rows), key=lambda one: one[0])


def drop_replies(connection: Connection, survey_id: str) -> None:
    """Forget whose answers a survey's were."""
    connection.execute(delete(replies).where(replies.c.survey_id == survey_id))


def count_kept(
    connection: Connection, named: Collection[str], sealed: Collection[str]
) -> tuple[int, int]:
    """How many answers have somebody's key in these surveys, and how many lie sealed in those?"""
    of_named = count(connection, replies, replies.c.survey_id.in_(named))
    in_urns = select(func.coalesce(func.sum(urns.c.count), 0)).where(urns.c.survey_id.in_(sealed))
    return of_named, int(connection.execute(in_urns).scalar_one())


def drop_sealed(connection: Connection, survey_ids: Collection[str]) -> int:
    """Delete what lies sealed of surveys that too few answered; return how many urns."""
    gone = 0
    for survey_id in survey_ids:
        gone += count(connection, urns, urns.c.survey_id == survey_id)
        empty_urns(connection, survey_id)
    return gone
