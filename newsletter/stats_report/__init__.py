"""A report of figures as people read it: a page that needs nothing else, on paper, by mail."""

from newsletter.stats_report.board_mail import render_mail
from newsletter.stats_report.paper import render_pdf
from newsletter.stats_report.standalone import render_html

__all__ = ["render_html", "render_mail", "render_pdf"]
