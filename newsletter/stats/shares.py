"""Turns counts into rates that claim no more than is known."""

import math
from dataclasses import dataclass

from newsletter.model import Figures

_Z = 1.959963984540054  # of a two-sided 95 % interval


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRate:
    """The share of delivered mails that were opened, between two bounds; None means not known."""

    low: float | None = None  # lower bound: opened by people
    high: float | None = None  # upper bound: opens by machines may be among them
    interval: tuple[float, float] | None = None  # 95 %, around the bounds


def open_rate(figures: Figures) -> OpenRate:
    """Return the bounds of the open rate; the denominator is what was delivered.

    If the provider does not tell people from machines, only the upper bound is known.
    """
    delivered, opened = figures.delivered, figures.opens_unique
    if not delivered or opened is None or opened > delivered:
        return OpenRate()
    human = figures.opens_human if (figures.opens_human or 0) <= opened else None
    low = human / delivered if human is not None else None
    least, _ = wilson_interval(human if human is not None else opened, delivered)
    _, most = wilson_interval(opened, delivered)
    return OpenRate(low=low, high=opened / delivered, interval=(least, most))


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (E. B. Wilson, 1927); `trials` is positive."""
    share = successes / trials
    denominator = 1 + _Z**2 / trials
    middle = (share + _Z**2 / (2 * trials)) / denominator
    spread = math.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2)) * _Z / denominator
    return max(0.0, middle - spread), min(1.0, middle + spread)
