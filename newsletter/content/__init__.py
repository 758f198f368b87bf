"""Turns issue files into issues: front matter is validated, Markdown is read into blocks."""

from newsletter.content.announced import NOTHING, Announced, find_announced
from newsletter.content.asked_names import names_in_use
from newsletter.content.drafts import draft_translation, renew_issue
from newsletter.content.feedback_surveys import judge_feedback
from newsletter.content.front_matter import divide, has_key, text_of
from newsletter.content.heads import list_heads
from newsletter.content.issue_names import check_id
from newsletter.content.issuefiles import find_issues, variants_of
from newsletter.content.issues import read_issue
from newsletter.content.meeting_files import read_meeting, read_meetings
from newsletter.content.odd_names import find_odd_names
from newsletter.content.pattern import fill_pattern, find_pattern, pattern_values
from newsletter.content.region_files import read_regions
from newsletter.content.survey_files import find_surveys, read_survey

__all__ = [
    "NOTHING",
    "Announced",
    "check_id",
    "divide",
    "draft_translation",
    "fill_pattern",
    "find_announced",
    "find_issues",
    "find_odd_names",
    "find_pattern",
    "find_surveys",
    "has_key",
    "judge_feedback",
    "list_heads",
    "names_in_use",
    "pattern_values",
    "read_issue",
    "read_meeting",
    "read_meetings",
    "read_regions",
    "read_survey",
    "renew_issue",
    "text_of",
    "variants_of",
]
