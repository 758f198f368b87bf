"""Background work: one table of jobs, and the engine that does them for each kind of database."""

from newsletter.jobs.context import Context
from newsletter.jobs.engine import serve_jobs
from newsletter.jobs.rounds import Round, list_rounds

__all__ = ["Context", "Round", "list_rounds", "serve_jobs"]
