"""`newsletter check`: what is wrong with an issue, with file and line."""

from dataclasses import asdict

import click

from newsletter.cli.common import (
    has_errors,
    json_option,
    say,
    settings_of,
    show_findings,
    write_json,
)
from newsletter.errors import FindingsError
from newsletter.ledgers import existing_ledger
from newsletter.model import Finding, Severity
from newsletter.pipeline import draft_plan


@click.command()
@click.argument("issue_id", metavar="ID")
@json_option
@click.pass_context
def command(ctx: click.Context, issue_id: str, as_json: bool) -> None:  # noqa: FBT001
    """Report what is wrong with an issue.

    Errors forbid sending (exit code 1), warnings ask for a decision, notes are good to know.

    \b
    Example:
      newsletter check 2026-12
    """
    settings = settings_of(ctx)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    counted = 0
    try:
        plan = draft_plan(settings, issue_id, ledger)
        findings, counted = plan.findings, plan.recipients
    except FindingsError as err:
        findings = err.findings
    if as_json:
        write_json([asdict(finding) for finding in findings])
    else:
        show_findings(findings, write=click.echo)
        _summarise(findings, counted)
    ctx.exit(1 if has_errors(findings) else 0)


def _summarise(findings: tuple[Finding, ...], recipients: int) -> None:
    counts = [
        f"{sum(1 for f in findings if f.severity is severity)} {severity}s" for severity in Severity
    ]
    say(", ".join(counts) + ".")
    if not recipients:
        say("Skipped: whether slots are filled for everybody (nobody has been imported yet).")
