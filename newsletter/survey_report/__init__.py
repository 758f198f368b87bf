"""Results of a survey as people read them: a page by itself, and parts of an issue."""

from newsletter.survey_report.answer_columns import WHO
from newsletter.survey_report.answer_files import (
    CODEBOOK,
    answer_rows,
    answers_as_xlsx,
    codebook_as_csv,
    read_answers,
    rows_as_csv,
    write_sav,
)
from newsletter.survey_report.chart_pictures import draw_png
from newsletter.survey_report.result_words import (
    answered_told,
)
from newsletter.survey_report.results_markdown import write_markdown
from newsletter.survey_report.results_page import render_results
from newsletter.survey_report.results_table import results_as_csv
from newsletter.survey_report.told_parts import (
    Telling,
    change_rows,
    charts_of,
    grouped_title,
    sure_told,
    tables_of,
    untold_in,
    written_told,
)

__all__ = [
    "CODEBOOK",
    "WHO",
    "Telling",
    "answer_rows",
    "answered_told",
    "answers_as_xlsx",
    "change_rows",
    "charts_of",
    "codebook_as_csv",
    "draw_png",
    "grouped_title",
    "read_answers",
    "render_results",
    "results_as_csv",
    "rows_as_csv",
    "sure_told",
    "tables_of",
    "untold_in",
    "write_markdown",
    "write_sav",
    "written_told",
]
