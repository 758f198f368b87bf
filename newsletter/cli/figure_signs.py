"""How figures look on a terminal: ranges, counts and bars that read without any colour."""

from collections.abc import Sequence

from newsletter.cli.telling import in_words
from newsletter.language import say
from newsletter.model.figures import OpenRange, Split

# From what is certain to what is not there: dense signs are dark on paper and bright on a screen.
PEOPLE, UNKNOWN, HIDDEN, _REST = "█", "▒", "░", "·"
_HEIGHTS = "▁▂▃▄▅▆▇█"


def range_bar(told: OpenRange, width: int) -> str:
    """Return a range on a scale to 100 %: dense up to where it begins, pale up to where it ends."""
    low, high = told.bounds
    middle = max(low, told.most.high) if told.most else low
    ends = [round(bound * width) for bound in (low, middle, high, 1.0)]
    lengths = [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
    signs = (PEOPLE, UNKNOWN, HIDDEN, _REST)
    return "".join(sign * length for sign, length in zip(signs, lengths, strict=True))


def share_bar(share: tuple[float, float], width: int, top: float) -> str:
    """Return the range in which a share lies, on a scale that ends at `top`."""
    low, high = (round(bound / (top or 1) * width) for bound in share)
    return PEOPLE * low + UNKNOWN * (high - low)


def count_bar(split: Split, width: int, top: int) -> str:
    """Return how many people there were, likely, and of whom it is not known, up to `top`."""
    human = split.human or 0
    certain, most = (round(n / (top or 1) * width) for n in (human, human + (split.unknown or 0)))
    return PEOPLE * certain + UNKNOWN * (most - certain)


def hours_line(curve: Sequence[int], width: int) -> str:
    """Return a line of bars over the hours, as many of them in a bar as there is need for."""
    if not curve or width < 1:
        return ""
    together = -(-len(curve) // width)
    sums = [sum(curve[at : at + together]) for at in range(0, len(curve), together)]
    top = max(sums) or 1
    return "".join(_HEIGHTS[(n * len(_HEIGHTS) - 1) // top] if n else _REST for n in sums)


def number(count: int | None) -> str:
    """Return a count; nothing if it is not known."""
    return "" if count is None else in_words(say("{count:,}", count=count))


def people(split: Split) -> str:
    """Return from how many people, likely, to how many at most; nothing if nobody counted."""
    human, unknown = split.human, split.unknown
    if human is None:
        return "" if unknown is None else f"≤ {number(unknown)}"
    return number(human) if not unknown else f"{number(human)}–{number(human + unknown)}"


def times(split: Split) -> str:
    """Return how often it was done, by people or by whom it is not known."""
    told = people(split)
    return f"{told} ×" if told else ""
