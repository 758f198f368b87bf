"""Sign-ups by day, soft bounces of the newest issue, and news of providers, on both databases."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, insert

from newsletter.ledger import wellbeing
from newsletter.ledger.people_tables import returns, sign_ups, webhooks
from newsletter.ledger.tables import deliveries, sends
from newsletter.model import Purpose, ReturnKind, State

NOW = dt.datetime(2026, 12, 15, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def sign_up(connection: Connection, number: int, *, ago: int, confirmed: bool) -> None:
    at = NOW - ago * DAY
    row: dict[str, Any] = {"key": f"k{number}", "address": f"a{number}@example.org"}
    row |= {"language": "fi", "attributes": {}, "source": "", "wording": "", "tracking": "unknown"}
    row |= {"purpose": Purpose.SIGN_UP, "subscriber_key": "", "turn": 0, "is_slow": False}
    row |= {"asked_at": at, "confirmed_at": at if confirmed else None}
    connection.execute(insert(sign_ups).values(row))


def issue(connection: Connection, name: str, *, ago: int, provider: str = "brevo") -> list[int]:
    """Write a send of three deliveries that is over; return them."""
    texts = ["subject", "tag", "reply_to", "public_url", "list_id", "place"]
    texts += ["account", "digest", "reason"]
    values: dict[str, Any] = dict.fromkeys(texts, "")
    values |= {"key": name, "scope": name, "issue_id": name, "issue_date": "2026-12-15"}
    values |= {"provider": provider, "sender": [], "choice": {}, "state": "done", "left_out": {}}
    values |= {"overrides": [], "late": [], "by_provider": False, "is_held": False}
    values |= {"planned_at": NOW - ago * DAY, "done_at": NOW - ago * DAY}
    [send] = connection.execute(insert(sends).values(values).returning(sends.c.id)).scalars()
    row = {"send_id": send, "batch_id": 1, "state": State.ACCEPTED, "message_id": "", "reason": ""}
    rows = [row | {"address": f"a{n}@example.org"} for n in range(3)]
    rows = [each | {"transient": False, "changed_at": NOW} for each in rows]
    return list(
        connection.execute(insert(deliveries).values(rows).returning(deliveries.c.id)).scalars()
    )


def came_back(connection: Connection, delivery: int, kind: ReturnKind, *, ago: int) -> None:
    row: dict[str, Any] = {"digest": f"{delivery}{kind}{ago}", "source": "brevo", "kind": kind}
    row |= {
        "at": NOW - ago * DAY,
        "noted_at": NOW - ago * DAY,
        "address": "a@example.org",
        "state": "idle",
    }
    row |= {"delivery_id": delivery, "status": "", "text": "", "detail": {}}
    connection.execute(insert(returns).values(row))


def test_sign_ups_are_counted_by_day(connection: Connection) -> None:
    for number, (ago, confirmed) in enumerate([(9, True), (1, True), (1, False), (0, False)]):
        sign_up(connection, number, ago=ago, confirmed=confirmed)

    days = wellbeing.list_sign_ups(connection, since=NOW - 7 * DAY)

    told = [(day.day, day.asked, day.confirmed) for day in days]
    assert told == [("2026-12-14", 2, 1), ("2026-12-15", 1, 0)]


def test_only_people_of_the_newest_issue_count_once_as_put_off(connection: Connection) -> None:
    old, new = issue(connection, "2026-11", ago=30), issue(connection, "2026-12", ago=3)
    came_back(connection, old[0], ReturnKind.SOFT, ago=29)
    came_back(connection, new[0], ReturnKind.SOFT, ago=2)
    came_back(connection, new[0], ReturnKind.SOFT, ago=1)
    came_back(connection, new[1], ReturnKind.HARD, ago=1)

    soft = wellbeing.find_soft_bounces(connection)

    assert soft is not None
    assert (soft.issue_id, soft.mailed, soft.people) == ("2026-12", 3, 1)
    assert soft.oldest == NOW - 2 * DAY


def test_nothing_is_told_of_a_ledger_without_a_send(connection: Connection) -> None:
    assert wellbeing.find_soft_bounces(connection) is None
    assert wellbeing.newest_news(connection) == wellbeing.last_mailed(connection) == {}
    assert wellbeing.first_joined(connection) is None


def test_the_newest_news_of_each_provider_counts_whichever_way_it_came(
    connection: Connection,
) -> None:
    [delivery, *_] = issue(connection, "2026-12", ago=3)
    issue(connection, "2026-11", ago=33, provider="ses")
    came_back(connection, delivery, ReturnKind.SOFT, ago=2)
    row = {"provider": "brevo", "digest": "d", "headers": {}, "body": b"", "state": "waiting"}
    connection.execute(insert(webhooks).values(row | {"reason": "", "received_at": NOW - DAY}))

    assert wellbeing.newest_news(connection) == {"brevo": NOW - DAY}
    assert wellbeing.last_mailed(connection) == {"brevo": NOW - 3 * DAY, "ses": NOW - 33 * DAY}
