"""A server's ledger in a file, written and read by PostgreSQL's own programs."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from newsletter.errors import ConfigError, LedgerError
from newsletter.language import say
from newsletter.ledger import carrying_over, handing, transfer
from newsletter.ledger.open import Ledger, lock_migrations, verify_version
from newsletter.ledger.programs import Programs
from newsletter.ledger.roles import RESTORING, VERSIONS, damaged_backup, is_version, no_backup

_SIGN = b"PGDMP"
_QUEUE = "procrastinate_*"  # jobs follow from the ledger; those of a backup would be of yesterday
_CREATED = re.compile(r"^;\s+Archive created at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.M)
_TABLE = re.compile(r"^\d+; \d+ \d+ TABLE (\S+) (\w+) ", re.M)
_LEFT_OUT = re.compile(rf"^\d+; \d+ \d+ (?:SCHEMA |COMMENT - SCHEMA |TABLE DATA \S+ {VERSIONS} )")
_MARK = f"CREATE TABLE {RESTORING} (since text)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """What a dump says of itself."""

    made_at: dt.datetime | None
    number: str  # of its last migration
    schema: str
    listing: str  # of its entries, as pg_restore takes it back


def is_dump(file: Path) -> bool:
    """Return whether a file begins as pg_dump's archives do."""
    with file.open("rb") as stream:
        return stream.read(len(_SIGN)) == _SIGN


def save_dump(ledger: Ledger, part: Path, programs: Programs) -> None:
    """Write a server's ledger as it is at one moment, whoever writes meanwhile."""
    with ledger.read() as connection:
        server = _server_version(connection.execute(text("SHOW server_version_num")).scalar_one())
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    programs.verify("pg_dump", server)
    programs.run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        f"--schema={schema}",
        f"--exclude-table-data={schema}.{_QUEUE}",
        f"--file={part}",
        f"--dbname={_address(ledger)}",
    )


def describe_dump(file: Path, programs: Programs, *, named: Path | None = None) -> Dump:
    """Read a dump from first to last; raise ConfigError if it is not whole, or not ours.

    Errors name the file that it is to become, if it is another.
    """
    shown = named or file
    try:
        listing = programs.run("pg_restore", "--list", str(file))
        programs.read_through(file)
        tables = dict(reversed(found) for found in _TABLE.findall(listing))
        if not {VERSIONS, "subscribers", "deliveries", "sends"} <= tables.keys():
            raise no_backup(shown)
        rows = programs.run(
            "pg_restore", "--data-only", f"--table={VERSIONS}", "--file=-", str(file)
        )
    except LedgerError as err:
        raise damaged_backup(shown, err.words) from err
    found = re.search(r"^(\d{4})$", rows, re.M)
    number = found[1] if found else ""
    if not is_version(number):
        raise no_backup(shown)
    verify_version(number, str(shown))
    created = _CREATED.search(listing)
    made_at = dt.datetime.fromisoformat(f"{created[1]}+00:00") if created else None
    return Dump(made_at=made_at, number=number, schema=tables["subscribers"], listing=listing)


def load_dump(
    ledger: Ledger,
    file: Path,
    dump: Dump,
    programs: Programs,
    now: dt.datetime,
    *,
    in_doubt: bool,
    sources: carrying_over.Sources,
) -> tuple[int, carrying_over.CarriedOver | None]:
    """Make a ledger of a dump in an empty database.

    Return how many deliveries are in doubt in it, and what other ledgers knew of the time since.
    The number of its version comes last, with these: until then nobody can open it.
    """
    with ledger.write() as connection:
        lock_migrations(connection)
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
        server = _server_version(connection.execute(text("SHOW server_version_num")).scalar_one())
        _verify_room(ledger, dump, schema, is_empty=transfer.is_blank(connection))
        programs.verify("pg_restore", server)
        connection.execute(text(_MARK))
    try:
        _load(ledger, file, dump, programs)
    except BaseException:
        with ledger.write() as connection:
            connection.execute(text(f"DROP TABLE {RESTORING}"))
        raise
    with ledger.write() as connection:
        connection.execute(text(f"DROP TABLE {RESTORING}"))
        count = handing.come_back(connection, dump.number, dump.made_at, now, in_doubt=in_doubt)
        return count, carrying_over.catch_up(connection, sources, now)


def _load(ledger: Ledger, file: Path, dump: Dump, programs: Programs) -> None:
    wanted = [line for line in dump.listing.splitlines() if not _LEFT_OUT.match(line)]
    with TemporaryDirectory() as folder:
        chosen = Path(folder, "listing")
        chosen.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        programs.run(
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-password",
            f"--use-list={chosen}",
            f"--dbname={_address(ledger)}",
            str(file),
        )


def _verify_room(ledger: Ledger, dump: Dump, schema: str, *, is_empty: bool) -> None:
    if not is_empty:
        raise ConfigError(
            say(
                "the database {place} holds something, and nothing is ever written over it: end "
                "what uses it, rename it (ALTER DATABASE ... RENAME TO ...), make an empty one "
                "of its name with createdb, and run the command again",
                place=ledger.place,
            )
        )
    if schema != dump.schema:
        raise ConfigError(
            say(
                "the backup is of the schema {theirs}, and {place} uses {ours}: make the schema, "
                "and name it in [database] url",
                theirs=dump.schema,
                ours=schema,
                place=ledger.place,
            )
        )


def _address(ledger: Ledger) -> str:
    """Return the address of a server as libpq reads it, without a password."""
    url = ledger.engine.url.set(drivername="postgresql", password=None)
    return url.render_as_string(hide_password=False)


def _server_version(number: str) -> int:
    return int(number) // 10_000
