"""Chooses the engine of background work by the database, and serves until it is asked to stop."""

from collections.abc import Collection
from importlib import import_module

from newsletter.jobs.context import Context
from newsletter.jobs.execution import do
from newsletter.jobs.timetable import job_at_once


def serve_jobs(context: Context, *, queues: Collection[str], concurrency: int) -> None:
    """Do jobs of these queues until asked to stop, then finish what is under way.

    One send is carried on at a time; of other jobs as many as `concurrency` says. Raise ConfigError
    where PostgreSQL lacks what the engine needs.
    """
    engine = "postgres" if context.ledger.is_shared else "local"
    serve = import_module(f"newsletter.jobs.{engine}").serve
    do(context, job_at_once("join-in"))
    serve(context, queues=queues, concurrency=concurrency)
