"""`newsletter check`: what is wrong with an issue, with file and line."""

import datetime as dt
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from newsletter.checking import ALL_RULES, ONLINE_RULES, Report, join_reports
from newsletter.checking.sarif import to_sarif
from newsletter.cli.common import (
    Ruled,
    as_issue_id,
    has_errors,
    json_option,
    plural,
    settings_of,
    show_findings,
    tell,
    write_json,
)
from newsletter.cli.outputs import STDOUT, check_report, written
from newsletter.errors import FindingsError, UsageError
from newsletter.model import Severity
from newsletter.press import Manuscript, read_manuscript
from newsletter.reviewing import UNREADABLE, report_unreadable, review_unlisted, skip_rules
from newsletter.settings import Settings
from newsletter.settings.exposure import exposed_files, restrict_command


@click.command(cls=Ruled)
@click.argument("issues", type=as_issue_id, metavar="ID...", nargs=-1, required=True)
@click.option("--online", is_flag=True, help="Also ask the DNS, and follow the links.")
@json_option
@click.option(
    "--sarif",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write SARIF 2.1.0 for code hosts to FILE; - is stdout.",
)
@click.option("--verbose", "-v", is_flag=True, help="Also list what was skipped and what passed.")
@click.pass_context
def command(
    ctx: click.Context,
    issues: tuple[str, ...],
    *,
    online: bool,
    as_json: bool,
    sarif: Path | None,
    verbose: bool,
) -> None:
    """Report what is wrong with an issue.

    Errors forbid sending (exit code 1), warnings ask for a decision, notes are good to know.
    Issues are named by their ids or their files, one or several.

    \b
    Example:
      newsletter check 2026-12
      newsletter check 2026-12 --online
      newsletter check issues/*.md --sarif check.sarif
    """
    if as_json and sarif == STDOUT:
        raise UsageError("--json and “--sarif -” both write to stdout; choose one")
    settings = settings_of(ctx)
    if sarif:
        check_report(settings, sarif)
    judge = _judge_of(settings, ctx)
    ask = _asker(settings) if online else _ask_nobody
    reports = {}
    for issue_id in dict.fromkeys(issues):
        report = reports[issue_id] = _report(settings, issue_id, judge, ask)
        if not as_json and sarif != STDOUT:
            _show(issue_id, report, is_one_of_many=len(issues) > 1, verbose=verbose)
    if as_json:
        write_json([describe_report(issue_id, r) for issue_id, r in reports.items()])
    if sarif:
        _write_sarif(sarif, join_reports(reports.values()))
    for path in exposed_files(settings):
        tell(f"Others on this machine have rights to {path}; close it: {restrict_command(path)}")
    ctx.exit(1 if any(has_errors(report.findings) for report in reports.values()) else 0)


def describe_report(issue_id: str, report: Report) -> dict[str, Any]:
    """Return a report as JSON data."""
    return {
        "issue": issue_id,
        "findings": [asdict(finding) for finding in report.findings],
        "skipped": [asdict(skipped) for skipped in report.skipped],
        "silenced": [{**asdict(s.finding), "reason": s.reason} for s in report.silenced],
        "passed": list(report.passed),
    }


def _write_sarif(file: Path, report: Report) -> None:
    log = to_sarif(report, ALL_RULES, version("newsletter"))
    with written(file) as out:
        out.write(json.dumps(log, ensure_ascii=False, indent=2) + "\n")


# --- checking -----------------------------------------------------------------------------

Ask = Callable[[Manuscript], Report]


def _judge_of(settings: Settings, ctx: click.Context) -> Ask:
    """Return what checks an issue: for those on the list, if there is one."""
    now = dt.datetime.now(dt.UTC)
    if not settings.has_database:
        return lambda manuscript: review_unlisted(settings, manuscript, now=now)
    # Database modules take a quarter of the command, and nobody has a list at first.
    from newsletter.ledgers import ledger_of  # noqa: PLC0415 - see above
    from newsletter.plans import Addressees, draft_plan  # noqa: PLC0415 - see above

    ledger, anybody = ledger_of(settings), Addressees(are_kept=False)
    ctx.call_on_close(ledger.close)
    return lambda manuscript: draft_plan(settings, manuscript, ledger, anybody, now=now).report


def _asker(settings: Settings) -> Ask:
    """Return the function that asks the network about an issue."""
    # Modules for DNS and TLS take a twentieth of the command, and few runs need them.
    from newsletter.checking.online.inquiry import ProgressCallbacks  # noqa: PLC0415 - see above
    from newsletter.lookout import look_online, open_lookout  # noqa: PLC0415 - see above

    callbacks = ProgressCallbacks(
        links=_show_links, no_more_links=_clear_progress, domain=_show_domain
    )
    lookout = open_lookout(settings, callbacks, now=dt.datetime.now(dt.UTC))
    return partial(look_online, settings, lookout)


def _show_links(done: int, count: int) -> None:
    if sys.stderr.isatty():
        tell(f"\rFollowing links: {done} of {count} ", nl=False)
    elif not done:
        tell(f"Following {count} links ...")


def _clear_progress() -> None:
    if sys.stderr.isatty():
        tell("\r\x1b[K", nl=False)  # clears the line


def _show_domain(domain: str) -> None:
    tell(f"Asking the DNS about {domain} ...")


def _ask_nobody(_: Manuscript) -> Report:
    return skip_rules(ONLINE_RULES, "only with --online")


def _report(settings: Settings, issue_id: str, judge: Ask, ask: Ask) -> Report:
    try:
        manuscript = read_manuscript(settings, issue_id)
        report = judge(manuscript)
    except FindingsError as err:
        unread = skip_rules(ONLINE_RULES, UNREADABLE)
        return join_reports([report_unreadable(settings, err.findings), unread])
    return join_reports([report, ask(manuscript)])


# --- what is shown ------------------------------------------------------------------------


def _show(issue_id: str, report: Report, *, is_one_of_many: bool, verbose: bool) -> None:
    show_findings(report.findings, write=click.echo)
    for silenced in report.silenced:
        tell(f"{silenced.finding.path}: silenced [{silenced.finding.id}]: {silenced.reason}")
    if verbose:
        for skipped in report.skipped:
            tell(f"skipped [{skipped.id}]: {skipped.reason}")
        tell("passed: " + ", ".join(report.passed))
    counts = ", ".join(plural(report.count(severity), severity.value) for severity in Severity)
    name = f"{issue_id}: " if is_one_of_many else ""
    tell(f"{name}{counts}; {len(report.passed)} passed, {len(report.skipped)} skipped.")
    if report.skipped and not verbose:
        reasons = dict.fromkeys(skipped.reason for skipped in report.skipped)
        tell("Skipped: " + "; ".join(reasons) + ".")
