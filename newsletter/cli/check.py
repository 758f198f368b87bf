"""`newsletter check`: what is wrong with an issue, with file and line."""

import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from newsletter.checking import ALL_RULES, ONLINE_RULES, Report, join_reports, to_sarif
from newsletter.cli.common import (
    Ruled,
    as_issue_id,
    has_errors,
    in_words,
    json_option,
    settings_of,
    tell,
    write_json,
)
from newsletter.cli.findings import count_findings, show_new, tell_silenced
from newsletter.cli.outputs import STDOUT, check_report, written
from newsletter.errors import ConfigError, FindingsError, UsageError
from newsletter.language import say, say_list, say_many
from newsletter.model import Finding
from newsletter.press import Manuscript, read_manuscript
from newsletter.reviewing import (
    UNREADABLE,
    report_unreadable,
    report_unusable,
    review_unlisted,
    skip_rules,
)
from newsletter.settings import FILE, Settings, exposed_files, restrict_command


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
        raise UsageError(say("--json and “--sarif -” both write to stdout; choose one"))
    reports, codes = dict[str, Report](), {0}
    told: set[Finding] = set()  # what several issues share, such as a template's, is told once
    with _settings_told(issues, sarif, as_json=as_json):
        settings = settings_of(ctx)
        if sarif:
            check_report(settings, sarif)
        for issue_id, report, code in _reports(settings, ctx, issues, online=online):
            reports[issue_id] = report
            codes.add(code)
            if not as_json and sarif != STDOUT:
                show_new(report.findings, told, err=False, verbose=verbose)
                _tell_sum(issue_id if len(issues) > 1 else "", report, verbose=verbose)
    if as_json:
        write_json([describe_report(issue_id, r) for issue_id, r in reports.items()])
    if sarif:
        _write_sarif(sarif, join_reports(reports.values()))
    _tell_exposed(settings)
    ctx.exit(max(codes))


def describe_report(issue_id: str, report: Report) -> dict[str, Any]:
    """Return a report as JSON data."""
    return {
        "issue": issue_id,
        "findings": [finding.as_data() for finding in report.findings],
        "skipped": [asdict(skipped) for skipped in report.skipped],
        "silenced": [{**s.finding.as_data(), "reason": s.reason} for s in report.silenced],
        "passed": list(report.passed),
    }


def _write_sarif(file: Path, report: Report) -> None:
    log = to_sarif(report, ALL_RULES, version("newsletter"))
    with written(file) as out:
        out.write(json.dumps(log, ensure_ascii=False, indent=2) + "\n")


_REASONS = 3  # reasons for skipping that are told at most
_LONGEST = 60  # signs of each

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
    from newsletter.checking.online import ProgressCallbacks  # noqa: PLC0415 - see above
    from newsletter.lookout import look_online, open_lookout  # noqa: PLC0415 - see above

    callbacks = ProgressCallbacks(
        links=_show_links, no_more_links=_clear_progress, domain=_show_domain
    )
    lookout = open_lookout(settings, callbacks, now=dt.datetime.now(dt.UTC))
    return partial(look_online, settings, lookout)


def _show_links(done: int, count: int) -> None:
    if sys.stderr.isatty():
        told = say("Following links: {done} of {count}", done=done, count=count)
        click.echo(f"\r{in_words(told)} ", nl=False, err=True)
    elif not done:
        tell(say_many("Following {n} link ...", "Following {n} links ...", n=count))


def _clear_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)  # clears the line


def _show_domain(domain: str) -> None:
    tell(say("Asking the DNS about {domain} ...", domain=domain))


def _ask_nobody(_: Manuscript) -> Report:
    return skip_rules(ONLINE_RULES, say("only with --online"))


@contextmanager
def _settings_told(issues: Sequence[str], sarif: Path | None, *, as_json: bool) -> Iterator[None]:
    """Report what is wrong with the settings to machines, too, before it is told."""
    try:
        yield
    except ConfigError as err:
        report = report_unusable(err.findings)
        if as_json and err.findings:
            write_json([describe_report(issue_id, report) for issue_id in dict.fromkeys(issues)])
        if sarif and err.findings:
            _write_sarif(sarif, report)
        raise


def _reports(
    settings: Settings, ctx: click.Context, issues: Sequence[str], *, online: bool
) -> Iterator[tuple[str, Report, int]]:
    """Yield each issue with its report, and the exit code for it."""
    judge = _judge_of(settings, ctx)
    ask = _asker(settings) if online else _ask_nobody
    for issue_id in dict.fromkeys(issues):
        yield issue_id, *_report(settings, issue_id, judge, ask)


def _report(settings: Settings, issue_id: str, judge: Ask, ask: Ask) -> tuple[Report, int]:
    """Return the report about an issue, and the exit code for it."""
    try:
        manuscript = read_manuscript(settings, issue_id)
        report = join_reports([judge(manuscript), ask(manuscript)])
    except FindingsError as err:
        unread = skip_rules(ONLINE_RULES, UNREADABLE)
        report = join_reports([report_unreadable(settings, err.findings), unread])
    except ConfigError as err:
        if not err.findings or any(finding.path == FILE for finding in err.findings):
            raise  # the settings, which concern all issues
        return report_unusable(err.findings), err.exit_code
    return report, int(has_errors(report.findings))


# --- what is shown ------------------------------------------------------------------------


def _tell_sum(name: str, report: Report, *, verbose: bool) -> None:
    """Tell how much was found, passed and skipped, below the findings."""
    tell_silenced(report.silenced, verbose=verbose)
    if verbose:
        for skipped in report.skipped:
            tell(say("skipped [{id}]: {reason}", id=skipped.id, reason=skipped.reason))
        tell(say("passed: {rules}", rules=", ".join(report.passed)))
    found = count_findings(report.findings) or say("nothing found")
    parts = [found, say_many("{n} rule passed", "{n} rules passed", n=len(report.passed))]
    if report.skipped:
        reasons = Counter(skipped.reason for skipped in report.skipped)
        why = say_list(_short(reason) for reason, _ in reasons.most_common(_REASONS))
        parts.append(say("{n} skipped ({why})", n=len(report.skipped), why=why))
    told = say("{found}.", found=say_list(parts, "; "))
    tell(say("{issue}: {told}", issue=name, told=told) if name else told)


def _tell_exposed(settings: Settings) -> None:
    for path in exposed_files(settings):
        tell(
            say(
                "Others on this machine have rights to {path}; close it: {command}",
                path=str(path),
                command=restrict_command(path),
            )
        )


def _short(reason: str) -> str:
    """Return a reason if it is short; else its beginning, as some name many addresses."""
    return reason if len(reason) <= _LONGEST else in_words(reason)[:_LONGEST].rstrip() + "…"
