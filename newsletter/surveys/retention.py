"""Forgets what surveys no longer need: whose named answers were, and what too few gave."""

import datetime as dt
from random import Random, SystemRandom

from newsletter.ledger import Ledger, ballots, compacting, questionnaires
from newsletter.model import SurveyKind
from newsletter.surveys import urns

NAMED_DAYS = 731  # after a survey with names was closed, answers stay, names go
SEALED_DAYS = 30  # in which one that fewer than five answered may be opened again


def forget_old(ledger: Ledger, *, now: dt.datetime, chance: Random | None = None) -> int:
    """Cut names off old answers, and delete those that nobody may read; return of how many."""
    named_before = now - dt.timedelta(days=NAMED_DAYS)
    sealed_before = now - dt.timedelta(days=SEALED_DAYS)
    done = 0
    with ledger.write() as connection:
        for id in questionnaires.list_closed(connection, SurveyKind.NAMED, before=named_before):
            said = [one for _, _, one in ballots.list_replies(connection, id)]
            keys = urns.random_keys(len(said), chance or SystemRandom())
            ballots.add_ballots(connection, id, zip(keys, said, strict=True))
            ballots.drop_replies(connection, id)
            done += bool(said)
        anonymous = questionnaires.list_closed(
            connection, SurveyKind.ANONYMOUS, before=sealed_before
        )
        done += ballots.drop_sealed(connection, anonymous)
    if done:
        compacting.flush(ledger)
    return done


def count_forgettable(ledger: Ledger, *, now: dt.datetime) -> tuple[int, int]:
    """Return how many answers that would cut off from names, and how many it would delete."""
    named_before = now - dt.timedelta(days=NAMED_DAYS)
    sealed_before = now - dt.timedelta(days=SEALED_DAYS)
    with ledger.read() as connection:
        named = questionnaires.list_closed(connection, SurveyKind.NAMED, before=named_before)
        anonymous = questionnaires.list_closed(
            connection, SurveyKind.ANONYMOUS, before=sealed_before
        )
        return ballots.count_kept(connection, named, anonymous)
