"""Who was invited to something by mail, and who has answered a survey."""

from sqlalchemy import Connection, select, union

from newsletter.ledger.survey_tables import answered, replies
from newsletter.ledger.tables import deliveries, sends, subscribers


def find_invited(connection: Connection, beginning: str) -> set[str]:
    """Which subscribers, by their keys, have a delivery of a notice whose scope begins so?"""
    query = (
        select(subscribers.c.key)
        .join(deliveries, deliveries.c.subscriber_id == subscribers.c.id)
        .join(sends, sends.c.id == deliveries.c.send_id)
        .where(sends.c.scope.startswith(beginning, autoescape=True))
    )
    return set(connection.execute(query).scalars())


def find_answered(connection: Connection, survey_id: str) -> set[str]:
    """Which subscribers, by their keys, have answered a survey, of whatever kind?"""
    named = select(replies.c.subscriber_key).where(replies.c.survey_id == survey_id)
    nameless = select(answered.c.subscriber_key).where(answered.c.survey_id == survey_id)
    return set(connection.execute(union(named, nameless)).scalars())
