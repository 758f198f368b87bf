"""Writes results as Markdown to be pasted into an issue, each chart as a picture beside it."""

from collections.abc import Iterator, Mapping

from newsletter.drawing import Grid
from newsletter.model import words_in
from newsletter.survey_report.result_words import answered_told, said
from newsletter.survey_report.told_parts import (
    Telling,
    change_rows,
    charts_of,
    grouped_title,
    sure_told,
    tables_of,
)

_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>#|~!"})


def write_markdown(telling: Telling, language: str, pictures: Mapping[str, str]) -> str:
    """Return the Markdown; `pictures` has the file of each question's chart, as an issue names it.

    What people wrote is not in it.
    """
    results = telling.results
    lines = [f"## {plain(words_in(results.titles, language) or results.survey)}", ""]
    lines += [_said(language, answered_told(results)), ""]
    for question, chart in charts_of(results, language):
        if chart is None:
            continue
        lines += [f"### {plain(chart.title)}", ""]
        if question in pictures:
            alternative = _said(language, chart.alternative)
            lines += [f"![{alternative}]({pictures[question]})", ""]
        lines += [*_table(chart.grid, language), ""]
    for grouped in telling.grouped:
        lines += [f"### {_said(language, grouped_title(results, grouped, language))}", ""]
        for title, grid in tables_of(results, grouped, language):
            lines += [f"**{plain(title)}**", "", *_table(grid, language), ""]
    if telling.changes:
        lines += [f"### {plain(telling.before)}", "", _said(language, sure_told(telling.changes))]
        lines += ["", *_table(change_rows(telling, language), language), ""]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Return words in one line that Markdown shows as they are."""
    return " ".join(text.split()).translate(_SPECIAL)


def _said(language: str, words: str) -> str:
    return plain(said(language, words))


def _table(grid: Grid, language: str) -> Iterator[str]:
    heads = [_said(language, head) or " " for head in grid.heads]
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{'---:|' * (len(heads) - 1)}"
    for row in grid.rows:
        yield f"| {' | '.join(_said(language, cell) for cell in row)} |"
