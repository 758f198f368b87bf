"""A frozen issue and the list -> a plan of who joined since and would get it, too."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsletter.errors import FindingsError, UsageError
from newsletter.language import say
from newsletter.ledger import (
    Choice,
    Ledger,
    Readers,
    Send,
    count_open,
    count_readers,
    list_readers,
    planning,
    sends,
)
from newsletter.model import Edition, Finding, SendState, Severity, Variant, number_links
from newsletter.press import (
    NO_SECRET,
    Manuscript,
    list_id_of,
    read_manuscript,
    render_manuscript,
)
from newsletter.reviewing import review
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePlan:
    """Who would get an issue that was sent before they joined."""

    send: Send
    counts: Mapping[Variant, int]  # readers of each edition
    editions: Mapping[Variant, Edition]
    readers: Readers  # those who were counted
    without: Mapping[Variant, int]  # their edition was not frozen and cannot be made any more
    faulty: frozenset[Variant]  # among these, have one that could be made but has errors
    faults: tuple[Finding, ...]  # those errors
    languages: frozenset[str]  # those of which an edition was frozen
    left_out: Mapping[str, int]  # reason -> people who joined since and do not get it
    strangers: Mapping[str, int]  # language that the issue was not in -> people who get another one

    @property
    def recipients(self) -> int:
        """Return how many people would get the issue."""
        return sum(self.counts.values())


def plan_late(settings: Settings, ledger: Ledger, send: Send, now: dt.datetime) -> LatePlan:
    """Return who joined since an issue was sent; raise UsageError if it cannot be sent to them.

    They get what was frozen. An edition that nobody had then is made from the issue's file, if that
    still gives exactly the editions that were frozen, and is checked now.
    """
    _check(ledger, send)
    with ledger.read() as connection:
        choice = planning.late_choice(connection, send)
        readers = list_readers(connection, choice)
        strangers = planning.count_strangers(connection, choice)
        left_out = planning.count_left_out_since(connection, send)
        names = sends.list_editions(connection, send.id)
        frozen = {name: sends.load_edition(connection, id) for name, id in names.items()}
    counts = count_readers(readers)
    editions = {v: frozen[str(v)] for v in counts if str(v) in frozen}
    missing = [variant for variant in counts if variant not in editions]
    errors: Mapping[Variant, tuple[Finding, ...]] = {}
    if missing:
        more, errors = _more_editions(settings, send, frozen, missing, now=now)
        editions |= more
    return LatePlan(
        send=send,
        counts={v: n for v, n in counts.items() if v in editions},
        editions=editions,
        readers=readers,
        faulty=frozenset(errors),
        faults=tuple(dict.fromkeys(fault for some in errors.values() for fault in some)),
        without={v: n for v, n in counts.items() if v not in editions},
        languages=frozenset(edition.language for edition in frozen.values()),
        left_out=left_out,
        strangers=strangers,
    )


def _check(ledger: Ledger, send: Send) -> None:
    issue = send.issue_id
    with ledger.read() as connection:
        left = count_open(connection, send.id)
    if send.is_rehearsal:
        raise UsageError(
            say("{issue} was only rehearsed; “newsletter send {issue}” sends it", issue=issue)
        )
    if send.state is SendState.CANCELLED:
        raise UsageError(say("{issue} was cancelled; nobody gets it any more", issue=issue))
    if left:
        raise UsageError(
            say("{issue} is not done yet; “newsletter send {issue}” comes first", issue=issue)
        )
    if not send.choice:
        raise UsageError(
            say(
                "{issue} was sent by an older version, which did not keep whom it was for; "
                "nobody can tell who else should get it",
                issue=issue,
            )
        )


def _more_editions(
    settings: Settings,
    send: Send,
    frozen: Mapping[str, Edition],
    missing: Iterable[Variant],
    *,
    now: dt.datetime,
) -> tuple[Mapping[Variant, Edition], Mapping[Variant, tuple[Finding, ...]]]:
    """Return the missing editions, as far as the file still gives what was frozen.

    Those with errors are left out; their errors are returned as well.
    """
    try:
        manuscript = read_manuscript(settings, send.issue_id)
        choice = Choice.from_json(send.choice)
        known = [choice.variant_named(name, one.language) for name, one in frozen.items()]
        today = render_manuscript(settings, manuscript, [*known, *missing])
    except (FindingsError, UsageError):
        return {}, {}
    same = {v.language for v in known if today[v].digest == frozen[str(v)].digest}
    made = {v: today[v] for v in missing if v.language in same}
    errors = {
        v: _errors_of(settings, send, manuscript, {v: edition}, now) for v, edition in made.items()
    }
    faulty = {variant: found for variant, found in errors.items() if found}
    return {v: edition for v, edition in made.items() if v not in faulty}, faulty


def _errors_of(
    settings: Settings,
    send: Send,
    manuscript: Manuscript,
    edition: Mapping[Variant, Edition],
    now: dt.datetime,
) -> tuple[Finding, ...]:
    """Check an edition that nobody has had, as it would be sent, with what was frozen with it."""
    report = review(
        settings,
        manuscript,
        edition,
        audience=None,
        now=now,
        is_sent=True,
        through=send.provider,
        frozen=send.stationery(
            list_id=list_id_of(settings),
            secret=NO_SECRET,
            now=now,
            links=number_links(edition.values()),
        ),
    )
    return tuple(finding for finding in report.findings if finding.severity is Severity.ERROR)
