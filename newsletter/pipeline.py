"""The whole story: an issue is read, rendered, checked, planned, sent and measured.

Data flows one way: issue file -> Issue -> Edition -> findings -> audience -> ledger -> provider
-> figures. Each function here is one stretch of it; the stages know nothing of one another.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr

from sqlalchemy import Connection

from newsletter.addresses import check_address
from newsletter.audience.headers import work_name
from newsletter.checking import Audience, Report
from newsletter.errors import UsageError
from newsletter.gateway import open_provider, provider_class
from newsletter.ledger import Ledger, origins, people, planning, reports, sends
from newsletter.ledger.choosing import Choice
from newsletter.ledger.planning import NewSend
from newsletter.ledger.readers import Readers, count_readers, count_variants, list_readers
from newsletter.ledger.sends import Send
from newsletter.mailing.accounts import account_of, destination, scope_of
from newsletter.mailing.carrier import batch_sizes, unsubscribe_mailto
from newsletter.mailing.departures import pull_departures
from newsletter.mailing.readership import choice_of, variant_for
from newsletter.model import Condition, Edition, Finding, Severity, Variant
from newsletter.model.post import Figures, State
from newsletter.moments import stamp
from newsletter.press import Manuscript, list_id_of, read_manuscript, render_manuscript, reply_to_of
from newsletter.reviewing import review
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an issue goes out, and who waits for that time."""

    at: dt.datetime | None = None  # UTC; None means at once
    by_provider: bool = False  # the provider holds the mail until then; else a worker waits


AT_ONCE = Timing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What sending an issue would do."""

    manuscript: Manuscript
    choice: Choice
    counts: Mapping[Variant, int]  # readers of each edition
    editions: Mapping[Variant, Edition]
    readers: Readers  # those who were counted
    left_out: Mapping[str, int]  # reason -> number of people
    strangers: Mapping[str, int]  # language in which there is no issue -> who get another one
    report: Report
    sender: str  # From, as a mailbox
    rehearsal: Send | None = None  # an earlier one
    sent_until: str = (
        ""  # date of the newest issue sent by a ledger the list came from, if not older
    )
    began: str = ""  # day on which this ledger began, if the issue is older: was it sent elsewhere?

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what the checks found."""
        return self.report.findings

    @property
    def recipients(self) -> int:
        """Return how many people would get the issue."""
        return sum(self.counts.values())


# --- from file to findings ----------------------------------------------------------------


def draft_plan(
    settings: Settings,
    issue_id: str,
    ledger: Ledger | None,
    *,
    segment: Condition | None = None,
    tests: Iterable[str] = (),
    to_freeze: bool = True,
    now: dt.datetime | None = None,
    manuscript: Manuscript | None = None,
    editions: Mapping[Variant, Edition] | None = None,
) -> Plan:
    """Read, render and check an issue for those who would get it; nothing is written.

    Without a ledger, or without subscribers, the issue is checked in its fullest form; for a test,
    also as these addresses get it. What was read and rendered of these very files before can be
    handed in. A plan that is not to be frozen need not keep who was counted.
    """
    manuscript = manuscript or read_manuscript(settings, issue_id)
    choice, addresses = choice_of(manuscript, segment), list(map(check_address, tests))
    counts: Mapping[Variant, int] = {}
    readers: Readers = {}
    left_out: Mapping[str, int] = {}
    tested: list[Variant] = []
    rehearsal, began, sent_until = None, "", ""
    strangers: Mapping[str, int] = {}
    if ledger:
        with ledger.read() as connection:
            readers = list_readers(connection, choice) if to_freeze else {}
            counts = count_readers(readers) if to_freeze else count_variants(connection, choice)
            left_out = planning.count_left_out(connection, choice)
            rehearsal = sends.find_rehearsal(connection, manuscript.lead.id)
            strangers = planning.count_strangers(connection, choice)
            began = people.began_at(connection)[:10]
            sent_until = origins.sent_elsewhere_until(connection)
            known = people.find_subscribers(connection, addresses)
            tested = [variant_for(manuscript, known.get(a.lower())) for a in addresses]
    wanted = dict.fromkeys([*(counts or manuscript.variants()), *tested])
    editions = _editions(settings, manuscript, wanted, editions or {})
    day = manuscript.lead.date.isoformat()
    plan = Plan(
        manuscript=manuscript,
        choice=choice,
        counts=counts,
        editions=editions,
        readers=readers,
        left_out=left_out,
        strangers=strangers,
        report=Report(),
        sender=manuscript.lead.sender or settings.newsletter.from_,
        rehearsal=rehearsal,
        sent_until=sent_until if sent_until >= day else "",
        began=began if began > day else "",
    )
    return replace(plan, report=_review(settings, plan, ledger, now or dt.datetime.now(dt.UTC)))


def _editions(
    settings: Settings,
    manuscript: Manuscript,
    wanted: Iterable[Variant],
    made: Mapping[Variant, Edition],
) -> Mapping[Variant, Edition]:
    missing = [variant for variant in wanted if variant not in made]
    more = render_manuscript(settings, manuscript, missing)
    return {variant: made.get(variant) or more[variant] for variant in wanted}


def _review(settings: Settings, plan: Plan, ledger: Ledger | None, now: dt.datetime) -> Report:
    is_sent = False
    if ledger:
        with ledger.read() as connection:
            is_sent = sends.find_send(connection, plan.manuscript.lead.id) is not None
    return review(
        settings,
        plan.manuscript,
        plan.editions,
        provider_class(settings),
        audience=_audience(plan, ledger) if ledger and (plan.counts or plan.left_out) else None,
        now=now,
        is_sent=is_sent,
    )


def _audience(plan: Plan, ledger: Ledger) -> Audience:
    names = {slot.name for issue in plan.manuscript.issues.values() for slot in issue.slots}
    met: dict[str, int] = {}
    for variant, count in plan.counts.items():
        for condition in variant.met:
            met[str(condition)] = met.get(str(condition), 0) + count
    keys = {c.key for c in (*plan.choice.conditions, plan.choice.segment) if c}
    with ledger.read() as connection:
        attributes = frozenset(people.attribute_names(connection))
        return Audience(
            recipients=plan.recipients,
            attributes=attributes,
            meant={
                name: work_name(name)
                for name in names | keys
                if work_name(name) in attributes - {name}
            },
            empty=people.empty_values(connection, names, plan.choice.segment),
            longest=people.longest_values(connection, {*names, "email"}),
            met=met,
            strangers=sum(plan.strangers.values()),
            unserved={code: n for code, n in plan.strangers.items() if code},
            stand_in=plan.choice.default_language,
            variants=plan.counts,
            segment=str(plan.choice.segment or ""),
            odd_names=people.count_odd_names(connection, plan.choice.segment)
            if "name" in names
            else 0,
        )


# --- from plan to ledger ------------------------------------------------------------------


def freeze_plan(
    settings: Settings,
    plan: Plan,
    ledger: Ledger,
    now: dt.datetime,
    *,
    timing: Timing = AT_ONCE,
    canary: int = 0,
) -> Send:
    """Freeze the editions and write a delivery for everybody who gets the issue.

    Raise StalePlanError, before anything is written, when others would get it by now, or another
    edition, than were planned: what was not checked and shown is not frozen.
    """
    new = replace(
        _new_send(settings, plan, now, scope=scope_of(settings, plan.manuscript.lead.id)),
        scheduled_at=timing.at,
        by_provider=timing.by_provider,
        canary=canary,
    )
    sizes = batch_sizes(settings, plan.editions, new)
    try:
        with ledger.write() as connection:
            begun = sends.find_send(connection, new.scope)
            if begun and not (begun.is_rehearsal and sends.has_ended(connection, begun)):
                return begun  # by another process, while this one asked
            if begun:
                sends.put_behind(connection, begun)
            planning.plan_send(
                connection, new, plan.choice, plan.editions, batch_sizes=sizes, known=plan.readers
            )
            if begun:  # last, as files come back by no rollback; before anybody may write new ones
                with open_provider(settings) as provider:
                    provider.clear(begun.issue_id)
            return _planned(connection, new.scope)
    except planning.StalePlanError:
        with ledger.read() as connection:  # by another process, in this very moment
            if begun := sends.find_send(connection, new.scope):
                return begun
        raise


def freeze_test(
    settings: Settings, plan: Plan, addresses: Iterable[str], ledger: Ledger, now: dt.datetime
) -> Send:
    """Freeze a test to some addresses; a subscriber among them gets what they would get.

    Raise StalePlanError where the plan was not made for what one of them gets.
    """
    key = secrets.token_hex(16)
    new = _new_send(settings, plan, now, scope=f"test:{key}", tag_suffix="-test")
    copies = []
    checked = [check_address(address) for address in addresses]
    wanted = list({address.lower(): address for address in checked}.values())
    with ledger.read() as connection:
        known = people.find_subscribers(connection, wanted)
        ids = people.find_ids(connection, wanted)
    for address in wanted:
        variant = variant_for(plan.manuscript, known.get(address.lower()))
        if variant not in plan.editions:
            raise planning.StalePlanError
        copies.append((address, ids.get(address.lower()), plan.editions[variant]))
    with ledger.write() as connection:
        planning.plan_test(connection, new, copies)
        return _planned(connection, new.scope)


def _new_send(
    settings: Settings, plan: Plan, now: dt.datetime, *, scope: str, tag_suffix: str = ""
) -> NewSend:
    lead = plan.manuscript.lead
    name, address = parseaddr(plan.sender)
    reply_to = parseaddr(lead.reply_to)[1] or reply_to_of(settings)
    digests = sorted(edition.digest for edition in plan.editions.values())
    return NewSend(
        key=secrets.token_hex(16),
        scope=scope,
        issue_id=lead.id,
        issue_date=lead.date,
        subject=lead.readable(lead.subject),
        provider=settings.provider.name,
        tag=lead.tag + tag_suffix,
        sender=(name, address),
        reply_to=reply_to,
        public_url=settings.newsletter.public_url or "",
        list_id=list_id_of(settings),
        unsubscribe_mailto=unsubscribe_mailto(settings, reply_to),
        place=destination(settings)[1],
        account=account_of(settings),
        digest=digests[0] if len(digests) == 1 else _digest_of(digests),
        now=stamp(now),
        overrides=tuple(_overrides(plan.report)),
    )


def _overrides(report: Report) -> Iterator[dict[str, str]]:
    """Yield what the editor sends with all the same: warnings, and what settings silence."""
    for finding in report.findings:
        if finding.severity is Severity.WARNING:
            yield {"id": finding.id, "place": finding.place, "message": finding.message}
    for silenced in report.silenced:
        finding = silenced.finding
        yield {
            "id": finding.id,
            "place": finding.place,
            "message": finding.message,
            "reason": silenced.reason,
        }


def _digest_of(digests: list[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _planned(connection: Connection, scope: str) -> Send:
    send = sends.find_send(connection, scope)
    assert send is not None  # noqa: S101 - written in this very transaction
    return send


# --- from provider to figures -------------------------------------------------------------


def pull_figures(
    settings: Settings, ledger: Ledger, issue_ids: Iterable[str], now: dt.datetime
) -> list[str]:
    """Ask the provider about each sent issue and store what it says; return what there is to tell.

    Who is gone comes first: no figure that fails keeps anybody on the list.
    """
    wanted = set(issue_ids)
    with ledger.read() as connection:
        asked = [s for s in sends.list_sends(connection) if not wanted or s.issue_id in wanted]
    told = [pull_departures(settings, ledger, send, now) for send in asked]
    silent = [line for line in told if line]
    for send in asked:
        if not provider_class(settings, send.provider).capabilities.statistics:
            silent.append(f"{send.issue_id}: {send.provider} keeps no figures")
            continue
        since = dt.datetime.fromisoformat(send.planned_at).date()
        with open_provider(settings, send.provider) as provider:
            said = provider.figures(send.tag, since, now.astimezone(dt.UTC).date())
        if settings.tracking.opens == "off":
            said = replace(said, opens_total=None, opens_unique=None)
        with ledger.write() as connection:
            reports.add_report(
                connection,
                send.id,
                provider=send.provider,
                as_of=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
                figures=said,
            )
    return silent


def canary_bounces(settings: Settings, send: Send, now: dt.datetime) -> int:
    """Return how many of those who got a send so far bounced for good, as its provider says.

    Raise UsageError where the provider does not tell.
    """
    if not provider_class(settings, send.provider).capabilities.statistics:
        raise UsageError(
            f"--max-bounce: {send.provider} tells no bounces; look at your mailbox for them, then "
            f"“newsletter send {send.issue_id}” goes on"
        )
    since = dt.datetime.fromisoformat(send.planned_at).date()
    with open_provider(settings, send.provider) as provider:
        return provider.figures(send.tag, since, now.astimezone(dt.UTC).date()).bounced_hard or 0


def known_figures(ledger: Ledger) -> list[tuple[Send, Figures, str | None]]:
    """Return each sent or rehearsed issue, oldest first, what is known of it, and since when."""
    rows = []
    with ledger.read() as connection:
        for send in sends.list_attempts(connection):
            counts = sends.count_states(connection, send.id)
            report = reports.newest_report(connection, send.id)
            as_of, figures = report if report else (None, Figures())
            sent = counts.get(State.ACCEPTED, 0)
            rows.append((send, replace(figures, sent=sent), as_of))
    return rows
