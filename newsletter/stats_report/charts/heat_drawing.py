"""Draws an issue's mail in small: the more a link was followed, the stronger its colour.

It is made of what the figures know of a mail, not of its HTML: headings, and links in their order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from newsletter.drawing import (
    STEPS,
    Calendar,
    Look,
    box,
    count,
    fitted,
    in_lines,
    picture,
    wide,
    words,
)
from newsletter.language import Wording, say, say_list, say_many
from newsletter.stats_report.followed import Followed, Measure

_WIDTH, _EDGE, _PAD = 320, 1, 14
_INNER = _WIDTH - 2 * _PAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above everything else in an edition's mail."""

    title: str  # of the newsletter
    subject: str  # empty where it is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatDrawing:
    """A mail in small, in a picture and in words."""

    name: str
    picture: Markup
    alternative: str


def draw_heat(
    followed: Sequence[Followed], measure: Measure, *, name: str, head: Head, calendar: Calendar
) -> HeatDrawing:
    """Return the drawing of an edition, with its links in their order."""
    most = max((one.number or 0 for one in followed), default=0)
    parts, height = _mail(followed, most, head, calendar)
    legend = list(_legend(most, measure, height + 16, calendar))
    ids = f"{name}-title {name}-words"
    return HeatDrawing(
        name=name,
        picture=picture([*parts, *legend], size=(_WIDTH, height + 76), named=ids, kind="mail"),
        alternative=_in_words(followed),
    )


def step_of(number: int | None, most: int) -> int:
    """Return how strong a link's colour is: 0 for none, then by equal parts of the most."""
    return -(-STEPS * number // most) if number and most else 0


def _mail(
    followed: Sequence[Followed], most: int, head: Head, calendar: Calendar
) -> tuple[list[Markup], float]:
    y = 46.0 if head.subject else 30.0
    inner: list[Markup] = []
    for line in in_lines(head.subject, _INNER, 15, most=3):
        y += 19
        inner.append(words(_PAD, y, line, weight="700", size=14))
    y += 12
    for section, links in groupby(followed, key=lambda one: one.section):
        shapes, y = _section(section, list(links), y, most, calendar)
        inner += shapes
    height = y + 8
    frame: Look = {"rx": 6, "stroke": "var(--axis)"}
    sheet = box(_EDGE, _EDGE, _WIDTH - 2 * _EDGE, height - 2 * _EDGE, "ground", **frame)
    band = box(_EDGE, _EDGE, _WIDTH - 2 * _EDGE, 38, "band", rx=6)
    name = fitted(head.title, _INNER, 14)
    return [sheet, band, words(_PAD, 25, name, "on-band", weight="700", size=13), *inner], height


def _section(
    name: str, links: Sequence[Followed], y: float, most: int, calendar: Calendar
) -> tuple[list[Markup], float]:
    shapes: list[Markup] = []
    y += 8
    for line in in_lines(name, _INNER, 13, most=2):
        y += 15
        shapes.append(words(_PAD, y, line, weight="600"))
    for share in (1.0, 0.62):  # where the text stands
        y += 10
        shapes.append(box(_PAD, y, _INNER * share, 4, "filler", rx=2))
    y += 10
    for link in links:
        shapes += _bar(link, y, most, calendar)
        y += 30
    return shapes, y


def _bar(link: Followed, y: float, most: int, calendar: Calendar) -> list[Markup]:
    step = step_of(link.number, most)
    number = calendar.said(link.told)
    text = fitted(calendar.said(link.words), _INNER - 24 - 8 * len(number))
    place: Look = {"rx": 4, "stroke": "var(--mark)", "data_part": "link", "data_of": str(link.at)}
    return [
        box(_PAD, y, _INNER, 25, f"heat-{step}", data_step=str(step), **place),
        words(_PAD + 8, y + 17, text, f"on-heat-{step}"),
        words(_WIDTH - _PAD - 8, y + 17, number, f"on-heat-{step}", anchor="end", weight="700"),
    ]


def _legend(most: int, measure: Measure, y: float, calendar: Calendar) -> Iterator[Markup]:
    width = _INNER / (STEPS + 1)
    yield words(_PAD, y, calendar.said(measure.words), "axis", size=11)
    for place, (step, lowest, highest) in enumerate(_steps(most)):
        x = _PAD + place * width
        yield box(x, y + 8, width, 14, f"heat-{step}", stroke="var(--mark)")
        ends = [calendar.said(count(end)) for end in sorted({lowest, highest})]
        for line, name in enumerate(_in_room("–".join(ends), width)):
            yield words(x + width / 2, y + 36 + 13 * line, name, "axis", anchor="middle", size=11)


def _in_room(name: str, room: float) -> list[str]:
    """Return the numbers of a step in a line, or in two where they are long."""
    low, dash, high = name.partition("–")
    return [name] if not dash or wide(name, 11) < room - 4 else [low + dash, high]


def _steps(most: int) -> list[tuple[int, int, int]]:
    """Return the steps that numbers up to the most can have, with their lowest and highest one."""
    ends = [
        (step, (step - 1) * most // STEPS + 1, step * most // STEPS) for step in range(1, STEPS + 1)
    ]
    return [(0, 0, 0), *(one for one in ends if one[1] <= one[2])]


def _in_words(followed: Sequence[Followed]) -> Wording:
    parts = [
        say_many(
            "The mail in small, with {n} link in its place.",
            "The mail in small, with {n} links in their places.",
            n=len(followed),
        )
    ]
    for section, links in groupby(followed, key=lambda one: one.section):
        told = say_list(
            [say("{words}: {number}", words=one.words, number=one.told) for one in links],
            "; ",
        )
        name = section or say("Above the first heading")
        parts.append(say("{section} – {links}.", section=name, links=told))
    return say_list(parts, " ")
