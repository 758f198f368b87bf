"""Invented people and issues, and short words for what most tests of the ledger do first."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, delete, func, select, update

from newsletter.ledger import (
    EPOCH,
    Batch,
    Claim,
    NewSend,
    claims,
    history,
    people,
    planning,
    readers,
    sends,
)
from newsletter.ledger.choosing import Choice
from newsletter.ledger.people_tables import records
from newsletter.ledger.tables import batches, deliveries, editions, subscribers
from newsletter.model import (
    Edition,
    Happened,
    Limits,
    Outcome,
    Record,
    Segment,
    Slot,
    Standing,
    State,
    Subscriber,
    Variant,
    standing_after,
)

NOW = dt.datetime.fromisoformat("2026-12-15T08:00:00.000+00:00")
LATER = dt.datetime.fromisoformat("2026-12-15T09:00:00.000+00:00")
LAPPI = Segment.of("region", "Lappi")
FI, SV = Variant(language="fi"), Variant(language="sv")
BOTH = Choice(languages=("fi", "sv"), default_language="fi")
FINNISH = Choice(languages=("fi",), default_language="fi")
NEW = NewSend(
    key="0" * 32,
    scope="2026-12",
    issue_id="2026-12",
    issue_date=dt.date(2026, 12, 15),
    subject="Joulukuu",
    provider="outbox",
    tag="2026-12",
    sender=("Kirje", "kirje@example.org"),
    reply_to="toimitus@example.org",
    public_url="",
    digest="d" * 64,
    now=NOW,
)
FREELY = Limits(provider="outbox")


def person(
    name: str, *, language: str = "", region: str = "", standing: str = "active"
) -> Subscriber:
    """Return a subscriber whose address and key are made of their name."""
    return Subscriber(
        address=f"{name}@example.org",
        key=f"key-{name}",
        name=name.title(),
        language=language,
        attributes={"region": region} if region else {},
        standing=Standing(standing),
    )


def edition(variant: Variant) -> Edition:
    """Return a frozen edition for the readers of a variant."""
    return Edition(
        issue_id="2026-12",
        variant=str(variant),
        language=variant.language,
        subject="Joulukuu",
        html="<p>Hei</p>",
        text="Hei",
        slots=(Slot(marker="zq0z", name="name", fallback="sinä"),),
        digest="d" * 64,
    )


def add(connection: Connection, *persons: Subscriber) -> None:
    """Put people on the list."""
    people.add_subscribers(connection, persons, NOW)


def astray(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return whose standing is not what follows from all that is known of them: is, should be."""
    now = connection.execute(select(func.max(subscribers.c.changed_at))).scalar() or LATER
    query = select(subscribers.c.key, subscribers.c.standing)
    stands = {key: standing for key, standing in connection.execute(query)}
    known = history.find_records(connection, list(stands))
    follows = {key: str(standing_after(theirs, now)) for key, theirs in known.items() if theirs}
    unknown = {key: "nothing is known" for key, theirs in known.items() if not theirs}
    should = follows | unknown
    return {key: (is_, should[key]) for key, is_ in stands.items() if is_ != should[key]}


def now_stands(connection: Connection, *persons: Subscriber, now: dt.datetime = NOW) -> None:
    """Let people stand as given, and nothing else be known of how they came to."""
    people.change_subscribers(connection, persons, now)
    for person in persons:
        known = people.find_subscriber(connection, person.address)
        assert known
        connection.execute(delete(records).where(records.c.subscriber_key == known.key))
        this = update(subscribers).where(subscribers.c.key == known.key)
        connection.execute(this.values(standing=person.standing))
        found = Record(
            key=known.key,
            what=Happened.FOUND,
            noted_at=now,
            detail={"standing": person.standing},
        )
        history.note(connection, [found], now)


def plan(
    connection: Connection,
    choice: Choice = FINNISH,
    *,
    batch_size: int = 100,
    canary: int = 0,
) -> int:
    """Plan a send to all it is for, as the pipeline does."""
    rendered = {v: edition(v) for v in readers.count_variants(connection, choice)}
    sizes = dict.fromkeys(rendered, batch_size)
    new = replace(NEW, canary=canary)
    return planning.plan_send(connection, new, choice, rendered, batch_sizes=sizes)


def plan_for(connection: Connection, at: dt.datetime) -> int:
    """Plan a send that is for later, to one person; return its id."""
    add(connection, person("aino"))
    new, rendered = replace(NEW, scheduled_at=at), {FI: edition(FI)}
    return planning.plan_send(connection, new, FINNISH, rendered, batch_sizes={FI: 100})


def begin(connection: Connection, count: int, *, batch_size: int = 100, canary: int = 0) -> int:
    """Plan a send to so many people and let it be claimed; return its id."""
    add(connection, *(person(f"p{n}") for n in range(count)))
    send_id = plan(connection, batch_size=batch_size, canary=canary)
    assert sends.begin_sending(connection, send_id)
    return send_id


def at(seconds: float) -> dt.datetime:
    """Return the moment so many seconds after 1970 began."""
    return EPOCH + dt.timedelta(seconds=seconds)


def claim(connection: Connection, send_id: int, *, worker: str = "w/0", now: float = 5.0) -> Claim:
    """Claim a batch that is there to be claimed."""
    claimed = claims.claim_batch(connection, send_id, worker=worker, now=at(now), limits=FREELY)
    assert isinstance(claimed, Claim)
    return claimed


def outcomes(claimed: Claim, *states: State) -> list[Outcome]:
    """Return outcomes of a call: of these states, and accepted for the rest."""
    fates = [*states, *[State.ACCEPTED] * (len(claimed.recipients) - len(states))]
    return [
        Outcome(
            delivery=recipient.delivery,
            state=state,
            message_id=f"id-{n}" if state is State.ACCEPTED else "",
            reason="" if state is State.ACCEPTED else f"reason {n}",
        )
        for n, (recipient, state) in enumerate(zip(claimed.recipients, fates, strict=True))
    ]


def planned(connection: Connection) -> list[tuple[str, str]]:
    """Return whom the ledger will mail, with the variant they get."""
    query = (
        select(deliveries.c.address, editions.c.variant)
        .join(batches, batches.c.id == deliveries.c.batch_id)
        .join(editions, editions.c.id == batches.c.edition_id)
        .order_by(deliveries.c.address.asc())
    )
    return [(address.partition("@")[0], variant) for address, variant in connection.execute(query)]


def states_of(connection: Connection, send_id: int) -> Mapping[State, int]:
    """Return how many deliveries of a send are in each state."""
    return sends.count_states(connection, send_id)


def batch_rows(connection: Connection) -> list[Batch]:
    """Return all batches there are, in the order they were made."""
    query = select(batches).order_by(batches.c.id)
    return [Batch(**row._mapping) for row in connection.execute(query)]
