"""From the provider to figures: what happened to the mail of an issue, and who is gone."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from newsletter.errors import UsageError
from newsletter.gateway import open_provider, provider_class
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, Send, hits, reports, sends
from newsletter.mailing.departures import pull_departures
from newsletter.model import Counting, Figures, HitKind, State, Visitor
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about an issue that was sent or rehearsed."""

    send: Send
    figures: Figures
    as_of: dt.datetime | None  # when the provider reported them; None if it was not asked yet


def pull_figures(
    settings: Settings, ledger: Ledger, issue_ids: Iterable[str], now: dt.datetime
) -> list[Wording]:
    """Ask the provider about each sent issue and store the answer; return what is worth reporting.

    Departures come first, so no failing figure keeps anybody on the list.
    """
    wanted = set(issue_ids)
    with ledger.read() as connection:
        asked = [s for s in sends.list_sends(connection) if not wanted or s.issue_id in wanted]
    told = [pull_departures(settings, ledger, send, now) for send in asked]
    silent = [line for line in told if line]
    for send in asked:
        if not _keeps_figures(settings, send):
            silent.append(
                say(
                    "{issue}: {provider} keeps no figures",
                    issue=send.issue_id,
                    provider=send.provider,
                )
            )
            continue
        said = _ask(settings, send, now)
        if settings.tracking.counting is not Counting.PROVIDER:
            said = _unmeasured(said)
        with ledger.write() as connection:
            reports.add_report(
                connection,
                send.id,
                provider=send.provider,
                as_of=now,
                figures=said,
            )
    return silent


def _unmeasured(said: Figures) -> Figures:
    """Return figures without opens and clicks: nobody's are to be known from the provider."""
    return replace(
        said,
        opens_total=None,
        opens_unique=None,
        opens_human=None,
        opens_unknown=None,
        opens_machine=None,
        clicks_total=None,
        clicks_unique=None,
    )


def count_hard_bounces(settings: Settings, send: Send, now: dt.datetime) -> int:
    """Return how many recipients of a send have bounced for good so far, as its provider reports.

    Raise UsageError if the provider does not report it.
    """
    if not _keeps_figures(settings, send):
        raise UsageError(
            say(
                "--max-bounce: {provider} lists no bounces; look at your mailbox for them, then "
                "“newsletter send {issue}” goes on",
                provider=send.provider,
                issue=send.issue_id,
            )
        )
    return _ask(settings, send, now).bounced_hard or 0


def list_known(ledger: Ledger) -> list[Known]:
    """Return what is known about each sent or rehearsed issue, oldest first."""
    found = []
    with ledger.read() as connection:
        for send in sends.list_attempts(connection):
            counts = sends.count_states(connection, send.id)
            report = reports.newest_report(connection, send.id)
            as_of, figures = report if report else (None, Figures())
            figures = replace(figures, sent=counts.get(State.ACCEPTED, 0))
            if send.counting.is_ours:
                figures = _with_hits(figures, hits.count_hits(connection, send.id))
            found.append(Known(send=send, figures=figures, as_of=as_of))
    return found


def _with_hits(figures: Figures, seen: Mapping[tuple[HitKind, Visitor], int]) -> Figures:
    """Return figures with what the public service counted: times, as it is not known of whom."""
    opens = {visitor: seen.get((HitKind.OPENED, visitor), 0) for visitor in Visitor}
    return replace(
        figures,
        opens_total=sum(opens.values()),
        opens_human=opens[Visitor.HUMAN],
        opens_unknown=opens[Visitor.UNKNOWN],
        opens_machine=opens[Visitor.MACHINE],
        clicks_total=sum(seen.get((HitKind.CLICKED, visitor), 0) for visitor in Visitor),
    )


def _keeps_figures(settings: Settings, send: Send) -> bool:
    return provider_class(settings, send.provider).capabilities.statistics


def _ask(settings: Settings, send: Send, now: dt.datetime) -> Figures:
    since = send.planned_at.date()
    with open_provider(settings, send.provider) as provider:
        tag = provider.counts_by(send.tag, send.beginning)
        return provider.figures(tag, since, now.astimezone(dt.UTC).date())
