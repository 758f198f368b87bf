"""Checks an issue as it will be mailed and reports findings; a finding is never an exception."""

from newsletter.checking.checks import OFFLINE_RULES, check_draft
from newsletter.checking.grouping import Cell, Comparison, Group, Row, compare, group
from newsletter.checking.instruments import Audience, Draft, unknown_clients
from newsletter.checking.online_rules import ONLINE_RULES
from newsletter.checking.report import Report, Silenced, join_reports, make_report
from newsletter.checking.sarif import to_sarif
from newsletter.model import Rule, Skipped

ALL_RULES = (*OFFLINE_RULES, *ONLINE_RULES)

__all__ = [
    "ALL_RULES",
    "OFFLINE_RULES",
    "ONLINE_RULES",
    "Audience",
    "Cell",
    "Comparison",
    "Draft",
    "Group",
    "Report",
    "Row",
    "Rule",
    "Silenced",
    "Skipped",
    "check_draft",
    "compare",
    "group",
    "join_reports",
    "make_report",
    "to_sarif",
    "unknown_clients",
]
