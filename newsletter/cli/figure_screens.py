"""What `newsletter stats` writes: tables and what may be said of them, or JSON and CSV."""

from collections.abc import Sequence
from enum import Enum
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from newsletter.cli.common import show, tell, write_json
from newsletter.cli.figure_page import print_issue
from newsletter.cli.figure_table import (
    explain_issues,
    print_best_read,
    print_growth,
    print_issues,
    print_sources,
)
from newsletter.cli.outputs import STDOUT, written
from newsletter.language import Wording, say
from newsletter.model.figures import IssueFigures, StatsReport
from newsletter.stats import as_csv, as_json


class Form(Enum):
    """In which form figures are written to stdout."""

    TABLES = "tables"  # for people
    SOURCES = "sources"  # of what each source counted, for people
    JSON = "json"  # for programs
    CSV = "csv"  # for programs, and for spreadsheets


def write_report(report: StatsReport | None, form: Form, zone: ZoneInfo, *, is_one: bool) -> None:
    """Write figures of all issues of a report to stdout, or of its newest alone."""
    issues = report.issues if report else ()
    shown = issues[-1:] if is_one else issues
    if form is Form.JSON:
        write_json(as_json(shown))
    elif form is Form.CSV:
        with written(STDOUT) as out:
            out.write(as_csv(shown))
    elif not report or not shown:
        tell(say("No issue was sent yet."))
    elif form is Form.SOURCES:
        _show_sources(shown, zone)
    elif is_one:
        print_issue(Console(), shown[-1], zone)
        _say(report.statements)
    else:
        _show_issues(report)


def _show_issues(report: StatsReport) -> None:
    """Show a line an issue, what may be said of them, and how the list grew."""
    console = Console()
    print_issues(console, report.issues)
    explain_issues(report.issues)
    _say(report.statements)
    if report.best_read:
        _begin(say("Sections that come back"))
        print_best_read(console, report.best_read)
    if report.growth:
        _begin(say("The list"))
        print_growth(console, report.growth)


def _show_sources(issues: Sequence[IssueFigures], zone: ZoneInfo) -> None:
    """Show what each source counted, one below the other."""
    print_sources(Console(), issues, zone)
    tell(say("✓ is what is shown and compared; two sources are never added up."))


def _say(statements: Sequence[Wording]) -> None:
    if statements:
        click.echo()
    for statement in statements:
        show(statement)


def _begin(heading: Wording) -> None:
    click.echo()
    show(heading)
