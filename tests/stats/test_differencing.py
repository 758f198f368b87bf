"""Nobody gets at fewer than ten by subtracting what is published: groups, links, reports, times.

The same issue goes out many times, to the same people at the same moment. In each of these worlds
one person of another kind opens it, or follows a link, and all else is the same. What is published
of it at several times shows of whom each number tells.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, func, select, update

from newsletter.ledger import (
    Ledger,
    erasing,
    figures,
    history,
    hits,
    letting_go,
    planning,
    readers,
    summing,
)
from newsletter.ledger.choosing import Choice
from newsletter.ledger.figure_tables import readers as copies
from newsletter.ledger.people_tables import links
from newsletter.ledger.personal import find_holder
from newsletter.ledger.sends import list_sends
from newsletter.ledger.tables import deliveries, sends, subscribers
from newsletter.model import (
    AuthoredLink,
    By,
    Counting,
    Edition,
    Happened,
    Hit,
    HitKind,
    Record,
    ReturnKind,
    Segment,
    SendState,
    State,
    Subscriber,
    Tracking,
    Variant,
    Visitor,
)
from newsletter.model.figures import Source
from newsletter.stats import read_report
from newsletter.stats.contract import as_json
from tests.ledger.blank import open_blank
from tests.ledger.examples import NEW, add, edition, person
from tests.stats.attacker import Deed, Kind, Place, changes, isolated, numbers_in, sets_in
from tests.stats.sent import BEGUN, DAY, FRAME, HOUR, is_told, leaves

HIT = Hit(
    send=0,
    kind=HitKind.OPENED,
    hour=(BEGUN + HOUR).isoformat()[:13],
    visitor=Visitor.HUMAN,
    reason="of-the-test",
    rules="2026-11-30",
)
Published = dict["World", dict[Place, float]]


class Crowd(NamedTuple):
    """People who are alike."""

    size: int
    language: str
    region: str


# Of these some are alike, and to some something happens that everybody knows of.
CROWDS: Mapping[Kind, Crowd] = {
    "fi in Uusimaa": Crowd(25, "fi", "Uusimaa"),
    "fi in Lappi": Crowd(12, "fi", "Lappi"),
    "fi in Kainuu": Crowd(13, "fi", "Kainuu"),
    "fi anywhere": Crowd(3, "fi", ""),
    "sv in Uusimaa": Crowd(8, "sv", "Uusimaa"),
    "sv in Pohjanmaa": Crowd(14, "sv", "Pohjanmaa"),
    "sv in Lappi": Crowd(2, "sv", "Lappi"),
    "sv in Åland": Crowd(4, "sv", "Åland"),
    "en in Uusimaa": Crowd(6, "en", "Uusimaa"),
    # Of those who read Sami and live elsewhere, all who got it have an edition with few readers.
    "se in Sápmi": Crowd(14, "se", "Sápmi"),
    "se in Lappi": Crowd(8, "se", "Lappi"),
    "se in Åland": Crowd(9, "se", "Åland"),
    "se, of whom no server tells": Crowd(3, "se", "Uusimaa"),
    "bounces": Crowd(1, "fi", "Uusimaa"),
    "bounces for now": Crowd(1, "fi", "Kainuu"),
    "bounces late": Crowd(1, "sv", "Pohjanmaa"),
    "leaves": Crowd(1, "fi", "Lappi"),
    "moves": Crowd(1, "fi", "Uusimaa"),  # to Kainuu
    "changes language": Crowd(1, "sv", "Pohjanmaa"),  # to Finnish
    "refuses": Crowd(1, "fi", "Kainuu"),  # that anything is counted of them
    "is erased soon": Crowd(1, "fi", "Uusimaa"),
    "is erased late": Crowd(1, "sv", "Pohjanmaa"),
    "joins late": Crowd(1, "fi", "Lappi"),
}
SIZES = {kind: crowd.size for kind, crowd in CROWDS.items()}
LANGUAGES = ("fi", "sv", "en", "se")
BLOCKS = (Segment.of("region", "Lappi"), Segment.of("region", "Åland"))  # each with a link
CHOICE = Choice(languages=LANGUAGES, default_language="fi", conditions=BLOCKS)
ALWAYS = "fi in Uusimaa"  # in each world five of them do it
ACTIONS = ("opens", *LANGUAGES, "Lappi", "Åland")  # or the address of a link that is followed
MOMENTS = [2 * DAY, 6 * DAY, 9 * DAY, 30 * DAY, 45 * DAY]


class World(NamedTuple):
    """An issue, and who does what with it."""

    action: str  # "opens", or the address of a link that is followed
    kind: Kind | None = None  # who does it besides; None: nobody

    @property
    def issue(self) -> str:
        return f"{self.action} {self.kind or ''}".strip()


def acts() -> Iterator[World]:
    """Yield all worlds: of each action one in which nobody does it besides, and the rest."""
    for action in ACTIONS:
        yield World(action)
        for kind, crowd in CROWDS.items():
            if action in ("opens", crowd.language, crowd.region):
                yield World(action, kind)


WORLDS = list(acts())


# --- what happens -------------------------------------------------------------------------


def _publish(file: Path, counting: Counting) -> Published:
    """Return all numbers that are published of each world, at any time."""
    ledger = open_blank(file)
    with ledger.write() as connection:
        add(connection, *(one for one in _everybody() if not _joins_late(one)))
        for world in WORLDS:
            _goes_out(connection, world, counting)
        _are_accepted(connection, counting)
        _do(connection, counting, kinds=[kind for kind in CROWDS if kind != "joins late"])
    found: Published = {world: {} for world in WORLDS}
    for before, moment in pairwise((dt.timedelta(), *MOMENTS)):
        _days_pass(ledger, before, moment, counting)
        told = read_report(ledger, replace(FRAME, group_by="region"), now=BEGUN + moment)
        for issue in as_json(told.issues):
            [world] = [one for one in WORLDS if one.issue == issue["issue"]]
            numbers = numbers_in(issue, (str(moment),))
            # Each leaver counts for one of the worlds alone.
            found[world] |= {place: n for place, n in numbers if place[-1] != "unsubscribed"}
    ledger.close()
    return found


def _everybody() -> Iterator[Subscriber]:
    for kind, crowd in CROWDS.items():
        for number in range(crowd.size):
            yield person(_name(kind, number), language=crowd.language, region=crowd.region)


def _name(kind: Kind, number: int = 0) -> str:
    return f"{kind.replace(' ', '-').replace('å', 'o').lower()}-{number}"


def _key(kind: Kind, number: int = 0) -> str:
    return f"key-{_name(kind, number)}"


def _joins_late(one: Subscriber) -> bool:
    return one.key == _key("joins late")


def _goes_out(connection: Connection, world: World, counting: Counting) -> None:
    new = replace(
        NEW,
        key=f"{WORLDS.index(world):032}",
        scope=world.issue,
        issue_id=world.issue,
        issue_date=BEGUN.date(),
        tag=world.issue,
        counting=counting,
        now=BEGUN,
    )
    rendered = _editions(connection)
    sizes = dict.fromkeys(rendered, 100)
    planning.plan_send(connection, new, CHOICE, rendered, batch_sizes=sizes)


def _editions(connection: Connection) -> dict[Variant, Edition]:
    """Return an edition for each variant, with the links that its readers get."""
    found = {}
    for variant in readers.count_variants(connection, CHOICE):
        its = [
            variant.language,
            *(value for block in sorted(variant.met) for value in block.values_of("region")),
        ]
        links = tuple(AuthoredLink(url=f"https://www.example.org/{name}") for name in its)
        html = "".join(f'<a href="{link.url}">Lue</a>' for link in links)
        found[variant] = replace(edition(variant), html=html, links=links)
    return found


def _are_accepted(connection: Connection, counting: Counting) -> None:
    """Let all mails be taken by the provider, and counted of all but three who were not asked."""
    allow = update(subscribers).where(~subscribers.c.key.contains("anywhere"))
    connection.execute(allow.values(tracking=Tracking.GRANTED))
    connection.execute(update(deliveries).values(state=State.ACCEPTED, changed_at=BEGUN))
    connection.execute(update(sends).values(state=SendState.DONE, done_at=BEGUN + HOUR))
    if counting is Counting.CONSENTED:
        who = select(subscribers.c.id).where(subscribers.c.tracking == Tracking.GRANTED)
        theirs = update(deliveries).where(deliveries.c.subscriber_id.in_(who))
        connection.execute(theirs.values(is_counted=True))


def _do(connection: Connection, counting: Counting, *, kinds: Iterable[Kind]) -> None:
    """Let people do in each world what they do there."""
    source = Source.SERVICE if counting.is_ours else Source.WEBHOOKS
    is_alike = counting is Counting.AGGREGATE  # for all, so that nobody's copy is told apart
    numbers = {(send, url): n for send, url, n in connection.execute(_LINKS)}
    copy_of = {(name, send): copy for copy, send, name in connection.execute(_COPIES)}
    sent = {send.issue_id: send.id for send in list_sends(connection)}
    seen = []
    for world in WORLDS:
        send = sent[world.issue]
        link = numbers.get((send, f"https://www.example.org/{world.action}"))
        hit = replace(HIT, send=send, source=source)
        for kind in kinds:
            for number in range(CROWDS[kind].size):
                copy = 0 if is_alike else copy_of[_key(kind, number), send]
                as_well = kind == world.kind and number == (5 if kind == ALWAYS else 0)
                does = as_well or (kind == ALWAYS and number < 5)
                if does or world.action != "opens":
                    seen.append(replace(hit, delivery=copy))
                if does and world.action != "opens":
                    seen.append(replace(hit, delivery=copy, kind=HitKind.CLICKED, link=link))
    hits.add_hits(connection, seen)


def _days_pass(
    ledger: Ledger, before: dt.timedelta, until: dt.timedelta, counting: Counting
) -> None:
    """Let happen what everybody knows of."""
    with ledger.write() as connection:
        for after, happens in CALENDAR:
            if before < after <= until:
                happens(connection, BEGUN + after, counting)


def _someone_joins(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    add(connection, *(one for one in _everybody() if _joins_late(one)))
    for send in list_sends(connection):
        rendered = _editions(connection)
        sizes = dict.fromkeys(rendered, 100)
        planning.plan_late(connection, send, rendered, batch_sizes=sizes, now=now)
    _are_accepted(connection, counting)
    _do(connection, counting, kinds=["joins late"])


def _servers_tell(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    kinds = {
        _key("bounces"): ReturnKind.HARD,
        _key("bounces for now"): ReturnKind.SOFT,
    }
    told = [
        (copy, kinds.get(name, ReturnKind.DELIVERED))
        for copy, _, name in connection.execute(_COPIES)
        # Of the erased nothing is told, as what is told of them is erased.
        if "erased" not in name and "no-server" not in name
    ]
    is_told(connection, told, at=now)


def _a_server_tells_late(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    whose = [copy for copy, _, key in connection.execute(_COPIES) if key == _key("bounces late")]
    bounced = [(copy, ReturnKind.HARD) for copy in whose]
    is_told(connection, bounced, at=BEGUN + 2 * DAY, now=now)


def _someone_leaves(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    leaves(connection, _key("leaves"), now)


def _people_change(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    changed: dict[Kind, dict[str, Any]] = {
        "moves": {"attributes": {"region": "Kainuu"}},
        "changes language": {"language": "fi"},
    }
    for kind, values in changed.items():
        this = update(subscribers).where(subscribers.c.key == _key(kind))
        connection.execute(this.values(values))


def _someone_refuses(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    refused = {"tracking": Tracking.DENIED}
    key = _key("refuses")
    record = Record(key=key, what=Happened.TRACKED, at=now, by=By.PERSON, detail=refused)
    history.note(connection, [record], now)


def _someone_is_erased(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    soon = now < BEGUN + 7 * DAY
    name = _name("is erased soon" if soon else "is erased late")
    erasing.erase(connection, find_holder(connection, f"{name}@example.org"), now)


def _are_let_go(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    letting_go.let_go(connection)


def _is_forgotten(connection: Connection, now: dt.datetime, counting: Counting) -> None:
    """Let it be forgotten who was seen; and let something be told that has all be counted anew."""
    while summing.forget_readers(connection, before=now - 31 * DAY):
        pass
    assert connection.execute(select(func.count()).select_from(copies)).scalar() == 0
    figures.note_news(connection, [send.id for send in list_sends(connection)])


CALENDAR: list[tuple[dt.timedelta, Callable[[Connection, dt.datetime, Counting], None]]] = [
    (DAY, _someone_joins),
    (DAY + HOUR, _servers_tell),
    (3 * DAY, _someone_leaves),
    (3 * DAY, _people_change),
    (4 * DAY, _someone_refuses),
    (5 * DAY, _someone_is_erased),
    (10 * DAY, _are_let_go),
    (12 * DAY, _a_server_tells_late),
    (20 * DAY, _someone_is_erased),
    (32 * DAY, _is_forgotten),
]
_LINKS = select(links.c.send_id, links.c.url, links.c.number)
_COPIES = select(deliveries.c.id, deliveries.c.send_id, subscribers.c.key).join(
    subscribers, subscribers.c.id == deliveries.c.subscriber_id
)


# --- what can be got at -------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    ("counting", "groups"),
    [(Counting.PROVIDER, 4), (Counting.CONSENTED, 4), (Counting.AGGREGATE, 0)],
)
def test_nobody_gets_at_fewer_than_ten(counting: Counting, groups: int, tmp_path: Path) -> None:
    published = _publish(tmp_path / "newsletter.db", counting)

    told = {
        Deed(world.kind, world.action): changes(published[World(world.action)], numbers)
        for world, numbers in published.items()
        if world.kind
    }
    opens = {deed: numbers for deed, numbers in told.items() if deed.action == "opens"}
    clicks = {deed: numbers for deed, numbers in told.items() if deed.action != "opens"}
    for deeds in (opens, clicks):
        # How often, and of how many, are two things: who clicks twice is in one of them once.
        for are_times in (True, False):
            assert isolated(_measured(deeds, are_times=are_times), SIZES) == {}
    # There is something to read: of all, of several groups if any are told of, and of each link.
    assert len(sets_in(opens)) > groups
    assert len(sets_in(clicks)) > groups + 2


def _measured(
    told: Mapping[Deed, Mapping[Place, float]], *, are_times: bool
) -> dict[Deed, dict[Place, float]]:
    """Return the numbers that count times, or those that count people."""
    return {
        deed: {place: n for place, n in numbers.items() if _counts_times(place) is are_times}
        for deed, numbers in told.items()
    }


def _counts_times(place: Place) -> bool:
    is_of_clicks = "clicks" in place and bool({"links", "sections"} & set(place))
    return is_of_clicks or bool({"times", "total", "curve", "follows", "loads"} & set(place))
