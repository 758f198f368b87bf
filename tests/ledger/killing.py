"""Jobs whose workers are killed, on either database."""

from sqlalchemy import Connection, text

from newsletter.ledger import local_jobs, procrastinate, queue
from tests.ledger.examples import NOW


def lose(connection: Connection, times: int = 1) -> list[str]:
    """Let the workers of all jobs that wait be killed so often; return why any were given up."""
    reasons = list[str]()
    for _ in range(times):
        kill(connection)
        reasons += bring_back(connection)
    return reasons


def kill(connection: Connection) -> None:
    """Let a worker take all that waits, and then be killed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    else:
        connection.execute(text("UPDATE jobs SET state = 'running', worker = 'dead'"))


def bring_back(connection: Connection) -> list[str]:
    """Let what killed workers had under way wait again; return why any were given up."""
    if connection.dialect.name == "postgresql":
        lost = procrastinate.list_lost(connection, 30)
    else:
        lost = local_jobs.list_lost(connection, {"dead"})
    return [job.reason for job in queue.bring_back(connection, lost, NOW)]
