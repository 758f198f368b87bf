"""What all forms of results have: charts of questions, tables of groups, changes in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from newsletter.drawing import Chart, Grid
from newsletter.language import Wording, say, say_many
from newsletter.model import Change, Crossing, GroupedResults, SurveyResults, Tally, words_in
from newsletter.survey_report.balance_drawing import draw_balance
from newsletter.survey_report.bar_drawing import draw_bars
from newsletter.survey_report.result_words import (
    group_named,
    lines_named,
    n_told,
    name_of,
    share_told,
    title_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """All that is told of a survey."""

    results: SurveyResults
    grouped: Sequence[GroupedResults] = ()
    changes: Sequence[Change] = ()
    before: str = ""  # title of the survey of another year
    # By the id of its question, what was written; for the editor alone.
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)


def charts_of(results: SurveyResults, language: str) -> Iterator[tuple[str, Chart | None]]:
    """Yield each question with its chart, a matrix with one for all of its rows."""
    for question, found in groupby(results.tallies, key=lambda tally: tally.question):
        tallies = list(found)
        if tallies[0].is_of_words:
            yield question, None
        elif tallies[0].is_of_matrix:
            yield question, draw_balance(tallies, question, language)
        else:
            yield question, draw_bars(tallies[0], question, language)


def written_told(results: SurveyResults, question: str, language: str) -> Wording:
    """Return how many answered a question in words of their own."""
    tally = next(one for one in results.tallies if one.question == question)
    return say("{row}: {told}", row=title_of(tally, language), told=n_told(tally))


def tables_of(
    results: SurveyResults, grouped: GroupedResults, language: str
) -> Iterator[tuple[str, Grid]]:
    """Yield the title and the table of each question by groups."""
    for crossing in grouped.crossings:
        if tally := results.tally(crossing.key):
            yield title_of(tally, language), _grid(crossing, tally, grouped, language)


def untold_in(results: SurveyResults, grouped: GroupedResults, language: str) -> list[str]:
    """Return the questions that too few answered to be told by groups."""
    found = (results.tally(key) for key in grouped.untold)
    return [title_of(tally, language) for tally in found if tally]


def _grid(crossing: Crossing, tally: Tally, grouped: GroupedResults, language: str) -> Grid:
    heads = [say("Answer"), *(group_named(group, language) for group in grouped.groups)]
    rows = [
        [
            lines_named(ids, tally, language),
            *(share_told(count, n) for count, n in zip(counts, crossing.n, strict=True)),
        ]
        for ids, counts in zip(crossing.lines, crossing.counts, strict=True)
    ]
    rows.append([say("n"), *(say("{count:,}", count=n) for n in crossing.n)])
    return Grid(heads=heads, rows=rows)


def grouped_title(results: SurveyResults, grouped: GroupedResults, language: str) -> str:
    """Return by what groups are made, in words."""
    how, _, what = grouped.by.partition(" ")
    if how == "where":
        return say("Where {segment}, and all others", segment=what)
    tally = next((one for one in results.tallies if one.question == what), None)
    asked = words_in(tally.words, language) or what if tally else what
    return say("By the answer to “{question}”", question=asked)


def change_rows(telling: Telling, language: str) -> Grid:
    """Return the table of what changed since another year."""
    rows: list[list[str]] = []
    for change in telling.changes:
        tally = telling.results.tally((change.question, change.row))
        line = next((one for one in tally.lines if one.id == change.line), None) if tally else None
        if tally and line:
            rows.append(
                [
                    f"{title_of(tally, language)} – {name_of(line, tally, language)}",
                    share_told(*change.before),
                    share_told(*change.now),
                    _points(change),
                    _stated(change),
                ]
            )
    heads = [say("Answer"), say("Before"), say("Now"), say("Difference"), say("Statement")]
    return Grid(heads=heads, rows=rows)


def _points(change: Change) -> Wording:
    low, high = (
        f"{round(100 * end):+d}".replace("-", "\N{MINUS SIGN}") for end in (change.low, change.high)
    )
    return say("from {low} to {high} points", low=low, high=high)


def _stated(change: Change) -> Wording:
    if not change.is_sure:
        return say("no statement")
    return say("rose") if change.low > 0 else say("fell")


def sure_told(changes: Sequence[Change]) -> Wording:
    """Return how many changes are more than chance, in a sentence."""
    sure = sum(change.is_sure for change in changes)
    if not sure:
        return say("No difference is larger than chance explains, so nothing is stated of any.")
    return say_many(
        "{n} difference is larger than chance explains.",
        "{n} differences are larger than chance explains.",
        n=sure,
    )
