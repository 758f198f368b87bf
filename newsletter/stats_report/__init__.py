"""A report of figures as people read it: a page that needs nothing else, on paper, by mail.

Its words and its ways of writing figures are those of all who tell of an issue.
"""

from newsletter.drawing import (
    NOT_KNOWN,
    Calendar,
    bounced_told,
    percent,
    percent_range,
    percent_ranges,
    range_told,
    share_range,
)
from newsletter.stats_report.board_mail import mail_subject, render_mail
from newsletter.stats_report.charts.bounds_chart import LEAST, MOST, OUTER
from newsletter.stats_report.charts.growth_chart import JOINED_BY
from newsletter.stats_report.counted_by import changes_of
from newsletter.stats_report.followed import (
    OTHER_LINKS,
    Measure,
    Whose,
    harmless_words,
    measure_of,
    place_of,
)
from newsletter.stats_report.issue_parts import Sum, sums_of
from newsletter.stats_report.paper import render_pdf
from newsletter.stats_report.standalone import render_html
from newsletter.stats_report.unknowns import newest_issue

__all__ = [
    "JOINED_BY",
    "LEAST",
    "MOST",
    "NOT_KNOWN",
    "OTHER_LINKS",
    "OUTER",
    "Calendar",
    "Measure",
    "Sum",
    "Whose",
    "bounced_told",
    "changes_of",
    "harmless_words",
    "mail_subject",
    "measure_of",
    "newest_issue",
    "percent",
    "percent_range",
    "percent_ranges",
    "place_of",
    "range_told",
    "render_html",
    "render_mail",
    "render_pdf",
    "share_range",
    "sums_of",
]
