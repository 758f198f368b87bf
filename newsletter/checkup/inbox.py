"""Examines whether the newsletter's mailbox lets us in; no mail of it is read."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from newsletter.checkup.diagnoses import Diagnosis, broken, good
from newsletter.errors import ConfigError, MailboxError
from newsletter.feedback.mail_access import access_of
from newsletter.language import say
from newsletter.mailbox import read_new
from newsletter.settings import Settings

_PATIENCE = 8.0  # seconds of silence


def look_at_inbox(settings: Settings, *, now: dt.datetime) -> Iterator[Diagnosis]:
    """Log in, open the folder for reading alone, and fetch nothing."""
    if not settings.mailbox.is_read:
        return
    try:
        access = access_of(settings, now.timestamp())
        hurried = replace(access, timeout=min(access.timeout, _PATIENCE))
        read_new(hurried, None, bytes, most=0)
    except (ConfigError, MailboxError) as err:
        yield broken("mailbox", err.words)
        return
    told = say("{host} lets {user} in", host=access.host, user=access.username)
    yield good("mailbox", told)
