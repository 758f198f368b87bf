"""What a provider tells of opens and clicks as counts: by its list of them, else by its sums."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from newsletter.consent import Rules
from newsletter.errors import ProviderError, Verdict
from newsletter.feedback import ListAsked, Listed, count_listed, rules_in_force
from newsletter.ledger import Ledger, Send, reports, sends
from newsletter.model import Counts, Figures, ReturnKind, Span, final_at
from newsletter.providers import Provider
from newsletter.stats import counts_of_report, find_told

# Of what the sums say. A list is told apart from them by seconds, and kept for a shorter time: then
# far more is missing.
_WHOLE = 0.95
_OF_CLICKS = ("rules", "clicks", "clickers", "links", "sections")
_MOST = 250_000  # visits of one issue that are read one by one; with more its sums must do


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a provider is asked about, and what it said before."""

    send: Send
    tag: str  # by which it counts
    now: dt.datetime
    is_alone: bool  # no other issue has the tag
    has_few: bool  # an edition went to so few that its readers count in nothing of persons
    before: reports.Reported | None
    rules: Rules

    @property
    def begun_at(self) -> dt.datetime:
        """Return when the send was to begin."""
        return self.send.scheduled_at or self.send.planned_at

    @property
    def since(self) -> dt.date:
        """Return the first day to ask about."""
        return self.begun_at.date()

    @property
    def today(self) -> dt.date:
        """Return the last day to ask about, in UTC."""
        return self.now.astimezone(dt.UTC).date()

    @property
    def known(self) -> Mapping[Span, Counts]:
        """Return what was told before."""
        return self.before.counts if self.before else {}

    @property
    def was_over(self) -> bool:
        """Return whether the window was over by the time of what was told before."""
        early = self.known.get(Span.WINDOW)
        return bool(early and early.as_of and early.as_of >= self.window_ends)

    @property
    def window_ends(self) -> dt.datetime:
        """Return when the window of figures ends."""
        return self.begun_at + dt.timedelta(days=self.send.window_days)

    @property
    def is_in_window(self) -> bool:
        """Return whether all that there is is within the window."""
        return self.now <= self.window_ends

    @property
    def is_soon(self) -> bool:
        """Return whether figures of the window are not final yet."""
        return self.now < final_at(self.begun_at, self.send.window_days)


def ask_about(
    provider: Provider,
    ledger: Ledger,
    send: Send,
    *,
    rules: Rules,
    now: dt.datetime,
) -> Question:
    """Return what to ask a provider about a send."""
    tag = provider.counts_by(send.tag, send.beginning)
    with ledger.read() as connection:
        has_few = bool(find_told(connection, send.id).small)
        is_shared = tag == send.tag and sends.find_tagged(connection, tag, send.issue_id)
        before = reports.newest_report(connection, send.id)
    return Question(
        send=send,
        tag=tag,
        now=now,
        is_alone=not is_shared,
        has_few=has_few,
        before=before,
        rules=rules,
    )


def ask_counts(
    provider: Provider, ledger: Ledger, asked: Question, figures: Figures
) -> tuple[Mapping[Span, Counts], ProviderError | None]:
    """Return what a provider tells of a send, beside its sums, and why its list is not read.

    Where its list holds less than there was, what was counted of it before stays if the window was
    over by then; else its sums tell more. Where it cannot be read now, but may be again, what was
    counted stays in any case, as of then. Raise ProviderError if not even sums are told.
    """
    lists, fault, found = provider.capabilities.lists, None, None
    if lists:
        try:
            found = _list(provider, ledger, asked, figures)
        except ProviderError as err:
            fault = err
    kept = _kept(asked, is_awaited=fault is not None and fault.verdict is not Verdict.REJECT)
    listed = _listed(asked, found, kept)
    if ReturnKind.OPENED not in lists:
        return _with_list(_sums(provider, asked, figures), listed or kept), fault
    return listed or kept or _sums(provider, asked, figures), fault


def _kept(asked: Question, *, is_awaited: bool) -> Mapping[Span, Counts]:
    """Return what was counted of a list before, if it is not to give way to sums.

    Sums beside a list without the readers of a small edition would tell of these: there it stays.
    """
    stays = asked.has_few or asked.was_over or is_awaited
    return asked.known if stays and _is_listed(asked.known) else {}


def _is_listed(known: Mapping[Span, Counts]) -> bool:
    """Return whether counts are of a list: no sums tell how many clicks are people's."""
    return any(one.clicks.human is not None for one in known.values())


def _listed(
    asked: Question, found: Listed | None, kept: Mapping[Span, Counts]
) -> Mapping[Span, Counts]:
    """Return what is counted of a list now; nothing where it may not stand beside what was told."""
    are_sums_told = asked.has_few and asked.known and not kept
    if found is None or are_sums_told or (kept and not found.is_certain):
        return {}
    return {span: replace(one, as_of=asked.now) for span, one in found.counts.items()}


def _list(provider: Provider, ledger: Ledger, asked: Question, figures: Figures) -> Listed | None:
    """Return what a provider lists; None where that is known not to be all that there was."""
    visits = iter(provider.visits(asked.tag, asked.since, asked.today))
    found = count_listed(
        ledger,
        ListAsked(
            send=asked.send.id,
            tags=(asked.tag, asked.send.beginning),
            is_alone=asked.is_alone,
            rules=asked.rules,
            rulebook=rules_in_force(ledger).look(),
            now=asked.now,
        ),
        islice(visits, _MOST),
        begun_at=asked.begun_at,
        window_days=asked.send.window_days,
    )
    is_cut = next(visits, None) is not None
    lists = provider.capabilities.lists
    if is_cut or (asked.is_alone and not _is_whole(lists, found.counts[Span.WHOLE], figures)):
        return None
    return found


def _is_whole(kinds: Collection[ReturnKind], listed: Counts, figures: Figures) -> bool:
    """Return whether a list has what the sums say, of the kinds that are listed at all."""
    both = {
        ReturnKind.OPENED: (listed.opens.total, figures.opens_total),
        ReturnKind.CLICKED: (listed.clicks.total, figures.clicks_total),
    }
    return all((both[kind][0] or 0) >= _WHOLE * (both[kind][1] or 0) for kind in kinds)


def _sums(provider: Provider, asked: Question, figures: Figures) -> Mapping[Span, Counts]:
    """Return sums until now, and of the window, to the day: its own days, if it can tell by these.

    Of who cannot, what it says first when the window is over stands for it, within a day.
    """
    found = {Span.WHOLE: counts_of_report(figures, as_of=asked.now)}
    is_first = not provider.counts_days and not asked.was_over and asked.is_soon
    if asked.is_in_window or is_first:
        found[Span.WINDOW] = counts_of_report(figures, as_of=asked.now, span=Span.WINDOW)
    elif provider.counts_days:
        last = asked.window_ends.astimezone(dt.UTC).date()
        early = provider.figures(asked.tag, asked.since, last)
        found[Span.WINDOW] = counts_of_report(early, as_of=asked.now, span=Span.WINDOW)
        if early == Figures() and not _is_listed(asked.known):  # its days are kept no longer
            found[Span.WINDOW] = asked.known.get(Span.WINDOW)
    else:
        found[Span.WINDOW] = asked.known.get(Span.WINDOW)
    return {span: counts for span, counts in found.items() if counts}


def _with_list(sums: Mapping[Span, Counts], listed: Mapping[Span, Counts]) -> Mapping[Span, Counts]:
    """Return sums of opens with what a list tells of clicks.

    Of a window both are known as far as the one that is older.
    """
    found = dict(sums)
    for span in sums.keys() & listed.keys():
        one, other = sums[span], listed[span]
        heard = [both.as_of for both in (one, other) if both.as_of]
        found[span] = replace(
            one,
            **{name: getattr(other, name) for name in _OF_CLICKS},
            as_of=min(heard) if span is Span.WINDOW else one.as_of,
        )
    return found
