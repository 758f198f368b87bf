"""A frozen issue and its settings -> those who joined since get it, too, and nobody twice."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsletter.config import Settings
from newsletter.dispatch import SendState
from newsletter.errors import FindingsError, UsageError
from newsletter.ledger import Ledger, choosing, planning, sends
from newsletter.ledger.doubts import count_open
from newsletter.ledger.sends import Send
from newsletter.model import Condition, Edition, Variant
from newsletter.press import read_manuscript, render_manuscript
from newsletter.sending import batch_sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePlan:
    """Who would get an issue that was sent before they joined."""

    send: Send
    counts: Mapping[Variant, int]  # readers of each edition
    editions: Mapping[Variant, Edition]
    without: Mapping[Variant, int]  # whose edition nobody had, and cannot be made any more
    languages: frozenset[str]  # that anything was frozen of
    strangers: Mapping[str, int]  # language that the issue was not in -> who get another one

    @property
    def recipients(self) -> int:
        """Return how many people would get the issue."""
        return sum(self.counts.values())


def plan_late(settings: Settings, ledger: Ledger, send: Send) -> LatePlan:
    """Return who joined since an issue was sent; raise UsageError where it cannot go on to them.

    They get what was frozen. An edition that nobody had then is made of the issue's file, if that
    still gives the very editions that were frozen.
    """
    _check(ledger, send)
    with ledger.read() as connection:
        choice = planning.late_choice(connection, send)
        counts = planning.count_variants(connection, choice)
        strangers = planning.count_strangers(connection, choice)
        names = sends.list_editions(connection, send.id)
        frozen = {name: sends.load_edition(connection, id) for name, id in names.items()}
    editions = {v: frozen[str(v)] for v in counts if str(v) in frozen}
    missing = [variant for variant in counts if variant not in editions]
    if missing:
        editions |= _more_editions(settings, send, frozen, missing)
    return LatePlan(
        send=send,
        counts={v: n for v, n in counts.items() if v in editions},
        editions=editions,
        without={v: n for v, n in counts.items() if v not in editions},
        languages=frozenset(edition.language for edition in frozen.values()),
        strangers=strangers,
    )


def freeze_late(settings: Settings, ledger: Ledger, plan: LatePlan, now: dt.datetime) -> Send:
    """Write a delivery for everybody of a plan; what the send had before stays as it is."""
    sizes = batch_sizes(settings, plan.editions, plan.send)
    stamp = now.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    with ledger.write() as connection:
        send = sends.find_send(connection, plan.send.scope) or plan.send
        planning.plan_late(connection, send, plan.editions, batch_sizes=sizes, now=stamp)
        return sends.find_send(connection, send.scope) or send


def _check(ledger: Ledger, send: Send) -> None:
    issue = send.issue_id
    with ledger.read() as connection:
        left = count_open(connection, send.id)
    if send.is_rehearsal:
        raise UsageError(f"{issue} was only rehearsed; “newsletter send {issue}” sends it")
    if send.state is SendState.CANCELLED:
        raise UsageError(f"{issue} was cancelled; nobody gets it any more")
    if left:
        raise UsageError(f"{issue} is not done yet; “newsletter send {issue}” comes first")
    if not send.choice:
        raise UsageError(
            f"{issue} was sent by an older version, which did not keep whom it was for; "
            "nobody can tell who else should get it"
        )


def _more_editions(
    settings: Settings, send: Send, frozen: Mapping[str, Edition], missing: Iterable[Variant]
) -> Mapping[Variant, Edition]:
    """Return the editions that are missing, as far as the file is what was frozen."""
    try:
        manuscript = read_manuscript(settings, send.issue_id)
        known = [_variant(send, name, edition) for name, edition in frozen.items()]
        today = render_manuscript(settings, manuscript, [*known, *missing])
    except (FindingsError, UsageError):
        return {}
    same = {v.language for v in known if today[v].digest == frozen[str(v)].digest}
    return {v: today[v] for v in missing if v.language in same}


def _variant(send: Send, name: str, edition: Edition) -> Variant:
    """Return the variant of a frozen edition, which keeps its name alone."""
    conditions = choosing.Choice.from_json(send.choice).conditions
    rest, met = name.removeprefix(edition.language), set[Condition]()
    # The longest first: the name of one condition may begin with that of another.
    for condition in sorted(conditions, key=lambda c: len(str(c)), reverse=True):
        if f"+{condition}+" in f"{rest}+":
            met.add(condition)
            rest = f"{rest}+".replace(f"+{condition}+", "+", 1).removesuffix("+")
    return Variant(language=edition.language, met=frozenset(met))
