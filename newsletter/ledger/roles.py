"""What a ledger is that is not in use: a backup, moved away, on its way in. Nobody sends from it.

The role stands before the number of the version, where every program looks that opens a ledger,
older ones too.
"""

import re
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text

from newsletter.errors import ConfigError
from newsletter.language import Wording, say
from newsletter.ledger.tables import handovers

VERSIONS = "alembic_version"  # the table in which Alembic keeps the number of the last migration
RESTORING = "restoring"  # a table that is there while a server's ledger is restored


class Role(StrEnum):
    """What a ledger is."""

    IN_USE = "in use"
    BACKUP = "backup"  # a copy, as all was at one moment
    ARRIVING = "arriving"  # is being filled by a move
    MOVED = "moved"  # closed: another ledger goes on
    GIVEN_UP = "given up"  # a move into it was given up; what it holds is part of another ledger


def find_version(connection: Connection) -> tuple[Role, str] | None:
    """What is a ledger, and which migration was its last? None where there is no number."""
    if not inspect(connection).has_table(VERSIONS):
        return None
    written = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()  # noqa: S608 - ours
    if written is None:
        return None
    role, _, number = str(written).rpartition(":")
    known = role if role in list(Role) else ""
    return (Role(known), number) if known else (Role.IN_USE, str(written))


def set_version(connection: Connection, role: Role, number: str) -> None:
    """Write what a ledger is, and its last migration."""
    written = number if role is Role.IN_USE else f"{role}:{number}"
    connection.execute(text(f"DELETE FROM {VERSIONS}"))  # noqa: S608 - ours
    connection.execute(text(f"INSERT INTO {VERSIONS} VALUES (:written)"), {"written": written})  # noqa: S608 - ours


def verify_role(connection: Connection, role: Role, place: str) -> None:
    """Raise ConfigError for a ledger that is not in use."""
    if role is not Role.IN_USE:
        raise ConfigError(_why_not(connection, role, place))


def no_backup(file: Path) -> ConfigError:
    """Return the error for a file from which no ledger can be made."""
    return ConfigError(say("{file} is no backup of a ledger", file=str(file)))


def damaged_backup(file: Path, reason: str) -> ConfigError:
    """Return the error for a backup that is not whole."""
    return ConfigError(
        say(
            "{file} is damaged or cut short ({reason}); nothing was changed: take another backup",
            file=str(file),
            reason=reason,
        )
    )


def is_version(number: str) -> bool:
    """Return whether a number may be one of ours; other programs use Alembic, too."""
    return re.fullmatch(r"\d{4}", number) is not None


def _why_not(connection: Connection, role: Role, place: str) -> Wording:
    newest = select(handovers.c.place).order_by(handovers.c.at.desc()).limit(1)
    is_there = inspect(connection).has_table(handovers.name)
    other = connection.execute(newest).scalar() if is_there else None
    other = other or "?"
    match role:
        case Role.BACKUP:
            return say(
                "{place} is a backup; “newsletter restore {place}” makes a ledger of it, which "
                "knows that its sends may have gone on since",
                place=place,
            )
        case Role.MOVED if other == place:
            return say(
                "the ledger {place} was about to be replaced by a backup: run “newsletter "
                "restore” again, or keep it by “newsletter database reopen sqlite:///{place}”",
                place=place,
            )
        case Role.MOVED:
            return say(
                'the ledger {place} was moved to {other}: write url = "{other}" below [database] '
                "in newsletter.toml; if the move was cut off, run it again",
                place=place,
                other=other,
            )
        case Role.ARRIVING:
            return say(
                "a ledger is being moved to {place}: run “newsletter database move {other} "
                "{place}” again to finish",
                place=place,
                other=other,
            )
    return say(
        "{place} holds a part of {other}, whose move was given up: empty it, or name another in "
        "[database] url",
        place=place,
        other=other,
    )
