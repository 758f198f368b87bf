"""From a plan to the ledger: freezes editions, with a delivery for everybody who gets one."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from newsletter.errors import StalePlanError
from newsletter.hosting import publish_pictures
from newsletter.ledger import TEST, Ledger, NewSend, Send, people, planning, sends
from newsletter.mailing.accounts import route_of, scope_of
from newsletter.mailing.carrier import batch_sizes, clear_outbox
from newsletter.model import AT_ONCE, Counting, Edition, Timing, Variant
from newsletter.plans import LatePlan, Plan, variant_for
from newsletter.press import render_manuscript, stationery_for
from newsletter.settings import Settings


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

    Raise StalePlanError, before anything is written, if others would get it by now, or another
    edition, than planned: what was not checked and shown is not frozen.
    """
    new = replace(
        _new_send(settings, plan, now, scope=scope_of(settings, plan.manuscript.lead.id)),
        scheduled_at=timing.at,
        by_provider=timing.by_provider,
        canary=canary,
    )
    frozen = {**plan.editions, **_for_anybody(settings, plan)}
    sizes = batch_sizes(settings, frozen, new)
    publish_pictures(settings, frozen.values())
    try:
        with ledger.write() as connection:
            begun = sends.find_send(connection, new.scope)
            if begun and not (begun.is_rehearsal and sends.has_ended(connection, begun)):
                return begun  # by another process, while this one asked
            if begun:
                sends.archive_rehearsal(connection, begun)
            planning.plan_send(
                connection,
                new,
                plan.census.choice,
                frozen,
                batch_sizes=sizes,
                known=plan.census.readers,
            )
            if begun:  # last, as a rollback does not restore files; before new ones can be written
                clear_outbox(settings, begun.issue_id)
            return _planned(connection, new.scope)
    except StalePlanError:
        with ledger.read() as connection:  # by another process, at this very moment
            if begun := sends.find_send(connection, new.scope):
                return begun
        raise


def freeze_test(settings: Settings, plan: Plan, ledger: Ledger, now: dt.datetime) -> Send:
    """Freeze a test to the addresses of a plan.

    Without an edition that is to be shown, a subscriber among them gets their own.

    Raise StalePlanError if one of them gets another edition by now.
    """
    key = secrets.token_hex(16)
    new = _new_send(settings, plan, now, scope=f"{TEST}{key}", tag_suffix="-test")
    copies = []
    wanted = list({address.lower(): address for address in plan.tests}.values())
    with ledger.read() as connection:
        known = people.find_subscribers(connection, wanted)
        ids = people.find_ids(connection, wanted)
    for address in wanted:
        variant = plan.shown or variant_for(
            plan.manuscript, known.get(address.lower()), settings.zone
        )
        if variant not in plan.editions:
            raise StalePlanError
        copies.append((address, ids.get(address.lower()), plan.editions[variant]))
    publish_pictures(settings, [edition for *_, edition in copies])
    with ledger.write() as connection:
        planning.plan_test(connection, new, copies)
        return _planned(connection, new.scope)


def freeze_late(settings: Settings, ledger: Ledger, plan: LatePlan, now: dt.datetime) -> Send:
    """Write a delivery for everybody in a plan; existing deliveries stay as they are.

    Raise StalePlanError, before anything is written, if others would get it by now.
    """
    sizes = batch_sizes(settings, plan.editions, plan.send)
    publish_pictures(settings, plan.editions.values())
    with ledger.write() as connection:
        send = sends.find_send(connection, plan.send.scope) or plan.send
        planning.plan_late(
            connection, send, plan.editions, batch_sizes=sizes, now=now, known=plan.readers
        )
        return sends.find_send(connection, send.scope) or send


def _for_anybody(settings: Settings, plan: Plan) -> Mapping[Variant, Edition]:
    """Return what the archive is to show where each reader gets something for some besides.

    It has nothing in it that was not checked in the editions of readers.
    """
    if not settings.archive.public:
        return {}
    issues = plan.manuscript.issues
    plain = {Variant(language=variant.language) for variant in plan.editions}
    missing = [
        one
        for one in sorted(plain - plan.editions.keys(), key=str)
        if issues[one.language].for_readers(one.met).blocks
    ]
    return render_manuscript(settings, plan.manuscript, missing)


def _new_send(
    settings: Settings, plan: Plan, now: dt.datetime, *, scope: str, tag_suffix: str = ""
) -> NewSend:
    lead, carried = plan.manuscript.lead, stationery_for(settings, plan.manuscript)
    digests = sorted(edition.digest for edition in plan.editions.values())
    provider, place, account = route_of(settings)
    return NewSend(
        key=secrets.token_hex(16),
        scope=scope,
        issue_id=lead.id,
        issue_date=lead.date,
        subject=lead.readable(lead.subject),
        provider=provider,
        tag=carried.tag + tag_suffix,
        sender=carried.sender,
        reply_to=carried.reply_to,
        public_url=carried.public_url,
        leave_to=carried.leave_to,
        list_id=carried.list_id,
        place=place,
        account=account,
        digest=digests[0] if len(digests) == 1 else _digest_of(digests),
        now=now,
        overrides=tuple(plan.overrides()),
        counting=carried.counted.counting if carried.counted else _by_others(settings),
        media_url=settings.newsletter.media_url or "",
        window_days=settings.statistics.window_days,
    )


def _by_others(settings: Settings) -> Counting:
    """Return who counts what our service does not."""
    is_provider = settings.tracking.counting is Counting.PROVIDER
    return Counting.PROVIDER if is_provider else Counting.OFF


def _digest_of(digests: list[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _planned(connection: Connection, scope: str) -> Send:
    send = sends.find_send(connection, scope)
    assert send is not None  # noqa: S101 - written in this very transaction
    return send
