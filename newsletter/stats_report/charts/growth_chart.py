"""Draws how the list grew: its size, and who joined and left in each month."""

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from newsletter.drawing import (
    Calendar,
    Chart,
    Grid,
    Key,
    Scale,
    Steps,
    box,
    count,
    first_day,
    lines_of,
    months_below,
    pictures_of,
    scale_for,
    stack,
    stroke,
    words,
)
from newsletter.language import Wording, say, say_list
from newsletter.model.figures import MonthOfGrowth

OTHERS = say("otherwise")
JOINED_BY = {
    "form": say("by the form"),
    "import": say("by a list"),
    "editor": say("by the editor"),
    "other": OTHERS,
}
_TINTS = 4
_SIZES = (26, 120)  # from where to where the panel of sizes reaches
_FLOWS = (186, 340)  # and the one of who came and went
_HEIGHT = 380
_LOSSES = (say("left"), say("taken off after bounces"), say("complained"))


def draw_growth(months: Sequence[MonthOfGrowth], calendar: Calendar) -> Chart | None:
    """Return the chart of the list's growth; None if nothing is known of it."""
    if not months:
        return None
    sources = _sources(months)

    def draw(width: float) -> tuple[list[Markup], float]:
        steps = Steps(left=46, right=width - 4, number=len(months))
        named = [
            (first_day(m.month).year, calendar.short_month(first_day(m.month))) for m in months
        ]
        parts = [
            *_sizes(months, steps, calendar.said),
            *_flows(months, steps, calendar.said, sources),
            *months_below(steps, named, _FLOWS[1]),
        ]
        return parts, _HEIGHT

    return Chart(
        name="growth",
        title=say("The list, month by month"),
        alternative=_in_words(months, calendar),
        pictures=pictures_of("growth", draw),
        grid=_grid(months, sources, calendar),
        keys=[
            *(Key(sign=f"gain-{n}", words=name) for n, name in enumerate(_names(sources), 1)),
            *(Key(sign=f"loss-{n}", words=name) for n, name in enumerate(_LOSSES, 1)),
        ],
    )


def _sizes(
    months: Sequence[MonthOfGrowth], steps: Steps, said: Callable[[str], str]
) -> Iterator[Markup]:
    upper, lower = _SIZES
    scale = scale_for(max(month.at_end for month in months), upper=upper, lower=lower)
    yield words(0, upper - 14, said(say("Readers at the end of the month")), weight="600")
    yield from lines_of(scale, _whole, steps.left, steps.right, said)
    for n, month in enumerate(months):
        y = scale.at(month.at_end)
        x, shape = steps.middle(n) - steps.width / 2, {"data_part": "size", "data_of": month.month}
        yield box(x, y, steps.width, lower - y, "mark", **shape)


def _flows(
    months: Sequence[MonthOfGrowth],
    steps: Steps,
    said: Callable[[str], str],
    sources: Sequence[str],
) -> Iterator[Markup]:
    up = [sum(month.joined.values()) for month in months]
    down = [sum(_lost(month)) for month in months]
    cap = _cap(up)
    scale = _two_ways(min(max(up), cap), max(down))
    yield words(0, _FLOWS[0] - 30, said(say("Joined and gone")), weight="600")
    yield from _levels(scale, min(max(up), cap), max(down), steps, said)
    for n, month in enumerate(months):
        edges = steps.edges(n)
        if up[n] > cap:
            yield from _cut(scale.at(cap), scale.at(0), edges, said(count(up[n])))
        else:
            gained = _gained(month, sources)
            yield from stack(gained, "gain", of=month.month, at=edges, scale=scale)
        yield from stack(_lost(month), "loss", of=month.month, at=edges, scale=scale, down=True)


def _cut(upper: float, lower: float, edges: tuple[float, float], number: str) -> Iterator[Markup]:
    """Yield a bar that is higher than there is room for, with its number above."""
    left, right = edges
    yield box(left, upper, right - left, lower - upper, "gain-1", data_part="cut")
    yield stroke(left - 2, upper + 12, right + 2, upper + 7, "ground", stroke_width=3)
    yield words((left + right) / 2, upper - 4, number, anchor="middle", size=11)


def _two_ways(up: int, down: int) -> Scale:
    upper, lower = _FLOWS
    span = max(up + down, 1)
    zero = upper + (lower - upper) * up / span
    return Scale(
        top=span,
        step=scale_for(max(up, down), upper=0, lower=1).step,
        upper=zero - (lower - upper),
        lower=zero,
    )


def _levels(
    scale: Scale, up: int, down: int, steps: Steps, said: Callable[[str], str]
) -> Iterator[Markup]:
    for n in range(-int(down // scale.step), int(up // scale.step) + 1):
        y = scale.at(n * scale.step)
        yield stroke(steps.left, y, steps.right, y, "axis" if n == 0 else "grid")
        label = said(_whole(abs(n * scale.step)))
        yield words(steps.left - 6, y + 4, label, "axis", anchor="end", size=11)


def _cap(up: Sequence[int]) -> int:
    """Return up to where bars reach: a month that brought a whole list would dwarf the others."""
    largest, next_one = [*sorted(up, reverse=True), 0][:2]
    is_alone = next_one == 0
    return largest if is_alone or largest <= 5 * max(next_one, 4) else 2 * max(next_one, 4)


def _sources(months: Sequence[MonthOfGrowth]) -> list[str]:
    """Return where people come from, the most usual first; no more than have tints."""
    sums: dict[str, int] = {}
    for month in months:
        for source, number in month.joined.items():
            sums[source] = sums.get(source, 0) + number
    return sorted(sums, key=lambda source: (-sums[source], source))


def _names(sources: Sequence[str]) -> list[str]:
    names = [JOINED_BY.get(source, source) for source in sources]
    return names if len(names) <= _TINTS else [*names[: _TINTS - 1], OTHERS]


def _gained(month: MonthOfGrowth, sources: Sequence[str]) -> list[int]:
    numbers = [month.joined.get(source, 0) for source in sources]
    if len(numbers) > _TINTS:
        return [*numbers[: _TINTS - 1], sum(numbers[_TINTS - 1 :])]
    return numbers


def _lost(month: MonthOfGrowth) -> list[int]:
    return [month.left, month.bounced, month.complained]


def _whole(value: float) -> Wording:
    return count(round(value))


def _in_words(months: Sequence[MonthOfGrowth], calendar: Calendar) -> Wording:
    first, last = months[0], months[-1]
    joined = sum(sum(month.joined.values()) for month in months)
    parts = [
        say(
            "Two rows of bars, from {first} to {last}.",
            first=calendar.month(first.month),
            last=calendar.month(last.month),
        ),
        say("Readers at the end: {first:,}, then {last:,}.", first=first.at_end, last=last.at_end),
        say(
            "Altogether {joined:,} joined, {left:,} left, {bounced:,} were taken off after "
            "bounces, {complained:,} complained.",
            joined=joined,
            left=sum(month.left for month in months),
            bounced=sum(month.bounced for month in months),
            complained=sum(month.complained for month in months),
        ),
    ]
    return say_list(parts, " ")


def _grid(months: Sequence[MonthOfGrowth], sources: Sequence[str], calendar: Calendar) -> Grid:
    heads = [say("Month"), *_names(sources), *_LOSSES, say("readers at its end")]
    rows = [
        [
            calendar.month(month.month),
            *map(count, _gained(month, sources)),
            *map(count, _lost(month)),
            count(month.at_end),
        ]
        for month in months
    ]
    return Grid(heads=heads, rows=rows)
