"""Checks an issue as it will be mailed and reports findings; no finding is an exception."""

from newsletter.preflight.checks import OFFLINE_RULES, check_draft
from newsletter.preflight.draft import Audience, Draft
from newsletter.preflight.online.rules import ONLINE_RULES
from newsletter.preflight.report import Report, Silenced, join_reports, make_report
from newsletter.rules import Rule, Skipped

ALL_RULES = (*OFFLINE_RULES, *ONLINE_RULES)

__all__ = [
    "ALL_RULES",
    "OFFLINE_RULES",
    "ONLINE_RULES",
    "Audience",
    "Draft",
    "Report",
    "Rule",
    "Silenced",
    "Skipped",
    "check_draft",
    "join_reports",
    "make_report",
]
