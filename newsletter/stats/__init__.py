"""Turns figures into reports: rates with intervals, a denominator, and nothing that is unknown."""

from newsletter.stats.groups import SMALLEST, Groups, choose_groups
from newsletter.stats.output import IssueFigures, as_csv, as_json, trend
from newsletter.stats.shares import (
    OpenRate,
    difference,
    is_different,
    open_range,
    open_rate,
    share,
    wilson_interval,
)

__all__ = [
    "SMALLEST",
    "Groups",
    "IssueFigures",
    "OpenRate",
    "as_csv",
    "as_json",
    "choose_groups",
    "difference",
    "is_different",
    "open_range",
    "open_rate",
    "share",
    "trend",
    "wilson_interval",
]
