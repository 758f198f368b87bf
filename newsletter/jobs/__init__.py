"""Background work: one table of jobs, and the engine that does them for each kind of database."""

from newsletter.jobs.context import Context
from newsletter.jobs.engine import serve_jobs

__all__ = ["Context", "serve_jobs"]
