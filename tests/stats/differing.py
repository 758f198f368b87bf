"""Differences of ranges, found by trying: what part of whom nobody is sure of has read."""

import itertools
import math
from collections.abc import Sequence
from statistics import mean

from newsletter.intervals import wilson_interval
from newsletter.model.figures import OpenRange

_PARTS = [step / 20 for step in range(21)]


def differences_tried(
    some: Sequence[OpenRange], others: Sequence[OpenRange]
) -> list[tuple[float, float]]:
    """Return intervals of a difference for many parts of the unknown and of the hidden ones."""
    found = []
    for unknown, hidden in itertools.product(_PARTS, repeat=2):
        (p, p_low, p_high), (q, q_low, q_high) = (
            _interval(group, unknown, hidden) for group in (some, others)
        )
        low = p - q - math.hypot(p - p_low, q_high - q)
        high = p - q + math.hypot(p_high - p, q - q_low)
        found.append((low, high))
    return found


def _interval(
    group: Sequence[OpenRange], unknown: float, hidden: float
) -> tuple[float, float, float]:
    of = mean(told.outer.of for told in group)
    count = mean(_read(told, unknown, hidden) for told in group)
    return count / of, *wilson_interval(count, of)


def _read(told: OpenRange, unknown: float, hidden: float) -> float:
    assert told.least
    assert told.most
    least, most, outer = told.least.count, told.most.count, told.outer.count
    return least + unknown * (most - least) + hidden * (outer - most)
