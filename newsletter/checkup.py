"""Examines the newsletter's own installation: settings, secrets, files, ledger and provider."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from newsletter.errors import ConfigError, NewsletterError, ProviderError
from newsletter.gateway import open_provider, provider_class
from newsletter.language import Wording, reason_of_disk, say, say_list, without_addresses
from newsletter.ledger import Ledger, Send, people, procrastinate, sends
from newsletter.ledger import workers as workers_of
from newsletter.ledgers import existing_ledger
from newsletter.mailing import find_backlog, worker_of
from newsletter.model import SendState, Severity, State
from newsletter.press import template_advice
from newsletter.reviewing import verify_settings
from newsletter.settings import FILE, Settings, exposed_files, find_secret, restrict_command

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

    part: str  # settings, secrets, files, templates, ledger, sends, workers, jobs or provider
    health: Health
    message: str
    cure: str = ""  # what to do, preferably a command

    @property
    def part_in_words(self) -> Wording:
        """Return the part as people read it."""
        return _PARTS[self.part]


_PARTS = {
    "settings": say("settings"),
    "secrets": say("secrets"),
    "files": say("files"),
    "templates": say("templates"),
    "ledger": say("ledger"),
    "sends": say("sends"),
    "workers": say("workers"),
    "jobs": say("jobs"),
    "provider": say("provider"),
}

_HEALTHS = {
    Severity.ERROR: Health.BROKEN,
    Severity.WARNING: Health.DOUBTFUL,
    Severity.NOTE: Health.GOOD,
}


def examine(settings: Settings, *, online: bool, now: dt.datetime) -> Iterator[Diagnosis]:
    """Examine each part in turn; a broken part does not keep the others from being examined."""
    yield from _settings(settings)
    yield from _secrets(settings)
    yield from _files(settings)
    yield from _templates(settings)
    yield from _ledger(settings)
    yield _provider(settings, online=online, now=now)


# --- settings, secrets, files -------------------------------------------------------------


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    try:
        provider_class(settings)
        verify_settings(settings)
    except NewsletterError as err:
        yield Diagnosis(part="settings", health=Health.BROKEN, message=err.words)
        return
    file, way = settings.root / FILE, settings.provider.name
    told = say("{file} is in order; mail leaves by {provider}", file=str(file), provider=way)
    yield Diagnosis(part="settings", health=Health.GOOD, message=told)


def _secrets(settings: Settings) -> Iterator[Diagnosis]:
    needed = list(_needed_secrets(settings))
    for name, purpose in needed:
        try:
            is_set = find_secret(settings.root, name) is not None
            trouble = None if is_set else _not_set(name, purpose)
        except ConfigError as err:
            trouble = err.words
        except OSError as err:
            trouble = say("{file}: {reason}", file=str(err.filename), reason=reason_of_disk(err))
        file = str(settings.root / ".env")
        yield Diagnosis(
            part="secrets",
            health=Health.BROKEN if trouble else Health.GOOD,
            message=trouble or say("{name} is set", name=name),
            cure=say("write “{name}=...” into {file}", name=name, file=file) if trouble else "",
        )
    if not needed:
        yield Diagnosis(part="secrets", health=Health.GOOD, message=say("no secret is needed"))


def _not_set(name: str, purpose: Wording) -> Wording:
    return say("{name} is not set, and {purpose} needs it", name=name, purpose=purpose)


def _needed_secrets(settings: Settings) -> Iterator[tuple[str, Wording]]:
    try:
        secret = provider_class(settings).secret
    except ConfigError:  # reported with the settings
        secret = ""
    if secret:
        yield secret, say("sending through {provider}", provider=settings.provider.name)
    if settings.provider.username:
        yield "NEWSLETTER_SMTP_PASSWORD", say("logging in to SMTP")
    if settings.newsletter.public_url:
        yield "NEWSLETTER_SECRET", say("signing links (public_url is set)")


def _files(settings: Settings) -> Iterator[Diagnosis]:
    exposed = exposed_files(settings)
    for path in exposed:
        yield Diagnosis(
            part="files",
            health=Health.DOUBTFUL,
            message=say("others on this machine have rights to {path}", path=str(path)),
            cure=restrict_command(path),
        )
    if not exposed:
        told = say("files about people are yours alone")
        yield Diagnosis(part="files", health=Health.GOOD, message=told)


def _templates(settings: Settings) -> Iterator[Diagnosis]:
    try:
        findings = template_advice(settings)
    except ConfigError as err:
        yield Diagnosis(part="templates", health=Health.BROKEN, message=err.words)
        return
    for finding in findings:
        yield Diagnosis(
            part="templates",
            health=_HEALTHS[finding.severity],
            message=say_list([finding.place, finding.message], between=": "),
            cure=finding.hint,
        )
    if not findings:
        told = say("those you changed have what is new in the package")
        yield Diagnosis(part="templates", health=Health.GOOD, message=told)


# --- the ledger ---------------------------------------------------------------------------


def _ledger(settings: Settings) -> Iterator[Diagnosis]:
    try:
        ledger = existing_ledger(settings)
    except NewsletterError as err:
        yield Diagnosis(part="ledger", health=Health.BROKEN, message=err.words)
        return
    if ledger is None:
        told = say("there is none yet; it is made with the first subscriber")
        yield Diagnosis(part="ledger", health=Health.GOOD, message=told)
        return
    try:
        yield _probe(ledger)
        yield from _sends(ledger)
        yield from _workers(settings, ledger)
        yield from _jobs(settings, ledger)
    except NewsletterError as err:
        yield Diagnosis(part="ledger", health=Health.BROKEN, message=err.words)
    finally:
        ledger.close()


def _probe(ledger: Ledger) -> Diagnosis:
    """Read the ledger, and write something to it that is rolled back."""
    with ledger.write() as connection:
        active = people.count_by_standing(connection).get("active", 0)
        workers_of.note_living(connection, "doctor")
    told = say(
        "{place} opens, is up to date and takes changes; {active:,} active subscribers",
        place=ledger.place,
        active=active,
    )
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
        yield Diagnosis(
            part="sends",
            health=Health.DOUBTFUL,
            message=_troubled(send, unknown),
            cure=f"newsletter status {'--notices' if send.is_notice else send.issue_id}",
        )
    if not troubled:
        yield Diagnosis(
            part="sends", health=Health.GOOD, message=say("none is stopped or in doubt")
        )


def _troubled(send: Send, unknown: int) -> Wording:
    """Return what troubles a send: its state, why it has that, and how many are in doubt."""
    issue, state = send.issue_id, send.state.words
    told = say("{issue} is {state}", issue=issue, state=state)
    if send.reason:
        told = say("{issue} is {state} ({reason})", issue=issue, state=state, reason=send.reason)
    if unknown:
        doubt = say("{count:,} deliveries are in doubt", count=unknown)
        return say_list((told, doubt), "; ")
    return told


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
        told = say("{count} at work", count=living) if living else say("none at work")
        if dead:
            over = say("{count} ended suddenly and left nothing undone", count=len(dead))
            told = say_list((told, over), "; ")
        yield Diagnosis(part="workers", health=Health.GOOD, message=told)
        return
    yield Diagnosis(
        part="workers",
        health=Health.DOUBTFUL,
        message=say(
            "{dead} of {known} died or cannot be seen from here", dead=len(dead), known=len(known)
        ),
        cure=say("“newsletter worker” or “newsletter send” takes over what they left"),
    )


def _jobs(settings: Settings, ledger: Ledger) -> Iterator[Diagnosis]:
    """Report what failed for good, what nobody does, and an engine of another version."""
    yield from _engine(ledger)
    backlog = find_backlog(settings, ledger)
    for task in {task.id: task for task in backlog.failed}.values():
        reason = without_addresses(task.job.reason) or say("why is not known")
        yield Diagnosis(
            part="jobs",
            health=Health.DOUBTFUL,
            message=say("failed: {job} ({reason})", job=task.words, reason=reason),
            cure=say(
                "mend the cause, then: {command}", command=f"newsletter jobs --retry {task.id}"
            ),
        )
    if backlog.is_astray:
        yield Diagnosis(
            part="jobs",
            health=Health.DOUBTFUL,
            message=say("a worker is running, but with another account or key than is set now"),
            cure=say("end it and start “newsletter worker” again"),
        )
    elif backlog.deserted:
        mails = list(dict.fromkeys(task.words for task in backlog.deserted))
        yield Diagnosis(
            part="jobs",
            health=Health.DOUBTFUL,
            message=say(
                "no worker is running, and this waits for one: {jobs}", jobs=say_list(mails)
            ),
            cure=say("start “newsletter worker” and leave it running"),
        )
    if not (backlog.failed or backlog.deserted or backlog.is_astray):
        told = say("none has failed, and none waits in vain")
        yield Diagnosis(part="jobs", health=Health.GOOD, message=told)


def _engine(ledger: Ledger) -> Iterator[Diagnosis]:
    """Report tables of Procrastinate that its version here does not fit."""
    if not ledger.is_shared:
        return
    try:
        with ledger.read() as connection:
            missing = procrastinate.list_missing(connection)
    except ConfigError as err:
        yield Diagnosis(part="jobs", health=Health.BROKEN, message=err.words)
        return
    if missing:
        yield Diagnosis(
            part="jobs",
            health=Health.DOUBTFUL,
            message=say("the job queue is of an older version of Procrastinate than the one here"),
            cure=say("“newsletter worker” brings it up to date when it starts"),
        )


# --- the provider -------------------------------------------------------------------------


def _provider(settings: Settings, *, online: bool, now: dt.datetime) -> Diagnosis:
    """Ask the provider about a tag that no mail has: to answer, it must accept the key."""
    try:
        kind = provider_class(settings)
        if not kind.capabilities.mails:
            return _of_provider(Health.GOOD, say("the outbox writes files and sends nothing"))
        if not online:
            told = say("{provider} was not asked: only with --online", provider=kind.name)
            return _of_provider(Health.SKIPPED, told)
        if not kind.capabilities.statistics:
            told = say("{provider} answers nothing without a mail", provider=kind.name)
            cure = say("newsletter send ID --test YOUR-ADDRESS")
            return _of_provider(Health.SKIPPED, told, cure)
        with open_provider(settings) as provider:
            provider.figures(_PROBE_TAG, now.date(), now.date())
    except (ConfigError, ProviderError) as err:
        return _of_provider(Health.BROKEN, err.words)
    except OSError as err:
        return _of_provider(Health.BROKEN, reason_of_disk(err))
    told = say("{provider} answers, and knows the key", provider=kind.name)
    return _of_provider(Health.GOOD, told)


def _of_provider(health: Health, message: Wording, cure: str = "") -> Diagnosis:
    return Diagnosis(part="provider", health=health, message=message, cure=cure)
