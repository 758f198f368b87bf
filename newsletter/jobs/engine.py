"""Chooses the engine of background work by the database, and serves until it is asked to stop."""

import time
from collections.abc import Collection
from importlib import import_module

from newsletter import mailing
from newsletter.errors import LedgerBusyError
from newsletter.jobs.context import Context

_PAUSE = 1.0  # seconds


def serve_jobs(context: Context, *, queues: Collection[str], concurrency: int) -> None:
    """Do jobs of these queues until asked to stop, then finish what is under way.

    One send is carried on at a time; of other jobs as many as `concurrency` says. Raise ConfigError
    where PostgreSQL lacks what the engine needs.
    """
    engine = "postgres" if context.ledger.is_shared else "local"
    serve = import_module(f"newsletter.jobs.{engine}").serve
    _join_in(context)
    serve(context, queues=queues, concurrency=concurrency)


def _join_in(context: Context) -> None:
    """Take part in the sends under way."""
    while not context.stop.is_set():
        try:
            mailing.find_forgotten(context.ledger, anew=True)
            return
        except LedgerBusyError as err:
            context.tell(err.words)
        time.sleep(_PAUSE)
