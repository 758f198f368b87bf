"""Says what a provider's sums of opens and clicks tell of people, and what they do not."""

import datetime as dt
from dataclasses import replace

from newsletter.model import Counts, Figures, Source, Span, Split


def counts_of_report(
    told: Figures, *, as_of: dt.datetime, span: Span = Span.WHOLE
) -> Counts | None:
    """Return sums as counts; None if they tell nothing of opens and clicks.

    Where machines are among the opens nobody knows how many people there are: all may be people, or
    none. Where they are told apart they may hide that somebody read it.
    """
    openers = _openers(told)
    opens = Split(unknown=told.opens_total)
    clicks, clickers = Split(unknown=told.clicks_total), _clickers(told)
    if not any(split != Split() for split in (openers, opens, clicks, clickers)):
        return None
    return Counts(
        source=Source.REPORT,
        span=span,
        as_of=as_of,
        opens=opens,
        openers=openers,
        clicks=clicks,
        clickers=clickers,
    )


def believed(counts: Counts, readers: int) -> Counts:
    """Return counts without numbers of more people than there are readers: they tell nothing."""

    def of_people(split: Split) -> Split:
        return Split() if (split.known or 0) > readers else split

    return replace(
        counts,
        openers=of_people(counts.openers),
        clickers=of_people(counts.clickers),
        links=[replace(link, people=of_people(link.people)) for link in counts.links],
        sections=[replace(part, people=of_people(part.people)) for part in counts.sections],
    )


def _openers(told: Figures) -> Split:
    if told.opens_machine is None:
        return Split(human=told.opens_human, unknown=_rest(told.opens_unique, told.opens_human))
    unknown = told.opens_unknown
    if unknown is None:
        unknown = _rest(told.opens_unique, told.opens_human, told.opens_machine)
    return Split(
        human=told.opens_human,
        unknown=unknown,
        machine=told.opens_machine,
        hidden=told.opens_machine if told.opens_hidden is None else told.opens_hidden,
    )


def _clickers(told: Figures) -> Split:
    if told.clicks_machine is None:
        return Split(unknown=told.clicks_unique)
    return Split(unknown=told.clicks_unknown, machine=told.clicks_machine)


def _rest(total: int | None, *parts: int | None) -> int | None:
    return None if total is None else max(0, total - sum(part or 0 for part in parts))
