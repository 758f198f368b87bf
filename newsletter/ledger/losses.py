"""How often a job ended with the process that did it, and got no further in the meantime."""

from sqlalchemy import Connection, delete, func, select

from newsletter.ledger.bulk import insert_of
from newsletter.ledger.tables import batches, losses
from newsletter.model import BatchState, KnownJob

# Losses in a row. Whoever kills workers, or lends them machines that vanish, harms no job by it.
MOST = 20


def note_loss(connection: Connection, job: KnownJob) -> bool:
    """Record that a job ended with its process; return whether that was once too often.

    Where batches of its send were settled since the last loss, it is counted from there.
    """
    progress = _progress(connection, job)
    before = connection.execute(select(losses).where(losses.c.key == job.key)).one_or_none()
    is_stuck = before is not None and before.progress == progress
    values = {"times": before.times + 1 if before and is_stuck else 1, "progress": progress}
    row = insert_of(connection)(losses).values(key=job.key, **values)
    connection.execute(row.on_conflict_do_update(index_elements=[losses.c.key], set_=values))
    return values["times"] >= MOST


def list_hopeless(connection: Connection) -> set[str]:
    """Under which keys has a job ended with its process too often?"""
    return set(connection.execute(select(losses.c.key).where(losses.c.times >= MOST)).scalars())


def forget_losses(connection: Connection, key: str) -> None:
    """Count the losses of a job from nought."""
    connection.execute(delete(losses).where(losses.c.key == key))


def _progress(connection: Connection, job: KnownJob) -> int:
    """How many batches of the send that a job is about are settled?"""
    send = job.args.get("send")
    if not isinstance(send, int):
        return 0
    settled = (batches.c.send_id == send) & (batches.c.state == BatchState.SETTLED)
    return connection.execute(select(func.count()).where(settled)).scalar_one()
