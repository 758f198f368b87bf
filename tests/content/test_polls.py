"""A poll in an issue has the words of its file, in the issue's language, or a finding says why."""

import datetime as dt
from dataclasses import replace

import pytest

from newsletter.content.polls import fill_polls
from newsletter.model import (
    Box,
    Issue,
    Poll,
    Question,
    QuestionKind,
    Severity,
    Survey,
    SurveyKind,
    walk,
)
from tests.content.conftest import BODY_LINE, Read, Refuse
from tests.questionnaires import TOPICS, YES_NO, survey_of

SCALE = Question(
    id="use",
    kind=QuestionKind.SCALE,
    words={"fi": "Onko kirjeestä hyötyä?"},
    low=1,
    high=3,
    ends={"fi": ("ei", "kyllä")},
)
CLOSES = dt.datetime(2026, 12, 20, 23, 59)  # noqa: DTZ001 - on the readers' clock


def placed(issue: Issue, survey: Survey | None) -> Poll:
    """Return the only poll of an issue, with what a survey puts into it."""
    issue, findings = fill_polls(issue, lambda _: survey)
    assert not any(finding.severity is Severity.ERROR for finding in findings)
    [poll] = [block for block in walk(issue.blocks) if isinstance(block, Poll)]
    return poll


@pytest.mark.parametrize(
    ("front", "question", "answer"),
    [
        ("", "Mistä seuraava teemapäivä?", "Lainsäädäntö"),
        ("\nlang: sv", "Vad ska nästa temadag handla om?", "Lagstiftning"),
        ("\nlang: en", "Mistä seuraava teemapäivä?", "Lainsäädäntö"),  # which the file has not
    ],
)
def test_a_poll_asks_in_the_language_of_the_issue(
    front: str, question: str, answer: str, read: Read
) -> None:
    issue = read("::: poll aiheet\n:::", front=f"subject: A\ndate: 2026-12-15{front}")

    poll = placed(issue, survey_of(TOPICS, closes=CLOSES))

    assert poll.title == question
    assert [choice.id for choice in poll.choices] == ["law", "methods", "else"]
    assert poll.choices[0].html.replace("&shy;", "").replace("\xad", "").startswith(answer[:5])
    assert poll.closes == CLOSES.date()


@pytest.mark.parametrize("language", ["fi", "sv", "sv-FI", "en"])
def test_a_poll_without_words_in_the_language_of_the_issue_is_told(
    language: str, read: Read
) -> None:
    front = f"subject: A\ndate: 2026-12-15\nlang: {language}"
    issue = read("Alku\n\n::: poll aiheet\n:::", front=front)

    _, findings = fill_polls(issue, lambda _: survey_of(TOPICS, closes=CLOSES))

    assert [(one.severity, one.line, one.message) for one in findings] == (
        [(Severity.WARNING, BODY_LINE + 3, "the poll “aiheet” has no text in “en”")]
        if language == "en"
        else []
    )
    assert all("surveys/aiheet.en.md" in one.hint for one in findings)


def test_a_poll_stands_in_a_box_with_words_of_the_issue(read: Read) -> None:
    issue = read("::: box\n::: poll aiheet\nSano *se*.\n:::\n:::")

    poll = placed(issue, survey_of(TOPICS))

    assert isinstance(issue.blocks[0], Box)
    assert poll.html == "<p>Sano <em>se</em>.</p>"


def test_a_scale_is_a_row_of_numbers_with_words_at_its_ends(read: Read) -> None:
    poll = placed(read("::: poll aiheet\n:::"), survey_of(SCALE))

    assert [choice.id for choice in poll.choices] == ["1", "2", "3"]
    assert [choice.html for choice in poll.choices] == ["1\xa0– ei", "2", "3\xa0– kyllä"]


@pytest.mark.parametrize(
    ("survey", "words"),
    [
        (None, "there is no poll “aiheet”"),
        (survey_of(TOPICS, kind=SurveyKind.ANONYMOUS), "is no poll"),
        (survey_of(TOPICS, SCALE), "has 2 questions"),
        (survey_of(), "has 0 questions"),
        (survey_of(replace(TOPICS, options=YES_NO[:1])), "no answers that could stand as buttons"),
        (survey_of(replace(TOPICS, kind=QuestionKind.TEXT, options=())), "no answers"),
        (survey_of(replace(SCALE, low=0, high=100)), "no answers"),
        (survey_of(TOPICS, closes=CLOSES - dt.timedelta(days=10)), "closed before the date"),
    ],
)
def test_a_poll_that_nobody_could_answer_in_a_mail_is_told(
    survey: Survey | None, words: str, read: Read
) -> None:
    _, [finding] = fill_polls(read("Alku\n\n::: poll aiheet\n:::"), lambda _: survey)

    assert (finding.id, finding.line) == ("directive-poll", BODY_LINE + 2)
    assert words in finding.message
    assert finding.hint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("::: poll\n:::", "which poll is meant?"),
        ("::: poll a\n::: divider\n:::\n:::", "a poll holds text and nothing else"),
    ],
)
def test_a_poll_is_named_and_holds_text(body: str, words: str, refuse: Refuse) -> None:
    assert [finding.message for finding in refuse(body)] == [words]
