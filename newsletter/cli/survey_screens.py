"""Surveys as a terminal shows them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from rich.console import Console

from newsletter.cli.common import in_words, indented, show
from newsletter.cli.fitted_tables import cut, fixed, folded, print_fitted
from newsletter.language import Wording, say
from newsletter.model import Question, QuestionKind, Survey, SurveyKind

_WANTED = ("survey", "state", "answers", "title", "kind", "closes")
_STATES = {
    "written": say("written"),
    "broken": say("has errors"),
    "open": say("open"),
    "closed": say("closed"),
}
_KINDS = {
    QuestionKind.ONE: say("one answer"),
    QuestionKind.MANY: say("several answers"),
    QuestionKind.MATRIX: say("one answer in each row"),
    QuestionKind.TEXT: say("words of one’s own"),
    QuestionKind.NUMBER: say("a whole number"),
}


def show_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a table of surveys."""
    kinds = [in_words(SurveyKind(row["kind"]).words) if row["kind"] else "" for row in rows]
    answers = ["" if row["answers"] is None else str(row["answers"]) for row in rows]
    columns = {
        "survey": fixed(in_words(say("Survey")), [row["survey"] for row in rows], is_number=False),
        "title": cut(in_words(say("Title")), [row["title"] for row in rows], 15, 60),
        "kind": folded(in_words(say("Kind")), kinds, 8, 20),
        "state": folded(
            in_words(say("State")), [in_words(_STATES[r["state"]]) for r in rows], 6, 14
        ),
        "answers": fixed(in_words(say("Answers")), answers),
        "closes": fixed(
            in_words(say("Closes")), [_day(row["closes"]) for row in rows], is_number=False
        ),
    }
    print_fitted(Console(), columns, _WANTED)


def _day(closes: str | None) -> str:
    """Return the day of a time that JSON tells, as the language writes it."""
    if not closes:
        return ""
    return in_words(say("{day:%Y-%m-%d}", day=dt.date.fromisoformat(closes[:10])))


def show_outline(survey: Survey) -> None:
    """Print each question of a survey on its page, with what it depends on."""
    show(say("{title}", title=_own(survey.titles)))
    number = 0
    for place, page in enumerate(survey.pages, 1):
        click.echo()
        title = _own(page.titles)
        page_of = say("Page {number}: {title}", number=place, title=title)
        show(page_of if title else say("Page {number}", number=place))
        for question in page.questions:
            number += 1
            star = " *" if question.is_required else ""
            show(
                indented(say("{number}. {words}", number=number, words=_own(question.words) + star))
            )
            for line in _lines(question):
                show(indented(indented(line)))


def _lines(question: Question) -> Iterator[Wording]:
    if question.show_if:
        yield say("only if {condition}", condition=question.show_if)
    yield say("{id}: {what}", id=question.id, what=_what(question))
    for row in question.rows:
        yield say("{mark} {words}", mark="|", words=_own(row.words))
    mark = "[ ]" if question.kind is QuestionKind.MANY else "( )"
    for option in question.options:
        words = f"{_own(option.words)}: ____" if option.is_other else _own(option.words)
        yield say("{mark} {words}", mark=mark, words=words)


def _what(question: Question) -> Wording:
    low, high = question.low, question.high
    if low is not None and high is not None:
        return say("a number from {low} to {high}", low=low, high=high)
    if question.most:
        return say("at most {most} answers", most=question.most)
    return _KINDS[question.kind]


def _own(words: Mapping[str, str]) -> str:
    """Return words in the newsletter's own language."""
    return next(iter(words.values()), "")
