"""A report of figures as people read it: a page that needs nothing else, on paper, by mail."""

from newsletter.stats_report.standalone import render_html

__all__ = ["render_html"]
