"""Turns figures into reports: rates with intervals, a denominator, and nothing that is unknown."""

from newsletter.stats.figures import OpenRate, open_rate, wilson_interval
from newsletter.stats.output import IssueFigures, as_csv, as_json, trend

__all__ = [
    "IssueFigures",
    "OpenRate",
    "as_csv",
    "as_json",
    "open_rate",
    "trend",
    "wilson_interval",
]
