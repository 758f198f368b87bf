"""`newsletter stats`: figures per issue, and their trend."""

import datetime as dt
from functools import partial
from pathlib import Path

import click
from rich.table import Table

from newsletter import mailing, pipeline
from newsletter.cli.common import (
    Ruled,
    Rules,
    UsageError,
    as_issue_id,
    in_words,
    json_option,
    settings_of,
    tell,
    write_json,
)
from newsletter.cli.issue_tables import SUBJECT, print_table, shortened
from newsletter.cli.outputs import STDOUT, written
from newsletter.cli.rule_update import update_rules
from newsletter.language import say
from newsletter.ledger import Ledger
from newsletter.ledgers import existing_ledger
from newsletter.stats import IssueFigures, OpenRate, as_csv, as_json, open_rate, trend

_COUNTED = (say("Sent"), say("Deliv."), say("Bounced"))  # headings of plain counts


@click.command(
    cls=Ruled, rules=Rules(one_of=(("--csv", "--json"),), only_with={"--update-rules": ()})
)
@click.argument("issue_id", type=as_issue_id, metavar="[ID]", required=False)
@click.option("--pull", is_flag=True, help="Ask the provider first, and keep what it says.")
@click.option("--csv", "csv_", is_flag=True, help="Write CSV to stdout.")
@click.option(
    "--update-rules",
    "rules",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take newer rules that tell people from machines, or Apple's list of networks.",
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    issue_id: str | None,
    *,
    pull: bool,
    csv_: bool,
    rules: Path | None,
    as_json: bool,
) -> None:
    """Show figures per issue.

    What is not known is left empty; it is never shown as 0.

    \b
    Example:
      newsletter stats --pull
      newsletter stats --csv > figures.csv
    """
    if rules:
        update_rules(ctx, rules)
        return
    settings = settings_of(ctx)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    fault = None
    if ledger and pull:
        wanted = [issue_id] if issue_id else []
        pulled = pipeline.measure(settings, ledger, wanted, now=dt.datetime.now(dt.UTC))
        for line in pulled.told:
            tell(line)
        fault = pulled.fault
    rows = _rows(ledger, issue_id) if ledger else []
    if issue_id and not rows:
        raise UsageError(
            say("“{issue}” was not sent, so there are no figures of it", issue=issue_id)
        )
    _write(rows, csv_=csv_, json_=as_json)
    if fault:  # what is known was shown all the same
        ctx.exit(fault.exit_code)


def _rows(ledger: Ledger, issue_id: str | None) -> list[IssueFigures]:
    return [
        IssueFigures(
            issue=known.send.issue_id,
            date=known.send.issue_date,
            subject=known.send.subject,
            figures=known.figures,
            as_of=known.as_of,
            is_counted=known.send.counting.is_ours,
            is_rehearsal=known.send.is_rehearsal,
        )
        for known in mailing.list_known(ledger)
        if issue_id in (None, known.send.issue_id)
    ]


def _write(rows: list[IssueFigures], *, csv_: bool, json_: bool) -> None:
    if json_:
        write_json(as_json(rows))
    elif csv_:
        with written(STDOUT) as out:
            out.write(as_csv(rows))
    elif rows:
        print_table(partial(_table, rows))
        if any(open_rate(row.figures).high is not None for row in rows):
            tell(
                say("Opened: at most so many; opens by machines are among them. In brackets 95 %.")
            )
    else:
        tell(say("No issue was sent yet."))


def _table(rows: list[IssueFigures], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(in_words(say("Issue")), no_wrap=True)
    table.add_column(in_words(SUBJECT), no_wrap=True)
    for name in (*_COUNTED, say("Opened"), "", say("Clicks"), say("Left")):
        table.add_column(in_words(name), justify="right", no_wrap=True)
    rates = [open_rate(row.figures) for row in rows]
    bars = trend([rate.high for rate in rates])
    for row, rate, bar in zip(rows, rates, bars, strict=True):
        f = row.figures
        table.add_row(
            in_words(say("{issue} (rehearsal)", issue=row.issue))
            if row.is_rehearsal
            else row.issue,
            shortened(row.subject, width),
            _count(f.sent),
            _count(f.delivered),
            _count(_sum(f.bounced_hard, f.bounced_soft)),
            _range(rate),
            bar,
            _count(f.clicks_unique),
            _count(f.unsubscribed),
        )
    return table


def _count(value: int | None) -> str:
    return "" if value is None else in_words(say("{count:,}", count=value))


def _sum(*values: int | None) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _range(rate: OpenRate) -> str:
    if rate.high is None or rate.interval is None:
        return ""
    first, last = rate.interval
    if rate.low is None:
        told = say("≤ {high:.0%} [{first:.0%}–{last:.0%}]", high=rate.high, first=first, last=last)
    else:
        told = say(
            "{low:.0%}–{high:.0%} [{first:.0%}–{last:.0%}]",
            low=rate.low,
            high=rate.high,
            first=first,
            last=last,
        )
    return in_words(told)
