"""From opens and clicks that a provider tells of to hits: whose, which link, who it likely was.

Program and network of who asked are looked at, and forgotten with what the provider posted.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from sqlalchemy import Connection

from newsletter.consent import Rules
from newsletter.judging import Rulebook, RulesInForce, judge_told
from newsletter.ledger import Ledger, addressees, hits, issue_links, people, queue, rulebooks
from newsletter.links import without_member
from newsletter.model import SUM_UP, UPKEEP, Hit, HitKind, Job, Return, ReturnKind, Source

_JOB = Job(name=SUM_UP, queue=UPKEEP, key=SUM_UP, is_alone=True)
_KINDS = {ReturnKind.OPENED: HitKind.OPENED, ReturnKind.CLICKED: HitKind.CLICKED}


# How it is found beyond doubt whose a mail was: by its address alone it may be another issue.
_SURE = ("reference", "batch", "message")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAsked:
    """A list of opens and clicks that a provider is asked for by an issue's tag."""

    send: int
    tags: Collection[str]  # the issue's, and that with which those of its batches begin
    is_alone: bool  # no other issue has the tag: what is listed is of this one, but if it says else
    rules: Rules
    rulebook: Rulebook
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glance:
    """What it takes to make hits of what is told."""

    rulebook: Rulebook
    numbers: Mapping[int, Mapping[str, int]]  # of links, by their sends and plain addresses
    secret: str
    now: dt.datetime
    source: Source = Source.WEBHOOKS


def note_sightings(
    connection: Connection,
    told: Iterable[Return],
    rules: Rules,
    now: dt.datetime,
    *,
    rulebook: Rulebook,
) -> set[str]:
    """Keep opens and clicks of issues that readers got; return the keys of these readers.

    Each counts once, however often it is told and in whatever order. Tests, rehearsals and notices
    count for nothing, neither does what nobody knows whose it is.
    """
    people.lock_people(connection)  # so nobody is erased in between
    recent = [one for one in told if one.at is None or one.at > now - hits.LATEST]
    whose = addressees.find_addressees(connection, recent, window=rules.window, keys={}, now=now)
    links = issue_links.find_counted(connection, {one.send for one in whose if one.send})
    known = [
        (one, its) for one, its in zip(recent, whose, strict=True) if its.key and its.send in links
    ]
    numbers = {send: _numbers(theirs) for send, theirs in links.items()}
    glance = _Glance(rulebook=rulebook, numbers=numbers, secret=rules.secret, now=now)
    hits.add_hits(connection, [_hit(one, its, glance) for one, its in known])
    if known:
        queue.put(connection, _JOB)
    return {its.key for _, its in known}


def list_sightings(
    connection: Connection, asked: ListAsked, told: Sequence[Return]
) -> Iterator[tuple[Hit, int]]:
    """Yield opens and clicks of an issue among those that a provider lists of its tag.

    Each with what tells its copy apart. They are judged as what the provider tells by itself, and
    nothing is kept. Who was erased has a copy, too: no sum tells later who that was.
    """
    now, send, rules = asked.now, asked.send, asked.rules
    whose = addressees.find_addressees(connection, told, window=rules.window, keys={}, now=now)
    glance = _Glance(
        rulebook=asked.rulebook,
        numbers={send: _numbers(issue_links.find_links(connection, send))},
        secret=rules.secret,
        now=now,
        source=Source.REPORT,
    )
    sure = _surely(connection, asked, told, whose)
    nobody = addressees.NOBODY._replace(send=send)
    own = [
        (one, its or nobody)
        for one, its in zip(told, sure, strict=True)
        if (its.send == send if its else asked.is_alone and _may_be_of(asked, one))
    ]
    seen = hits.judged_at_last(connection, [_hit(one, its, glance) for one, its in own])
    for (one, its), hit in zip(own, seen, strict=True):
        yield hit, its.delivery or _stranger(one)


def _surely(
    connection: Connection,
    asked: ListAsked,
    told: Sequence[Return],
    whose: Sequence[addressees.Addressee],
) -> list[addressees.Addressee | None]:
    """Return whose these are beyond doubt; by its message id a mail to any address may be known."""
    sure = [its if its.by in _SURE else None for its in whose]
    rest = [place for place, its in enumerate(sure) if its is None]
    if not (rest and asked.is_alone):
        return sure
    nameless = [replace(told[place], address="") for place in rest]
    window, now = asked.rules.window, asked.now
    named = addressees.find_addressees(connection, nameless, window=window, keys={}, now=now)
    for place, its in zip(rest, named, strict=True):
        sure[place] = its if its.by in _SURE else None
    return sure


def _may_be_of(asked: ListAsked, one: Return) -> bool:
    """Return whether nothing tells that a visit is of another mail: it has a tag of this, or none.

    Of several tags a provider tells one, or all in a text of its own.
    """
    return not one.tag or any(
        re.search(rf"(?<!\w){re.escape(tag)}(?!\w)", one.tag, re.IGNORECASE) for tag in asked.tags
    )


def _stranger(one: Return) -> int:
    """Return what tells a copy apart that is nobody's: no delivery has such a number."""
    named = hashlib.blake2b(f"{one.message_id}\0{one.address.lower()}".encode(), digest_size=7)
    return -1 - int.from_bytes(named.digest(), "big")


@lru_cache(maxsize=1)  # a process has one ledger
def rules_in_force(ledger: Ledger) -> RulesInForce:
    """Return the rules by which a ledger's opens and clicks are judged."""
    return RulesInForce(rulebooks.finder_of(ledger.read))


def _hit(one: Return, whose: addressees.Addressee, glance: _Glance) -> Hit:
    moment = min(one.at or glance.now, glance.now)  # whatever the provider's clock
    send = whose.send or 0
    number = glance.numbers[send].get(_plain(one.url)) if one.url else None
    return Hit(
        send=send,
        delivery=whose.delivery or 0,
        kind=_KINDS[one.kind],
        link=number,
        hour=moment.astimezone(dt.UTC).isoformat()[:13],
        at=one.at,
        source=glance.source,
        mark=_mark(one, glance.secret),
        **judge_told(glance.rulebook, one).thought,
    )


def _numbers(links: Mapping[str, int]) -> Mapping[str, int]:
    """Return the numbers of links by their addresses as providers may have them, the first's."""
    found: dict[str, int] = {}
    for url, number in sorted(links.items(), key=lambda link: link[1]):
        found.setdefault(_plain(url), number)
    return found


def _plain(url: str) -> str:
    """Return an address without what providers write otherwise than the mail has it."""
    return without_member(unquote(url).strip()).rstrip("/")


def _mark(one: Return, secret: str) -> int:
    mail = one.reference or one.message_id or one.tag
    second = one.at.replace(microsecond=0).isoformat() if one.at else ""
    return hits.mark_of(secret, one.source, mail, one.address.lower(), one.kind, one.url, second)
