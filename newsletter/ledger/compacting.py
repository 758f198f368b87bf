"""Takes what was deleted out of the ledger's files, where a database keeps it for a while."""

import sqlite3
from contextlib import suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from newsletter.ledger.open import Ledger


def flush(ledger: Ledger) -> None:
    """Take old versions of what was overwritten out of the files, if nobody reads them.

    SQLite keeps them in its journal; PostgreSQL as dead rows, of which those of urns would tell by
    their transaction beside whom an answer came. A plain VACUUM would free their place without
    overwriting it, so the table is written anew: nobody waits for that, and where somebody reads
    meanwhile it is done the next time.
    """
    if ledger.is_shared:
        alone = ledger.engine.execution_options(isolation_level="AUTOCOMMIT")
        with suppress(DBAPIError), alone.connect() as server:
            server.execute(text("VACUUM (FULL, SKIP_LOCKED) urns"))
        return
    connection = ledger.engine.raw_connection()
    with suppress(sqlite3.OperationalError):
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def compact(ledger: Ledger) -> bool:
    """Take what was deleted out of the files, too; return False where somebody holds the ledger.

    SQLite keeps old versions of pages in its journal, and those of an older program that did not
    overwrite them in free space; PostgreSQL keeps dead rows, of which the place becomes free to be
    written over.
    """
    connection = ledger.engine.raw_connection()
    try:
        if ledger.is_shared:
            connection.driver_connection.autocommit = True  # type: ignore[union-attr]
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        if not ledger.is_shared:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(cursor.fetchall()[0][0] == 0)
    except (sqlite3.OperationalError, DBAPIError):
        return False
    finally:
        connection.invalidate()  # it is set up otherwise than others in the pool
    return True
