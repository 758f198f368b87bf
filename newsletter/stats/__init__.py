"""Turns figures into reports: rates with intervals, a denominator, and nothing that is unknown."""

from newsletter.stats.contract import as_csv, as_json
from newsletter.stats.excerpts import up_to
from newsletter.stats.groups import SMALLEST, Groups, choose_groups
from newsletter.stats.headlines import statements
from newsletter.stats.logbook import update_log
from newsletter.stats.months import update_growth
from newsletter.stats.recurring import best_read
from newsletter.stats.reporting import Frame, read_report
from newsletter.stats.shares import (
    OpenRate,
    difference,
    is_different,
    open_range,
    open_rate,
    share,
    wilson_interval,
)
from newsletter.stats.updating import update_figures

__all__ = [
    "SMALLEST",
    "Frame",
    "Groups",
    "OpenRate",
    "as_csv",
    "as_json",
    "best_read",
    "choose_groups",
    "difference",
    "is_different",
    "open_range",
    "open_rate",
    "read_report",
    "share",
    "statements",
    "up_to",
    "update_figures",
    "update_growth",
    "update_log",
    "wilson_interval",
]
