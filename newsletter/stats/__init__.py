"""Turns figures into reports: rates with intervals, a denominator, and nothing that is unknown."""

from newsletter.stats.contract import as_json
from newsletter.stats.excerpts import up_to
from newsletter.stats.flat_figures import as_csv
from newsletter.stats.groups import SMALLEST, Groups, choose_groups
from newsletter.stats.headlines import statements
from newsletter.stats.logbook import update_log
from newsletter.stats.months import update_growth
from newsletter.stats.reckoning import Seen, begins, reckon
from newsletter.stats.recurring import best_read
from newsletter.stats.reported import counts_of_report
from newsletter.stats.reporting import Frame, read_report
from newsletter.stats.shares import open_range
from newsletter.stats.source_counts import find_told
from newsletter.stats.updating import update_figures

__all__ = [
    "SMALLEST",
    "Frame",
    "Groups",
    "Seen",
    "as_csv",
    "as_json",
    "begins",
    "best_read",
    "choose_groups",
    "counts_of_report",
    "find_told",
    "open_range",
    "read_report",
    "reckon",
    "statements",
    "up_to",
    "update_figures",
    "update_growth",
    "update_log",
]
