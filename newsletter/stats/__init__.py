"""Turns figures into reports: rates with intervals, a denominator, and nothing that is unknown."""

from newsletter.stats.output import IssueFigures, as_csv, as_json, trend
from newsletter.stats.shares import OpenRate, open_rate, wilson_interval

__all__ = [
    "IssueFigures",
    "OpenRate",
    "as_csv",
    "as_json",
    "open_rate",
    "trend",
    "wilson_interval",
]
