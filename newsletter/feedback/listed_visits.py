"""Counts the opens and clicks that a provider lists: judged as they come, summed up, and forgotten.

    the provider's list --whose, which link, who it likely was--> a tally in memory --> counts

It is the same as what webhooks tell of the same visits comes to; nothing of a person is kept.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from newsletter.feedback.sightings import ListAsked, list_sightings
from newsletter.ledger import Ledger, breakdown, summing, sums
from newsletter.model import Counts, Hit, HitKind, Return, Source, Span
from newsletter.stats import Seen, begins, find_told, reckon

_ANY, _OTHERS = summing.ANY, summing.OTHERS
_TOGETHER = 2_000  # visits that are looked up at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a provider lists of an issue."""

    counts: Mapping[Span, Counts]
    is_certain: bool  # False: of an erased reader it is not known whether they are to be left out


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What was seen of a send so far, as sums alone but for the best of each copy."""

    grain: summing.Grain
    left_out: Collection[int]  # deliveries of which nothing is told
    known_until: str  # the hour until which copies are told apart, as those of other sources
    times: Counter[sums.Times] = field(default_factory=Counter)  # each with the number 0
    best: dict[tuple[HitKind, int, int], tuple[int, int]] = field(default_factory=dict)
    marks: set[int | None] = field(default_factory=set)

    def add(self, hit: Hit, copy: int) -> None:
        """Count a visit, unless it was listed before: a list may shift while it is read."""
        if hit.mark in self.marks:
            return
        self.marks.add(hit.mark)
        link, hour = hit.link or 0, self.grain.of(hit.hour)
        seen = (hit.source.value, hit.kind.value, link, hour, hit.visitor.value, hit.hides)
        self.times[sums.Times(*seen, hit.rules, 0)] += 1
        rank = summing.rank_of(hit.visitor, hides=hit.hides)
        early = rank if hit.hour < self.grain.end else -1
        if hit.hour >= self.known_until or copy in self.left_out:
            return
        numbers = (_ANY, link or _OTHERS) if hit.kind is HitKind.CLICKED else (_ANY,)
        for number in numbers:
            key = (hit.kind, number, copy)
            known = self.best.get(key, (0, -1))
            self.best[key] = (max(known[0], rank), max(known[1], early))

    def seen(self, links: Sequence[sums.LinkRow], span: Span) -> Seen:
        """Return what was seen within a span, as the ledger has it of other sources."""
        rank = {key: ranks[span is Span.WINDOW] for key, ranks in self.best.items()}
        rank = {key: its for key, its in rank.items() if its >= 0}
        copies = {copy for _, number, copy in rank if number == _ANY}
        of_copies = Counter(
            (rank.get((HitKind.OPENED, _ANY, copy)), rank.get((HitKind.CLICKED, _ANY, copy)))
            for copy in copies
        )
        return Seen(
            times=[row._replace(number=count) for row, count in self.times.items()],
            copies=[sums.Ranks(*ranks, number) for ranks, number in of_copies.items()],
            linked=list(_linked(rank, links)),
        )


def count_listed(
    ledger: Ledger,
    asked: ListAsked,
    told: Iterable[Return],
    *,
    begun_at: dt.datetime,
    window_days: int,
) -> Listed:
    """Return what a provider lists of an issue as counts: within its window, and until now.

    Readers of editions that so few got that they would be told of count in nothing of persons.
    """
    with ledger.read() as connection:
        shown = find_told(connection, asked.send)
        left_out = breakdown.list_copies(connection, shown.small)
    until, end = begins(begun_at + summing.KNOWN), begun_at + dt.timedelta(days=window_days)
    tally = _Tally(
        grain=summing.Grain.of_send(begun_at, window_days), known_until=until, left_out=left_out
    )
    rest = iter(told)
    while some := list(islice(rest, _TOGETHER)):
        with ledger.read() as connection:
            for hit, copy in list_sightings(connection, asked, some):
                if (hit.link or 0) not in shown.hidden:
                    tally.add(hit, copy)
    counts = {
        span: reckon(
            Source.REPORT,
            span,
            tally.seen(shown.links, span),
            shown.links,
            begun_at=begun_at,
            until=end if span is Span.WINDOW else None,
        )
        for span in Span
    }
    is_certain = not shown.small or all(copy > 0 for _, _, copy in tally.best)
    return Listed(counts=counts, is_certain=is_certain)


def _linked(
    rank: Mapping[tuple[HitKind, int, int], int], links: Sequence[sums.LinkRow]
) -> Iterator[sums.Linked]:
    """Yield of how many copies a link was followed, and any of a section, at its best."""
    places = {link.number: (link.language, link.section) for link in links}
    by_link: Counter[tuple[int, int]] = Counter()
    best: dict[tuple[str, str, int], int] = {}
    for (kind, number, copy), its in rank.items():
        if kind is HitKind.CLICKED and number != _ANY:
            by_link[number, its] += 1
            if number in places:
                key = (*places[number], copy)
                best[key] = max(best.get(key, 0), its)
    for (number, its), count in by_link.items():
        yield sums.Linked(number, "", "", its, count)
    by_section = Counter((language, section, its) for (language, section, _), its in best.items())
    for (language, section, its), count in by_section.items():
        yield sums.Linked(0, language, section, its, count)
