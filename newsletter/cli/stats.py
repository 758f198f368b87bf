"""`newsletter stats`: what is known of issues that were sent, and how sure it is."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter import pipeline
from newsletter.cli.common import (
    Ruled,
    Rules,
    UsageError,
    as_issue_id,
    gathered,
    json_option,
    settings_of,
    yes_option,
)
from newsletter.cli.figure_screens import Form, write_report
from newsletter.cli.pulled_figures import know
from newsletter.cli.report_files import check_report_files, write_report_files
from newsletter.cli.report_mail import mail_report
from newsletter.cli.rule_update import update_rules
from newsletter.language import say
from newsletter.ledgers import existing_ledger
from newsletter.model import StatsReport

_FORMS = ("--json", "--csv", "--sources")
_RULES = Rules(
    one_of=((*_FORMS, "--html"), (*_FORMS, "--pdf"), (*_FORMS, "--mail")),
    needs_one={"--yes": ("--mail", "--update-rules")},
    only_with={"--update-rules": ("--yes",), "--mail": ("--pull", "--yes")},
)
_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsOptions:
    """What the editor wants to see, besides of which issue."""

    pull: bool
    sources: bool
    as_csv: bool
    as_json: bool
    rules: Path | None
    html: Path | None
    pdf: Path | None
    mail: tuple[str, ...]
    yes: bool

    @property
    def is_report(self) -> bool:
        """Return whether a report is made, in place of figures on the terminal."""
        return bool(self.html or self.pdf or self.mail)

    @property
    def form(self) -> Form:
        """Return in which form figures are shown."""
        asked = {Form.JSON: self.as_json, Form.CSV: self.as_csv, Form.SOURCES: self.sources}
        return next((form for form, is_asked in asked.items() if is_asked), Form.TABLES)


@click.command(cls=Ruled, rules=_RULES)
@click.argument("issue_id", type=as_issue_id, metavar="[ID]", required=False)
@click.option("--pull", is_flag=True, help="Ask the provider first, and keep what it says.")
@click.option("--sources", is_flag=True, help="Show what each source counted.")
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV to stdout.")
@click.option(
    "--update-rules",
    "rules",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take newer rules that tell people from machines, or Apple's list of networks.",
)
@click.option("--html", type=_FILE, metavar="FILE", help="Write the report as one page.")
@click.option("--pdf", type=_FILE, metavar="FILE", help="Write the report for paper.")
@click.option(
    "--mail", multiple=True, metavar="ADDR", help="Mail the report to an address; may be repeated."
)
@yes_option
@json_option
@click.pass_context
@gathered(StatsOptions)
def command(ctx: click.Context, issue_id: str | None, options: StatsOptions) -> None:
    """Show figures per issue, or all that is known of one.

    What is not known is left empty; it is never shown as 0.

    \b
    Example:
      newsletter stats --pull
      newsletter stats 2026-12
      newsletter stats 2026-12 --sources
      newsletter stats --csv > figures.csv
      newsletter stats --html report.html --pdf report.pdf
      newsletter stats 2026-12 --mail board@example.org
    """
    if options.rules:
        update_rules(ctx, options.rules, yes=options.yes)
        return
    settings, now = settings_of(ctx), dt.datetime.now(dt.UTC)
    check_report_files(settings, options.html, options.pdf)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    known = know(settings, ledger, issue_id, now, pull=options.pull) if ledger else None
    report = known.report if known else None
    if issue_id:
        report = pipeline.focus(report, issue_id)
    code = 0
    if options.is_report:
        told = _reported(report, issue_id)
        write_report_files(settings, told, options.html, options.pdf)
        if ledger and options.mail:
            code = mail_report(settings, ledger, told, options.mail, yes=options.yes)
    else:
        write_report(report, options.form, settings.zone, is_one=issue_id is not None)
    if known and known.fault:  # what is known was shown all the same
        code = known.fault.exit_code
    ctx.exit(code)


def _reported(report: StatsReport | None, issue_id: str | None) -> StatsReport:
    """Return a report on issues; raise UsageError if there are none, or if it told of another."""
    if report is None or not report.issues:
        raise UsageError(say("no issue was sent yet, so there is nothing to report"))
    rehearsed = [issue.is_rehearsal for issue in report.issues]
    if issue_id and rehearsed[-1] and not all(rehearsed):
        raise UsageError(
            say(
                "“{issue}” was only rehearsed, and a report is about issues that readers got; "
                "“newsletter stats {issue}” shows its figures",
                issue=issue_id,
            )
        )
    return report
