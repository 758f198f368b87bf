"""Numbered migrations of the ledger, run by Alembic when it is opened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from newsletter.errors import LedgerError
from newsletter.language import say


def upgrade(connection: Connection) -> None:
    """Bring the tables up to the newest migration, within the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as err:
        fault = say("no way leads from its version to this one: {reason}", reason=str(err))
        raise LedgerError(fault) from err
