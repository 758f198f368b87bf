"""Writes results as one page by itself: for the editor with what was written, else without."""

import datetime as dt
from pathlib import Path

from newsletter.drawing import Calendar
from newsletter.face import Face, embedding, fill_page, style_alone
from newsletter.language import say
from newsletter.model import words_in
from newsletter.survey_report.result_words import answered_told, title_of
from newsletter.survey_report.told_parts import (
    Telling,
    change_rows,
    charts_of,
    grouped_title,
    sure_told,
    tables_of,
    untold_in,
)

_PAGES = Path(__file__).parent / "pages"


def render_results(
    telling: Telling, face: Face, *, language: str, timezone: str, made_at: dt.datetime
) -> str:
    """Return results as a page with the newsletter's face."""
    results = telling.results
    titles = {
        tally.question: title_of(tally, language) for tally in results.tallies if not tally.row
    }
    return fill_page(
        face,
        "results.html",
        language,
        folder=_PAGES,
        title=face.imprint_in(language).title,
        heading=words_in(results.titles, language) or results.survey,
        command="surveys",
        made_at=made_at,
        calendar=Calendar(language, timezone),
        style=style_alone(face),
        embed=embedding(face),
        results=results,
        answered=answered_told(results),
        charts=list(charts_of(results, language)),
        titles=titles,
        texts=telling.texts,
        grouped=[
            {
                "title": grouped_title(results, one, language),
                "tables": list(tables_of(results, one, language)),
                "untold": untold_in(results, one, language),
            }
            for one in telling.grouped
        ],
        before=telling.before,
        changes=change_rows(telling, language) if telling.changes else None,
        sure=sure_told(telling.changes) if telling.changes else say("no statement"),
    )
