"""Writes results as rows: of each answer and group how many, of how many, share and interval."""

import csv
import io
from collections.abc import Iterator

from newsletter.formulas import harmless
from newsletter.survey_report.result_words import (
    group_named,
    lines_named,
    name_of,
    said,
    share_of,
    title_of,
)
from newsletter.survey_report.told_parts import Telling

_HEADS = ("question", "row", "title", "group", "answer", "words", "count", "n", "percent")
_ENDS = ("low", "high")
BOM = "\ufeff"


def results_as_csv(telling: Telling, language: str) -> str:
    """Return results as CSV for spreadsheets of Finland; a number that is hidden is empty."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow((*_HEADS, *_ENDS))
    for row in (*_totals(telling, language), *_groups(telling, language)):
        writer.writerow(harmless(str(cell)) for cell in row)
    return BOM + out.getvalue()


def _totals(telling: Telling, language: str) -> Iterator[tuple[str | int, ...]]:
    for tally in telling.results.tallies:
        title = title_of(tally, language)
        for line in tally.lines:
            named = name_of(line, tally, language)
            yield (
                *(tally.question, tally.row, title, "", line.id, named),
                *_numbers(line.count, None if tally.is_withheld else tally.n),
            )


def _groups(telling: Telling, language: str) -> Iterator[tuple[str | int, ...]]:
    for grouped in telling.grouped:
        for crossing in grouped.crossings:
            tally = telling.results.tally(crossing.key)
            if tally is None:
                continue
            title = title_of(tally, language)
            for ids, counts in zip(crossing.lines, crossing.counts, strict=True):
                named = lines_named(ids, tally, language)
                for group, count, n in zip(grouped.groups, counts, crossing.n, strict=True):
                    called = f"{grouped.by}: {said(language, group_named(group, language))}"
                    yield (
                        *(tally.question, tally.row, title, called, "+".join(ids), named),
                        *_numbers(count, n),
                    )


def _numbers(count: int | None, n: int | None) -> tuple[str | int, ...]:
    told = share_of(count, n) if count is not None and n is not None else None
    if told is None or count is None or n is None:
        return ("" if count is None else count, "" if n is None else n, "", "", "")
    return count, n, round(100 * told.value), f"{told.low:.4f}", f"{told.high:.4f}"
