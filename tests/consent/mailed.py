"""Issues that were mailed to invented people, and what comes back about them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from newsletter.consent import returning
from newsletter.ledger import people, planning
from newsletter.ledger.tables import deliveries, sends
from newsletter.model import Return, ReturnKind, Standing, State
from tests.ledger.examples import FI, FINNISH, NEW, add, edition, person

FIRST = dt.datetime(2026, 9, 1, 6, tzinfo=dt.UTC)
MONTH = dt.timedelta(days=30)
NOW = dt.datetime(2027, 3, 1, 6, tzinfo=dt.UTC)
RULES = returning.Rules(secret="x" * 32)


def mail(connection: Connection, names: Sequence[str], *, issues: int = 1) -> None:
    """Put people on the list and mail them issues, a month apart, that were all accepted."""
    add(connection, *(person(name) for name in names))
    for number in range(issues):
        plan_issue(connection, number)


def plan_issue(connection: Connection, number: int) -> None:
    """Mail an issue to everybody on the list."""
    name = f"issue-{number}"
    new = replace(NEW, key=beginning(number).ljust(32, "0"), scope=name, issue_id=name, tag=name)
    new = replace(new, now=FIRST + number * MONTH)
    planning.plan_send(connection, new, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 500})
    sent = select(sends.c.id).where(sends.c.scope == name).scalar_subquery()
    these = update(deliveries).where(deliveries.c.send_id == sent)
    connection.execute(these.values(state=State.ACCEPTED, message_id="m" + name))


def beginning(number: int) -> str:
    """Return the prefix of the references of an issue."""
    return f"{number + 1:08x}"


def back(
    kind: ReturnKind, name: str = "aino", *, issue: int = 0, after: float = 60, **more: Any
) -> Return:
    """Return what a provider tells of the issue that somebody got, some seconds after it."""
    at = FIRST + issue * MONTH + dt.timedelta(seconds=after)
    known = {"address": f"{name}@example.org", "tag": f"{beginning(issue)}-b1", "source": "brevo"}
    return Return(kind=kind, **{**known, "at": at, **more})


def hear(connection: Connection, *told: Return, now: dt.datetime = NOW) -> returning.TakenIn:
    """Take in what was told."""
    return returning.take_in(connection, told, RULES, now)


def standing_of(connection: Connection, name: str = "aino") -> Standing:
    """Return how somebody stands."""
    found = people.find_subscriber(connection, f"{name}@example.org")
    assert found
    return found.standing


def delivery_of(connection: Connection, name: str = "aino", issue: int = 0) -> int:
    """Return the id of the delivery of an issue to somebody."""
    query = select(deliveries.c.id).join(sends, sends.c.id == deliveries.c.send_id)
    query = query.where(sends.c.scope == f"issue-{issue}")
    found: int = connection.execute(
        query.where(deliveries.c.address == f"{name}@example.org")
    ).scalar_one()
    return found
