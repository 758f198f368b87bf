"""Results of a survey on a terminal, and as JSON."""

from collections.abc import Sequence

from newsletter.cli.common import in_words, show, write_json
from newsletter.drawing import Grid
from newsletter.language import say, say_list
from newsletter.model import words_in
from newsletter.survey_report import (
    Telling,
    answered_told,
    change_rows,
    charts_of,
    grouped_title,
    sure_told,
    tables_of,
    untold_in,
    written_told,
)
from newsletter.surveys import changes_as_json, grouped_as_json, results_as_json


def print_results(telling: Telling, language: str) -> None:
    """Print what a survey tells; what people wrote is on the page alone."""
    results = telling.results
    _print(words_in(results.titles, language) or results.survey)
    show(answered_told(results))
    for note in results.notes:
        _print(note)
    for question, chart in charts_of(results, language):
        if chart:
            _print_grid(chart.title, chart.grid)
        else:
            _print("")
            show(written_told(results, question, language))
    for grouped in telling.grouped:
        _print("")
        _print(grouped_title(results, grouped, language))
        for title, grid in tables_of(results, grouped, language):
            _print_grid(title, grid)
        for title in untold_in(results, grouped, language):
            show(say("Not told by groups, as too few answered: {question}", question=title))
    if telling.changes:
        _print_grid(telling.before, change_rows(telling, language))
        show(sure_told(telling.changes))


def write_result_json(telling: Telling) -> None:
    """Write results as JSON; what people wrote is not in it."""
    told = results_as_json(telling.results)
    told["groups"] = [grouped_as_json(one) for one in telling.grouped]
    told["changes"] = changes_as_json(telling.changes)
    write_json(told)


def _print_grid(title: str, grid: Grid) -> None:
    """Print a table whose columns are as wide as what stands in them."""
    _print("")
    _print(title)
    cells = [[in_words(cell) for cell in row] for row in (grid.heads, *grid.rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(grid.heads))]
    for row in cells:
        _print(_line(row, widths))


def _print(words: str) -> None:
    show(say_list([words]))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = row
    parts = [first.ljust(widths[0])]
    parts += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
    return "  " + "  ".join(parts).rstrip()
