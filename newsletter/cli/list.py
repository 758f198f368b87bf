"""`newsletter list`: the year at a glance, from files and ledger alone."""

import datetime as dt
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial

import click
from rich.table import Table

from newsletter.cli.common import (
    Ruled,
    Settings,
    in_words,
    json_option,
    settings_of,
    tell,
    write_json,
)
from newsletter.cli.issue_days import date_of, today
from newsletter.cli.issue_tables import SUBJECT, print_table, shortened
from newsletter.content import list_heads
from newsletter.language import say
from newsletter.ledger import Send, count_states, list_attempts
from newsletter.ledgers import existing_ledger
from newsletter.model import Head, IssueState, SendState, State

# Deliveries that were abandoned in the end do not count as recipients.
_NO_RECIPIENTS = (State.SKIPPED, State.ABANDONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """An issue according to files and ledger."""

    issue: str  # its id
    number: int | None
    date: dt.date | None  # None if neither its file nor its id says
    languages: tuple[str, ...]  # empty if the file is gone
    subject: str
    state: IssueState | SendState
    recipients: int | None  # None for a draft
    accepted: int | None  # those the provider accepted


@click.command(cls=Ruled)
@click.option("--year", type=click.IntRange(1900, 9999), metavar="YEAR", help="Of this year.")
@json_option
@click.pass_context
def command(ctx: click.Context, year: int | None, *, as_json: bool) -> None:
    """List a year's issues, and the months without one.

    Without --year it is this year, or the newest that has an issue.

    \b
    Example:
      newsletter list
      newsletter list --year 2026 --json
    """
    settings = settings_of(ctx)
    now = today(settings)
    rows = _rows(settings)
    years = {row.date.year for row in rows if row.date}
    year = year or (now.year if now.year in years or not years else max(years))
    # An issue without a date is shown in every year, so that it is not lost from sight.
    shown = [row for row in rows if row.date is None or row.date.year == year]
    gaps = _gaps({row.date for row in rows if row.date}, year, now)
    if as_json:
        issues = [{**asdict(r), "date": r.date.isoformat() if r.date else None} for r in shown]
        write_json({"year": year, "issues": issues, "gaps": gaps})
    else:
        _show(year, shown, gaps)
        for later in sorted(other for other in years if other > year):
            tell(say("Issues of {year}: newsletter list --year {year}", year=later))


def _rows(settings: Settings) -> list[_Row]:
    language = settings.newsletter.language
    heads: dict[str, list[Head]] = {}
    for head in list_heads(settings.root, language=language):
        heads.setdefault(head.id, []).append(head)
    sent = _sent(settings)
    rows = [
        _row(issue_id, heads.get(issue_id, []), sent.get(issue_id), language)
        for issue_id in {**heads, **sent}
    ]
    return sorted(rows, key=lambda row: (row.date or dt.date.max, row.issue))


def _sent(settings: Settings) -> dict[str, tuple[Send, dict[State, int]]]:
    ledger = existing_ledger(settings)
    if ledger is None:
        return {}
    with closing(ledger), ledger.read() as connection:
        return {
            send.issue_id: (send, count_states(connection, send.id))
            for send in list_attempts(connection)
        }


def _row(
    issue_id: str, heads: list[Head], sent: tuple[Send, dict[State, int]] | None, language: str
) -> _Row:
    """Join what files and ledger say; for an issue that was sent, the ledger decides."""
    lead = next((h for h in heads if h.language == language), heads[0] if heads else None)
    date, subject = (lead.date, lead.subject) if lead else (None, "")
    counts: dict[State, int] = {}
    if sent:
        send, counts = sent
        date, subject = send.issue_date, send.subject
    return _Row(
        issue=issue_id,
        number=lead.number if lead else None,
        date=date or date_of(issue_id),
        languages=tuple(head.language for head in heads),
        subject=subject,
        state=_state(sent[0] if sent else None),
        recipients=sum(n for s, n in counts.items() if s not in _NO_RECIPIENTS) if sent else None,
        accepted=counts.get(State.ACCEPTED, 0) if sent else None,
    )


def _state(send: Send | None) -> IssueState | SendState:
    is_done = send is not None and send.state is SendState.DONE
    if send is None or send.is_rehearsal:
        return IssueState.REHEARSED if is_done else IssueState.DRAFT
    return IssueState.SENT if is_done else send.state


def _gaps(dates: Iterable[dt.date], year: int, now: dt.date) -> list[str]:
    """Return the months of a year without an issue, from the first issue ever until today."""
    months = {f"{date:%Y-%m}" for date in dates}
    if not months:
        return []
    last = max(f"{now:%Y-%m}", *months)
    asked = (f"{year}-{month:02}" for month in range(1, 13))
    return [month for month in asked if min(months) <= month <= last and month not in months]


# --- what is shown ------------------------------------------------------------------------


def _show(year: int, rows: list[_Row], gaps: list[str]) -> None:
    if rows:
        print_table(partial(_table, rows))
    else:
        tell(say("There is no issue of {year}.", year=year))
    if gaps:
        tell(say("No issue in: {months}", months=", ".join(gaps)))


def _table(rows: list[_Row], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(in_words(say("No.")), justify="right", no_wrap=True)
    for name in (say("Issue"), say("Date"), say("Languages"), SUBJECT, say("State")):
        table.add_column(in_words(name), no_wrap=True)
    table.add_column(in_words(say("Recipients")), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            "" if row.number is None else str(row.number),
            row.issue,
            in_words(say("{day:%Y-%m-%d}", day=row.date)) if row.date else "?",
            " ".join(row.languages) or in_words(say("file is gone")),
            shortened(row.subject, width),
            in_words(row.state.words),
            _recipients(row),
        )
    return table


def _recipients(row: _Row) -> str:
    if row.recipients is None:
        return ""
    if row.accepted is None or row.accepted == row.recipients:
        return in_words(say("{count:,}", count=row.recipients))
    some, all_ = row.accepted, row.recipients
    return in_words(say("{some:,} of {all:,}", some=some, all=all_))
