"""Counts what became of a meeting: invited, seen, clicked, registered, came.

What is asked of it are counts: nobody is named, and of regions, of which nearly all have a few
people, it is only told which had five or more.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.model import (
    Attending,
    IssueFigures,
    LinkCounts,
    Meeting,
    OpenRange,
    Registration,
    RegistrationState,
)

LEAST = 5  # people of whom as a group anything is told
_IN_LINE = (RegistrationState.WAITING, RegistrationState.OFFERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An issue that leads to the meeting's page, and how far it reached."""

    issue: str
    date: dt.date
    invited: int | None  # whose copy did not bounce
    seen: OpenRange | None  # None: too little is known, or too few readers
    clicked: int | None  # of people, each once; None: not known, or too few readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnout:
    """What became of a meeting, in numbers."""

    meeting: str
    date: dt.date
    seats: Mapping[Attending, int | None]  # None: as many as come
    invitations: tuple[Invitation, ...]  # the earliest first; people may be in several
    registered: Mapping[Attending, int]
    waiting: int
    cancelled: int
    came: Mapping[Attending, int]  # registered for either way, by how they took part
    is_known: bool  # somebody was marked as having come; else nobody is known to have
    regions: tuple[str, ...]  # codes of those from which at least five people registered
    is_over: bool


def turnout_of(
    meeting: Meeting,
    registrations: Iterable[Registration],
    issues: Sequence[IssueFigures],
    *,
    now: dt.datetime,
) -> Turnout:
    """Return the numbers of a meeting; `issues` are all of which figures are told."""
    all_of_them = list(registrations)
    live = [one for one in all_of_them if one.state is RegistrationState.REGISTERED]
    came = Counter(one.came for one in all_of_them if one.came)
    regions = Counter(one.region for one in live if one.region)
    return Turnout(
        meeting=meeting.id,
        date=meeting.start.date(),
        seats=meeting.seats,
        invitations=tuple(_invitations(meeting.id, issues)),
        registered={way: sum(one.attending is way for one in live) for way in Attending},
        waiting=sum(one.state in _IN_LINE for one in all_of_them),
        cancelled=sum(one.state is RegistrationState.CANCELLED for one in all_of_them),
        came={way: came[way] for way in Attending},
        is_known=bool(came),
        regions=tuple(sorted(code for code, many in regions.items() if many >= LEAST)),
        is_over=meeting.ends_at <= now,
    )


def _invitations(meeting: str, issues: Sequence[IssueFigures]) -> Iterable[Invitation]:
    for one in issues:
        links = [link for link in one.shown.links if _leads_to(link, meeting)]
        if links and not one.is_rehearsal:
            yield Invitation(
                issue=one.issue,
                date=one.date,
                invited=one.delivered.readers,
                seen=one.open_range,
                clicked=None if one.hidden_because else _people(links),
            )


def _leads_to(link: LinkCounts, meeting: str) -> bool:
    return urlsplit(link.url).path.rstrip("/").endswith(f"/meetings/{meeting}")


def _people(links: Sequence[LinkCounts]) -> int | None:
    """Return how many people followed links; one language has each link once."""
    known = [link.people.human for link in links if link.people.human is not None]
    return sum(known) if known else None
