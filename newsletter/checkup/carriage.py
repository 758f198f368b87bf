"""Examines who carries the mail: whether the key is known there, and what the clock says."""

import datetime as dt
import time
from collections.abc import Iterator

from newsletter.agenda import meetings_of
from newsletter.checkup.diagnoses import Diagnosis, broken, good, of_clock, skipped
from newsletter.errors import ConfigError, ProviderError
from newsletter.gateway import greet_account, provider_class
from newsletter.language import Wording, reason_of_disk, say, say_list
from newsletter.settings import Settings

_PATIENCE = 8.0  # seconds of silence


def look_at_carriage(settings: Settings, *, online: bool, now: dt.datetime) -> Iterator[Diagnosis]:
    """Ask the provider for what only the account is told; nothing is sent, and it costs nothing."""
    begun = time.monotonic()
    try:
        kind = provider_class(settings)
        yield from _look_at_meetings(settings, kind.capabilities.carries.words)
        if not kind.capabilities.mails:
            yield good("provider", say("the outbox writes files and sends nothing"))
            return
        if not online:
            told = say("{provider} was not asked: only without --offline", provider=kind.name)
            yield skipped("provider", told)
            return
        greeting = greet_account(settings, patience=_PATIENCE)
    except (ConfigError, ProviderError) as err:
        yield broken("provider", err.words)
        return
    except OSError as err:
        yield broken("provider", reason_of_disk(err))
        return
    for caveat in greeting.caveats:
        yield broken("provider", caveat)
    if not greeting.caveats:
        yield good("provider", say("{provider} answers, and knows the key", provider=kind.name))
    if greeting.at is not None:
        passed = dt.timedelta(seconds=time.monotonic() - begun)
        yield of_clock(now + passed, greeting.at, say_list((kind.name,)))


def _look_at_meetings(settings: Settings, carried: Wording) -> Iterator[Diagnosis]:
    """Look at the files of meetings, and at what those who register are mailed."""
    agenda = meetings_of(settings)
    if agenda.unreadable:
        names = say_list(sorted(agenda.unreadable))
        told = say("cannot be read: {names}; their mails wait", names=names)
        yield broken("meetings", told, "newsletter meetings list")
    elif agenda.meetings or agenda.drafts:
        yield good("meetings", carried)
