"""Which links and sections of an issue were followed, ranked."""

from collections.abc import Sequence
from itertools import count

from rich.console import Console

from newsletter.cli.figure_signs import count_bar, number, people, percents, share_bar, times
from newsletter.cli.fitted_tables import Column, cut, fixed, print_fitted
from newsletter.cli.telling import in_words
from newsletter.language import say
from newsletter.model.figures import LinkCounts, SectionFigures, Split

_LEAST_BAR, _BAR = 8, 24
_LEAST_WORDS, _WORDS = 14, 60


def print_links(console: Console, links: Sequence[LinkCounts]) -> None:
    """Print links, those that most people followed first; times where nobody is told apart."""
    are_people = any(people(link.people) for link in links)
    ranked = sorted(
        links, key=lambda link: (not link.number, _rank(_split(link, are_people=are_people)))
    )
    splits = [_split(link, are_people=are_people) for link in ranked]
    told = people if are_people else times
    heading = say("Readers") if are_people else say("Clicks")
    columns = {
        "rank": fixed("", [f"{place}." for place, _ in zip(count(1), ranked, strict=False)]),
        "words": cut(
            in_words(say("Link")), [_named(link) for link in ranked], _LEAST_WORDS, _WORDS
        ),
        "section": cut(
            in_words(say("Section")), [link.section for link in ranked], _LEAST_WORDS, _WORDS
        ),
        "language": fixed("", _languages(ranked), is_number=False),
        "followed": fixed(in_words(heading), list(map(told, splits))),
        "bar": _bars(splits),
        "machines": fixed(in_words(say("Machines")), [number(s.machine) for s in splits]),
        "address": cut(in_words(say("Address")), [link.url for link in ranked], 24, 80),
    }
    wanted = (
        "words", "followed", "language", "rank", "bar", "section", "machines", "address",
    )  # fmt: skip
    print_fitted(console, columns, wanted)


def print_sections(console: Console, sections: Sequence[SectionFigures]) -> None:
    """Print sections, those first of which most people followed a link."""
    ranked = sorted(sections, key=lambda section: _rank(section.clicks))
    if all(section.clickers for section in sections):
        ranked = sorted(sections, key=lambda s: -s.clickers.count if s.clickers else 0)
    shares = [section.clickers for section in ranked]
    top = max((share.high for share in shares if share), default=1.0)

    def draw(width: int) -> list[str]:
        return ["", *(share_bar(share, width, top) if share else "" for share in shares)]

    columns = {
        "name": cut(in_words(say("Section")), [_section(s) for s in ranked], _LEAST_WORDS, _WORDS),
        "readers": fixed(
            in_words(say("Readers")), [number(share.count) if share else "" for share in shares]
        ),
        "share": fixed(
            in_words(say("Share")),
            [percents(share.low, share.high) if share else "" for share in shares],
        ),
        "bar": Column(draw=draw, least=_LEAST_BAR, most=_BAR),
        "clicks": fixed(in_words(say("Clicks")), [times(section.clicks) for section in ranked]),
    }
    print_fitted(console, columns, ("name", "share", "readers", "bar", "clicks"))


def _bars(splits: Sequence[Split]) -> Column:
    top = max((s.human or 0) + (s.unknown or 0) for s in splits)

    def draw(width: int) -> list[str]:
        return ["", *(count_bar(split, width, top) for split in splits)]

    return Column(draw=draw, least=_LEAST_BAR, most=_BAR)


def _split(link: LinkCounts, *, are_people: bool) -> Split:
    return link.people if are_people else link.times


def _rank(split: Split) -> tuple[int, int]:
    return (-(split.human or 0), -(split.unknown or 0))


def _named(link: LinkCounts) -> str:
    return link.words or link.url or in_words(say("all other links of the mail"))


def _section(section: SectionFigures) -> str:
    return section.name or in_words(say("Above the first heading"))


def _languages(links: Sequence[LinkCounts]) -> list[str]:
    """Return the languages of links, if there are several."""
    languages = [link.language for link in links]
    return languages if len(set(languages)) > 1 else [""] * len(links)
