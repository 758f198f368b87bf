"""Issues that went out to invented people, and what was seen and told of them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from newsletter.ledger import Ledger, figures, history, people, planning, readers, returns
from newsletter.ledger.addressees import Addressee
from newsletter.ledger.figure_tables import readers as copies
from newsletter.ledger.people_tables import links, visits
from newsletter.ledger.tables import deliveries, sends, subscribers
from newsletter.model import (
    By,
    Counting,
    Edition,
    Happened,
    HitKind,
    Record,
    Return,
    ReturnKind,
    SendState,
    State,
    Variant,
)
from newsletter.model.figures import Source, StatsReport
from newsletter.stats import Frame, read_report
from tests.ledger.examples import BOTH, NEW, add, edition, person

BEGUN = dt.datetime(2026, 12, 15, 8, 20, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FRAME = Frame(title="Kirje", language="fi", timezone="Europe/Helsinki", group_by="region")
HUMAN, UNKNOWN, HIDDEN, MACHINE = 3, 2, 1, 0  # ranks of copies


def people_join(connection: Connection, count: int, language: str = "fi", region: str = "") -> None:
    """Put so many people on the list."""
    names = [f"{language}{region.lower()}{n}" for n in range(count)]
    add(connection, *(person(name, language=language, region=region) for name in names))


def issue_goes_out(
    connection: Connection,
    issue_id: str = "2026-12",
    *,
    begun: dt.datetime = BEGUN,
    counting: Counting = Counting.PROVIDER,
    window_days: int = 7,
) -> int:
    """Send an issue to everybody on the list who may be mailed; return its id."""
    new = replace(
        NEW,
        key=issue_id.replace("-", "").ljust(32, "0"),
        scope=issue_id,
        issue_id=issue_id,
        issue_date=begun.date(),
        tag=issue_id,
        counting=counting,
        window_days=window_days,
        now=begun,
    )
    rendered = {v: edition_of(v) for v in readers.count_variants(connection, BOTH)}
    sizes = dict.fromkeys(rendered, 100)
    send = planning.plan_send(connection, new, BOTH, rendered, batch_sizes=sizes)
    theirs = update(deliveries).where(deliveries.c.send_id == send)
    connection.execute(theirs.values(state=State.ACCEPTED, changed_at=begun))
    this = update(sends).where(sends.c.id == send)
    connection.execute(this.values(state=SendState.DONE, done_at=begun + HOUR))
    return send


def edition_of(variant: Variant) -> Edition:
    """Return an edition with a link that all have, and one that its language alone has."""
    paths = ("1", "2" if variant.language == "fi" else "3")
    anchors = (f'<a href="https://www.example.org/{path}">Link {path}</a>' for path in paths)
    return replace(edition(variant), html=f"<p>{' '.join(anchors)}</p>")


def is_allowed(connection: Connection, copies: Iterable[int]) -> None:
    """Let those who got these copies have allowed that opens and clicks are counted."""
    these = update(deliveries).where(deliveries.c.id.in_(list(copies)))
    connection.execute(these.values(is_counted=True))


def has_link(
    connection: Connection, send: int, number: int, section: str = "", *, language: str = "fi"
) -> None:
    """Give an issue a link."""
    url = f"https://www.example.org/{number}"
    values = {"send_id": send, "number": number, "url": url, "section": section}
    connection.execute(insert(links).values(**values, language=language, words=f"Link {number}"))


def copies_of(connection: Connection, send: int) -> list[int]:
    """Return the deliveries of a send, in the order of planning."""
    query = select(deliveries.c.id).where(deliveries.c.send_id == send)
    return list(connection.execute(query.order_by(deliveries.c.id)).scalars())


def is_seen(
    connection: Connection,
    send: int,
    ranks: Mapping[int, int],
    kind: HitKind = HitKind.OPENED,
    *,
    source: Source = Source.WEBHOOKS,
    link: int = 0,
    is_early: bool = True,
) -> None:
    """Let copies, by delivery, have been opened, or a link been followed, at best like this."""
    rows = [
        {
            "send_id": send,
            "source": source,
            "kind": kind,
            "link": number,
            "delivery_id": delivery,
            "rank": rank,
            "early": rank if is_early else None,
        }
        for delivery, rank in ranks.items()
        for number in {0, link}
    ]
    connection.execute(insert(copies), rows)
    figures.note_news(connection, [send])


def is_counted(
    connection: Connection,
    send: int,
    at: dt.datetime,
    verdict: str,
    count: int = 1,
    *,
    kind: HitKind = HitKind.OPENED,
    link: int = 0,
    source: Source = Source.WEBHOOKS,
) -> None:
    """Let an issue have been opened, or a link been followed, so many times in an hour."""
    values = {
        "send_id": send,
        "source": source,
        "kind": kind,
        "link": link,
        "hour": at.isoformat()[:13],
        "verdict": verdict,
        "reason": "of-the-test",
        "count": count,
    }
    extra = {"rules": "2026-11-30", "hides": False}
    values |= {name: value for name, value in extra.items() if name in visits.c}
    connection.execute(insert(visits).values(values))
    figures.note_news(connection, [send])


def is_told(
    connection: Connection,
    told: Iterable[tuple[int, ReturnKind]],
    *,
    at: dt.datetime,
    now: dt.datetime | None = None,
) -> None:
    """Let the provider tell something of deliveries."""
    query = select(deliveries.c.id, deliveries.c.send_id, deliveries.c.address, subscribers.c.key)
    query = query.join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    rows = {row.id: row for row in connection.execute(query)}
    said, whose = [], []
    for delivery, kind in told:
        row = rows[delivery]
        said.append(
            Return(kind=kind, source="brevo", address=row.address, at=at, reference=f"r{delivery}")
        )
        whose.append(
            Addressee(delivery, row.key, row.address, is_current=True, by="", send=row.send_id)
        )
    returns.add(connection, said, whose, now or at)


def leaves(connection: Connection, key: str, at: dt.datetime) -> None:
    """Let somebody leave by the page of their link."""
    people.lock_people(connection)
    left = Record(key=key, what=Happened.UNSUBSCRIBED, at=at, by=By.PERSON, source="page")
    history.note(connection, [left], at)


def report(ledger: Ledger, now: dt.datetime) -> StatsReport:
    """Return the report at a moment."""
    return read_report(ledger, FRAME, now=now)
