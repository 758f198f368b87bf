"""Rules that tell people from machines, newer than those that come with the program."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from sqlalchemy import Connection, delete, select

from newsletter.ledger.bulk import insert_of
from newsletter.ledger.figure_tables import rulebooks


def finder_of(
    read: Callable[[], AbstractContextManager[Connection]],
) -> Callable[[frozenset[str]], Mapping[str, str] | None]:
    """Return what asks which files of rules were taken, given those known, as a ledger is read."""

    def find(known: frozenset[str]) -> Mapping[str, str] | None:
        with read() as connection:
            return find_rulebooks(connection, known)

    return find


def find_rulebooks(connection: Connection, known: frozenset[str]) -> Mapping[str, str] | None:
    """Which files of rules were taken, by version? None if they are those that are known."""
    versions = frozenset(connection.execute(select(rulebooks.c.version)).scalars())
    if versions == known:
        return None
    rows = connection.execute(select(rulebooks.c.version, rulebooks.c.text))
    return {version: text for version, text in rows}


def keep_rulebook(
    connection: Connection, version: str, text: str, *, instead: frozenset[str]
) -> None:
    """Keep a file of rules in the place of others, which nobody needs any more."""
    connection.execute(delete(rulebooks).where(rulebooks.c.version.in_(instead | {version})))
    new = insert_of(connection)(rulebooks).values(version=version, text=text)
    connection.execute(new.on_conflict_do_nothing())
