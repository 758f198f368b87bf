"""Asks the providers about issues that were sent: what happened to the mail, and who is gone."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newsletter.errors import ConfigError, NewsletterError, ProviderError, UsageError, Verdict
from newsletter.feedback import rules_of
from newsletter.gateway import has_key_for, open_provider, provider_class
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, Send, reports, sends
from newsletter.mailing.departures import pull_departures
from newsletter.mailing.visits_told import ask_about, ask_counts
from newsletter.model import Counting, Figures
from newsletter.settings import Settings

_CHANGES = dt.timedelta(days=60)  # after which an issue's figures are asked for only by its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What came of asking the providers."""

    told: Sequence[Wording]  # what is worth reporting
    # Of the first that did not answer as it should; else of the first that did so in part.
    fault: NewsletterError | None


class _PartlyToldError(NewsletterError):
    """A provider tells sums, which are kept, but its list of opens and clicks cannot be read."""


def pull_figures(
    settings: Settings, ledger: Ledger, issue_ids: Iterable[str], now: dt.datetime
) -> Pulled:
    """Ask the providers about issues that were sent, all without an id, and keep what they say.

    Who is gone comes first, so no failing figure keeps anybody on the list; and a provider that
    fails keeps no other from being asked.
    """
    told: list[Wording] = []
    fault: ProviderError | ConfigError | None = None
    part: _PartlyToldError | None = None
    silent: set[str] = set()  # providers that can be asked nothing now
    for send in _asked_about(ledger, set(issue_ids)):
        if send.provider in silent:
            continue
        if not has_key_for(settings, send.provider):
            silent.add(send.provider)
            told.append(
                say(
                    "{issue}: {provider} is not asked, as [provider] names another",
                    issue=send.issue_id,
                    provider=send.provider,
                )
            )
            continue
        if line := pull_departures(settings, ledger, send, now):
            told.append(line)
        try:
            if line := _pull(settings, ledger, send, now):
                told.append(line)
        except (ProviderError, ConfigError) as err:
            fault = fault or err
            told.append(say("{issue}: no figures: {reason}", issue=send.issue_id, reason=err.words))
            if _is_of_all(err):
                silent.add(send.provider)
        except _PartlyToldError as err:
            part = part or err
            told.append(err.words)
    return Pulled(told=told, fault=fault or part)


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
    with open_provider(settings, send.provider) as provider:
        tag, since = provider.counts_by(send.tag, send.beginning), send.planned_at.date()
        return provider.figures(tag, since, now.astimezone(dt.UTC).date()).bounced_hard or 0


def _asked_about(ledger: Ledger, wanted: set[str]) -> Sequence[Send]:
    """Return the sends to ask about, newest first; one that was told of at last is left alone."""
    with ledger.read() as connection:
        sent = sends.list_sends(connection)[::-1]
        if wanted:
            return [send for send in sent if send.issue_id in wanted]
        heard = reports.newest_times(connection)
    return [s for s in sent if s.id not in heard or heard[s.id] < s.planned_at + _CHANGES]


def _pull(settings: Settings, ledger: Ledger, send: Send, now: dt.datetime) -> Wording | None:
    """Ask about one send, and keep the answer; return what is worth reporting.

    Raise an error, too, if its list cannot be read now, unless that is so for good.
    """
    if not _keeps_figures(settings, send):
        return say(
            "{issue}: {provider} keeps no figures", issue=send.issue_id, provider=send.provider
        )
    fault = None
    with open_provider(settings, send.provider) as provider:
        asked = ask_about(
            provider,
            ledger,
            send,
            rules=rules_of(settings),
            now=now,
        )
        before = asked.before
        figures = provider.figures(asked.tag, asked.since, asked.today)
        if figures == Figures():  # as yet; what it told before stays
            return say(
                "{issue}: {provider} tells nothing of it",
                issue=send.issue_id,
                provider=send.provider,
            )
        counts = before.counts if before else {}
        if _is_measured(settings, send):
            counts, fault = ask_counts(provider, ledger, asked, figures)
        else:
            figures = _unmeasured(figures, before.figures if before else Figures())
    report = reports.Reported(provider=send.provider, as_of=now, figures=figures, counts=counts)
    with ledger.write() as connection:
        reports.add_report(connection, send.id, report)
    if fault is None:
        return None
    line = say(
        "{issue}: the list of opens and clicks: {reason}",
        issue=send.issue_id,
        reason=fault.words,
    )
    if fault.verdict is Verdict.REJECT:
        return line
    raise _PartlyToldError(line)


def _is_measured(settings: Settings, send: Send) -> bool:
    """Return whether opens and clicks of a send may be known from the provider.

    Those of a send that it counted, whatever the settings say by now unless that nobody counts.
    """
    counting = settings.tracking.counting
    if send.counting is Counting.PROVIDER:
        return counting is not Counting.OFF
    return counting is Counting.PROVIDER and not send.counting.is_ours


def _unmeasured(said: Figures, before: Figures) -> Figures:
    """Return figures whose opens and clicks are as before: nobody's are to be known any more."""
    visits = (name for name in Figures.__dataclass_fields__ if name.startswith(_VISITS))
    return replace(said, **{name: getattr(before, name) for name in visits})


_VISITS = ("opens_", "clicks_")


def _is_of_all(err: ProviderError | ConfigError) -> bool:
    """Return whether a provider would answer to no other question, either."""
    if isinstance(err, ConfigError):
        return True
    return err.status in (401, 429) or isinstance(err.__cause__, OSError)  # not reached


def _keeps_figures(settings: Settings, send: Send) -> bool:
    return provider_class(settings, send.provider).capabilities.statistics
