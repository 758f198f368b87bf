"""Surveys: what members are asked, what they answer, and what may be told of it."""

from newsletter.surveys.answers_read import (
    NamedAnswers,
    SurveyState,
    columns_of,
    find_state,
    list_answers,
    list_named,
    list_states,
    row_of,
)
from newsletter.surveys.branching import (
    depends_on,
    find_missing,
    first_open_page,
    keep_asked,
    pages_for,
    questions_for,
    questions_on,
)
from newsletter.surveys.casting import Outcome, Receipt, answer, find_vote, has_answered
from newsletter.surveys.invitations import read_token, token_for
from newsletter.surveys.opening import (
    FEWEST,
    Revision,
    close_due,
    close_survey,
    compare_with_open,
    open_survey,
)
from newsletter.surveys.posted import Posted, field_of, read_posted, write_fields
from newsletter.surveys.sealing import open_draft, seal_draft

__all__ = [
    "FEWEST",
    "NamedAnswers",
    "Outcome",
    "Posted",
    "Receipt",
    "Revision",
    "SurveyState",
    "answer",
    "close_due",
    "close_survey",
    "columns_of",
    "compare_with_open",
    "depends_on",
    "field_of",
    "find_missing",
    "find_state",
    "find_vote",
    "first_open_page",
    "has_answered",
    "keep_asked",
    "list_answers",
    "list_named",
    "list_states",
    "open_draft",
    "open_survey",
    "pages_for",
    "questions_for",
    "questions_on",
    "read_posted",
    "read_token",
    "row_of",
    "seal_draft",
    "token_for",
    "write_fields",
]
