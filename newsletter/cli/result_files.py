"""Files that results of a survey go to: a page, CSV, Markdown with pictures, answers with codes."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.cli.common import ConfigError, Settings, UsageError, tell
from newsletter.cli.outputs import STDOUT, check_page, write_page
from newsletter.cli.result_source import FoundTelling
from newsletter.drawing import tints_of
from newsletter.face import face_of
from newsletter.language import say
from newsletter.survey_report import (
    answer_rows,
    answers_as_xlsx,
    charts_of,
    codebook_as_csv,
    draw_png,
    render_results,
    results_as_csv,
    rows_as_csv,
    write_markdown,
    write_sav,
)
from newsletter.surveys import asked_in

_MARK = b'<meta name="generator" content="newsletter surveys">'
_HEADS = b"question;row;title"  # of a CSV that this program wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFiles:
    """Which files are asked for."""

    html: Path | None = None
    is_public: bool = False
    markdown: Path | None = None
    csv: Path | None = None
    data: Path | None = None

    @property
    def is_any(self) -> bool:
        """Return whether any is."""
        return bool(self.html or self.markdown or self.csv or self.data)


def check_result_files(settings: Settings, files: ResultFiles) -> None:
    """Raise UsageError, before anything is done, for a file that no result may overwrite."""
    if files.html:
        check_page(settings, files.html, ".html", _MARK)
    if files.csv:
        check_page(settings, files.csv, ".csv", _HEADS)
    for folder in filter(None, (files.markdown, files.data)):
        if not folder.absolute().parent.is_dir():
            parent = str(folder.parent)
            raise UsageError(say("there is no folder {folder}; make it first", folder=parent))


def write_result_files(
    settings: Settings, found: FoundTelling, files: ResultFiles, now: dt.datetime
) -> None:
    """Write what is asked for."""
    language = settings.newsletter.language
    if files.html:
        telling = replace(found.telling, texts={}) if files.is_public else found.telling
        page = render_results(
            telling,
            face_of(settings),
            language=language,
            timezone=settings.zone.key,
            made_at=now,
        )
        _write(files.html, page.encode(), is_private=not files.is_public)
    if files.csv:
        # It holds sums alone, but `check` takes any open table in the folder for a list of people.
        _write(files.csv, results_as_csv(found.telling, language).encode(), is_private=True)
    if files.markdown:
        _write_markdown(settings, found, files.markdown)
    if files.data:
        _write_data(found, files.data, language)


def _write_markdown(settings: Settings, found: FoundTelling, folder: Path) -> None:
    """Write the Markdown and its pictures, named as an issue beside the folder names them."""
    language, results = settings.newsletter.language, found.telling.results
    tints = tints_of(face_of(settings).colours, "light")
    folder.mkdir(exist_ok=True)
    pictures = {}
    for question, chart in charts_of(results, language):
        if chart and chart.pictures:
            name = f"{results.survey}-{question}.png"
            write_page(folder / name, draw_png(chart, tints, language))
            pictures[question] = f"{folder.absolute().name}/{name}"
    file = folder / f"{results.survey}-results.md"
    _write(file, write_markdown(found.telling, language, pictures).encode())


def _write_data(found: FoundTelling, folder: Path, language: str) -> None:
    """Write answers for programs of statistics, each form beside the others, for you alone."""
    survey, answers = found.survey, found.answers
    asked = asked_in(survey)
    folder.mkdir(exist_ok=True)
    stem = folder / survey.id
    table = rows_as_csv(*answer_rows(survey, answers, asked=asked))
    _write(stem.with_name(f"{survey.id}.csv"), table.encode(), is_private=True)
    codes = codebook_as_csv(survey, language)
    _write(stem.with_name(f"{survey.id}-codebook.csv"), codes.encode(), is_private=True)
    book = answers_as_xlsx(survey, answers, language, asked=asked)
    _write(stem.with_name(f"{survey.id}.xlsx"), book, is_private=True)
    file = stem.with_name(f"{survey.id}.sav")
    try:
        write_sav(file, survey, answers, language, asked=asked)
    except ConfigError as err:
        tell(err.words)  # the other files have the same
    else:
        file.chmod(0o600)
        tell(say("Wrote {file}.", file=str(file)))


def _write(file: Path, data: bytes, *, is_private: bool = False) -> None:
    write_page(file, data, is_private=is_private)
    if file != STDOUT:
        tell(say("Wrote {file}.", file=str(file)))
