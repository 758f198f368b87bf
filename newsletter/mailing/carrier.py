"""From the ledger to the provider: sends what is frozen, according to the settings."""

import datetime as dt
import os
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from threading import Event

from newsletter.composing import Composer, Outfit, batch_size
from newsletter.delivery import Clock, Progress, Run, Worker, run_send
from newsletter.gateway import (
    equipment_of,
    largest_batch,
    limits_of,
    open_provider,
    options_of,
)
from newsletter.ledger import FrozenSend, Ledger, Send, issue_links, sends
from newsletter.model import Edition, Result, Stationery, Variant, WhenUnknown, number_links
from newsletter.press import link_secret, list_id_of
from newsletter.settings import Settings

# Deliveries that take this machine longer than a further process takes to start: where we write
# each body, and where the provider merges them.
_WORTH, _MERGED_WORTH = 2_000, 50_000


def carry(
    settings: Settings,
    send: Send,
    ledger: Ledger,
    *,
    worker: Worker,
    clock: Clock,
    progress: Progress,
    stop: Event,
    unknown: WhenUnknown | None = None,
) -> Result:
    """Send what is planned; running it again continues where it ended.

    `unknown` is the editor's decision about outcomes that cannot be known.
    """
    table = settings.provider
    with open_provider(settings, send.provider) as provider:
        can = provider.capabilities
        with ledger.read() as connection:
            links = issue_links.find_leading(connection, send.id)
        stationery = stationery_of(settings, send, links, now=clock.now())
        composer = Composer(
            stationery,
            type(provider),
            options_of(settings),
            load_edition=lambda edition_id: _load_edition(ledger, edition_id),
            now=clock.now,
        )
        run = Run(
            send=send,
            ledger=ledger,
            outfit=Outfit(
                stationery=stationery,
                provider=type(provider),
                options=equipment_of(settings, send.provider),
                now=partial(dt.datetime.now, settings.zone),
            ),
            composer=composer,
            worker=worker,
            clock=clock,
            progress=progress,
            stop=stop,
            limits=limits_of(settings, provider),
            greylist_wait=table.greylist_wait,
            settles=can.look_up_settles if table.settles_after is None else table.settles_after,
            processes=table.processes or (cores() if can.merge is None else 1),
            worth_a_process=_MERGED_WORTH if can.merge else _WORTH,
        )
        return run_send(run, concurrency=table.concurrency or can.concurrency, unknown=unknown)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def clock_of(settings: Settings, stop: Event | None = None) -> Clock:
    """Return the newsletter's clock; its sleep ends when `stop` is set."""
    zone = settings.zone
    return Clock(
        now=lambda: dt.datetime.now(zone),
        sleep=(stop or Event()).wait,
        random=random.Random(),  # noqa: S311 - spreads waiting times
    )


def batch_sizes(
    settings: Settings, editions: Mapping[Variant, Edition], send: FrozenSend
) -> dict[Variant, int]:
    """Return how many readers of each edition go into one call."""
    links = number_links(editions.values())
    stationery, options = stationery_of(settings, send, links), options_of(settings)
    with open_provider(settings, send.provider) as provider:
        most = largest_batch(settings, provider)
        return {
            variant: batch_size(edition, stationery, type(provider), options, wanted=most)
            for variant, edition in editions.items()
        }


def require_secrets(settings: Settings) -> None:
    """Raise ConfigError for a missing key before anything is promised."""
    if settings.signs:
        link_secret(settings)
    with open_provider(settings):
        pass


def clear_outbox(settings: Settings, issue_id: str) -> None:
    """Delete from a local outbox what an earlier rehearsal put there."""
    with open_provider(settings) as provider:
        provider.clear(issue_id)


def stationery_of(
    settings: Settings,
    send: FrozenSend,
    links: Mapping[str, int],
    *,
    now: dt.datetime | None = None,
) -> Stationery:
    """Return what every copy of a send carries besides its edition; its links are signed."""
    secret = link_secret(settings) if send.signs else ""
    frozen = send.stationery(list_id=list_id_of(settings), secret=secret, now=now, links=links)
    return replace(frozen, return_to=settings.mailbox.return_to, names_readers=bool(secret))


def _load_edition(ledger: Ledger, edition_id: int) -> Edition:
    with ledger.read() as connection:
        return sends.load_edition(connection, edition_id)
