"""Examines the newsletter's own installation: settings, secrets, files, ledger and provider."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from newsletter.errors import ConfigError, NewsletterError, ProviderError
from newsletter.gateway import open_provider, provider_class
from newsletter.ledger import Ledger, people, sends
from newsletter.ledger import workers as workers_of
from newsletter.ledgers import existing_ledger
from newsletter.mailing import worker_of
from newsletter.model import SendState, State
from newsletter.reviewing import verify_settings
from newsletter.settings import FILE, Settings, find_secret
from newsletter.settings.exposure import exposed_files, restrict_command

_PROBE_TAG = "newsletter-doctor"  # the tag of no mail, so the provider knows of no events for it
_UNSETTLED = (SendState.PAUSED, SendState.STOPPED)
_LEASE = 900.0  # seconds after which a worker that was not seen counts as dead, wherever it ran


class Health(StrEnum):
    """The condition of one part."""

    GOOD = "good"
    DOUBTFUL = "doubtful"  # works, but somebody should look at it
    BROKEN = "broken"  # does not work until it is fixed
    SKIPPED = "skipped"  # was not checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is known about one part of the newsletter."""

    part: str  # settings, secrets, files, ledger, sends, workers or provider
    health: Health
    message: str
    cure: str = ""  # what to do, preferably a command


def examine(settings: Settings, *, online: bool, now: dt.datetime) -> Iterator[Diagnosis]:
    """Examine each part in turn; a broken part does not keep the others from being examined."""
    yield from _settings(settings)
    yield from _secrets(settings)
    yield from _files(settings)
    yield from _ledger(settings)
    yield _provider(settings, online=online, now=now)


# --- settings, secrets, files -------------------------------------------------------------


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    try:
        provider_class(settings)
        verify_settings(settings)
    except NewsletterError as err:
        yield Diagnosis(part="settings", health=Health.BROKEN, message=str(err))
        return
    file, way = settings.root / FILE, settings.provider.name
    told = f"{file} is in order; mail leaves by {way}"
    yield Diagnosis(part="settings", health=Health.GOOD, message=told)


def _secrets(settings: Settings) -> Iterator[Diagnosis]:
    needed = list(_needed_secrets(settings))
    for name, purpose in needed:
        try:
            is_set = find_secret(settings.root, name) is not None
            trouble = "" if is_set else f"{name} is not set, and {purpose} needs it"
        except (ConfigError, OSError) as err:
            trouble = str(err)
        yield Diagnosis(
            part="secrets",
            health=Health.BROKEN if trouble else Health.GOOD,
            message=trouble or f"{name} is set",
            cure=f"write “{name}=...” into {settings.root / '.env'}" if trouble else "",
        )
    if not needed:
        yield Diagnosis(part="secrets", health=Health.GOOD, message="no secret is needed")


def _needed_secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    try:
        secret = provider_class(settings).secret
    except ConfigError:  # reported with the settings
        secret = ""
    if secret:
        yield secret, f"sending through {settings.provider.name}"
    if settings.provider.username:
        yield "NEWSLETTER_SMTP_PASSWORD", "logging in to SMTP"
    if settings.newsletter.public_url:
        yield "NEWSLETTER_SECRET", "signing links (public_url is set)"


def _files(settings: Settings) -> Iterator[Diagnosis]:
    exposed = exposed_files(settings)
    for path in exposed:
        yield Diagnosis(
            part="files",
            health=Health.DOUBTFUL,
            message=f"others on this machine have rights to {path}",
            cure=restrict_command(path),
        )
    if not exposed:
        told = "files about people are yours alone"
        yield Diagnosis(part="files", health=Health.GOOD, message=told)


# --- the ledger ---------------------------------------------------------------------------


def _ledger(settings: Settings) -> Iterator[Diagnosis]:
    try:
        ledger = existing_ledger(settings)
    except NewsletterError as err:
        yield Diagnosis(part="ledger", health=Health.BROKEN, message=str(err))
        return
    if ledger is None:
        told = "there is none yet; it is made with the first subscriber"
        yield Diagnosis(part="ledger", health=Health.GOOD, message=told)
        return
    try:
        yield _probe(ledger)
        yield from _sends(ledger)
        yield from _workers(settings, ledger)
    except NewsletterError as err:
        yield Diagnosis(part="ledger", health=Health.BROKEN, message=str(err))
    finally:
        ledger.close()


def _probe(ledger: Ledger) -> Diagnosis:
    """Read the ledger, and write something to it that is rolled back."""
    with ledger.write() as connection:
        active = people.count_by_standing(connection).get("active", 0)
        workers_of.note_living(connection, "doctor")
    told = f"{ledger.place} opens, is up to date and takes changes; {active:,} active subscribers"
    return Diagnosis(part="ledger", health=Health.GOOD, message=told)


def _sends(ledger: Ledger) -> Iterator[Diagnosis]:
    with ledger.read() as connection:
        wanted = (*_UNSETTLED, SendState.SENDING, SendState.DONE)
        found = sends.list_sends_in(connection, wanted)
        states = {send.id: sends.count_states(connection, send.id) for send in found}
    troubled = False
    for send in found:
        unknown = states[send.id].get(State.UNKNOWN, 0)
        if not unknown and send.state not in _UNSETTLED:
            continue
        troubled = True
        why = f" ({send.reason})" if send.reason else ""
        doubts = f"; {unknown:,} deliveries are in doubt" if unknown else ""
        yield Diagnosis(
            part="sends",
            health=Health.DOUBTFUL,
            message=f"{send.issue_id} is {send.state}{why}{doubts}",
            cure=f"newsletter status {'--notices' if send.is_notice else send.issue_id}",
        )
    if not troubled:
        yield Diagnosis(part="sends", health=Health.GOOD, message="none is stopped or in doubt")


def _workers(settings: Settings, ledger: Ledger) -> Iterator[Diagnosis]:
    """Report workers that ended without signing off."""
    asking = worker_of(settings, ledger)
    with ledger.read() as connection:
        known = workers_of.list_workers(connection)
        under_way = sends.list_sends_in(connection, (SendState.SENDING, *_UNSETTLED))
        counts = [sends.count_states(connection, send.id) for send in under_way]
    dead = [w for w in known if w.age > _LEASE or not asking.is_living(w.name)]
    is_undone = any(c.get(State.SENDING) or c.get(State.UNKNOWN) for c in counts)
    # A “send” that was cut off and left nothing is over; a service should be running.
    if not any(is_undone or worker.is_serving for worker in dead):
        living = len(known) - len(dead)
        told = f"{living} at work" if living else "none at work"
        told += f"; {len(dead)} ended suddenly and left nothing undone" if dead else ""
        yield Diagnosis(part="workers", health=Health.GOOD, message=told)
        return
    yield Diagnosis(
        part="workers",
        health=Health.DOUBTFUL,
        message=f"{len(dead)} of {len(known)} died or cannot be seen from here",
        cure="“newsletter worker” or “newsletter send” takes over what they left",
    )


# --- the provider -------------------------------------------------------------------------


def _provider(settings: Settings, *, online: bool, now: dt.datetime) -> Diagnosis:
    """Ask the provider about a tag that no mail has: to answer, it must accept the key."""
    try:
        kind = provider_class(settings)
        if not kind.capabilities.mails:
            return _of_provider(Health.GOOD, "the outbox writes files and sends nothing")
        if not online:
            return _of_provider(Health.SKIPPED, f"{kind.name} was not asked: only with --online")
        if not kind.capabilities.statistics:
            told = f"{kind.name} answers nothing without a mail"
            return _of_provider(Health.SKIPPED, told, "newsletter send ID --test YOUR-ADDRESS")
        with open_provider(settings) as provider:
            provider.figures(_PROBE_TAG, now.date(), now.date())
    except (ConfigError, ProviderError, OSError) as err:
        return _of_provider(Health.BROKEN, str(err))
    return _of_provider(Health.GOOD, f"{kind.name} answers, and knows the key")


def _of_provider(health: Health, message: str, cure: str = "") -> Diagnosis:
    return Diagnosis(part="provider", health=health, message=message, cure=cure)
