"""Surveys: what members are asked, what they answer, and what may be told of it.

`now` is a moment with a zone, `secret` the newsletter's own; `chance` is handed in by tests alone,
as numbers that can be foreseen would tell who answered what.
"""

from newsletter.surveys.answers_read import (
    NamedAnswers,
    SurveyState,
    find_state,
    list_answers,
    list_named,
    list_states,
)
from newsletter.surveys.branching import (
    depends_on,
    find_missing,
    keep_asked,
    pages_for,
    questions_for,
    questions_on,
)
from newsletter.surveys.casting import Outcome, Receipt, answer, has_answered
from newsletter.surveys.comparing import compare
from newsletter.surveys.encoded import survey_as_data
from newsletter.surveys.groupings import part_of
from newsletter.surveys.kept_results import Told, find_told, tell_kept, tell_once
from newsletter.surveys.opening import (
    FEWEST,
    Revision,
    close_due,
    close_survey,
    compare_with_open,
    open_survey,
)
from newsletter.surveys.posted import Posted, field_of, read_posted, write_fields
from newsletter.surveys.respondents import Respondent, find_respondent
from newsletter.surveys.retention import count_forgettable, forget_old
from newsletter.surveys.sealing import open_draft, seal_draft
from newsletter.surveys.tallying import asked_in, results_of, tally_survey
from newsletter.surveys.told_results import (
    changes_as_json,
    grouped_as_json,
    read_told,
    results_as_json,
)

__all__ = [
    "FEWEST",
    "NamedAnswers",
    "Outcome",
    "Posted",
    "Receipt",
    "Respondent",
    "Revision",
    "SurveyState",
    "Told",
    "answer",
    "asked_in",
    "changes_as_json",
    "close_due",
    "close_survey",
    "compare",
    "compare_with_open",
    "count_forgettable",
    "depends_on",
    "field_of",
    "find_missing",
    "find_respondent",
    "find_state",
    "find_told",
    "forget_old",
    "grouped_as_json",
    "has_answered",
    "keep_asked",
    "list_answers",
    "list_named",
    "list_states",
    "open_draft",
    "open_survey",
    "pages_for",
    "part_of",
    "questions_for",
    "questions_on",
    "read_posted",
    "read_told",
    "results_as_json",
    "results_of",
    "seal_draft",
    "survey_as_data",
    "tally_survey",
    "tell_kept",
    "tell_once",
    "write_fields",
]
