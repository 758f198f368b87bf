"""`newsletter stats --html` and `--pdf`: the report as a page, and on paper."""

from pathlib import Path

from newsletter.cli.common import Settings, UsageError, tell
from newsletter.cli.outputs import STDOUT, check_page, write_page
from newsletter.face import face_of
from newsletter.language import say
from newsletter.model import StatsReport
from newsletter.stats_report import render_html, render_pdf

_PAGE_MARK, _PAPER_MARK = b'<meta name="generator" content="newsletter stats">', b"%PDF-"


def check_report_files(settings: Settings, page: Path | None, paper: Path | None) -> None:
    """Raise UsageError, before anything is done, for a file that no report may overwrite."""
    if page == paper == STDOUT:
        raise UsageError(say("--html and --pdf cannot both go to stdout: name a file for one"))
    if page:
        check_page(settings, page, ".html", _PAGE_MARK)
    if paper:
        check_page(settings, paper, ".pdf", _PAPER_MARK)


def write_report_files(
    settings: Settings, report: StatsReport, page: Path | None, paper: Path | None
) -> None:
    """Write the report as a page, on paper, both or neither; - is stdout."""
    if not (page or paper):
        return
    face = face_of(settings)
    made: list[tuple[Path, bytes]] = []  # all of it, before anything is written
    if page:
        made.append((page, render_html(report, face).encode()))
    if paper:
        made.append((paper, render_pdf(report, face)))
    for file, data in made:
        _write(file, data)


def _write(file: Path, data: bytes) -> None:
    write_page(file, data)
    if file != STDOUT:
        tell(say("Wrote {file}.", file=str(file)))
