"""A round's own newsletter, provider and processes; whatever was started there ends there."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any, Self

from tests.conftest import ISSUE, REPOSITORY, Site
from tests.servers.forked import Forked
from tests.servers.postgres import PostgresServer
from tests.waiting import PATIENCE

from .kinds import PEOPLE, House

ISSUE_ID = "2026-06"
LONGEST = PATIENCE  # seconds a command may take before the round has failed
Row = tuple[str, str, int]  # address, state of the delivery, its batch

# A delivery that is not decided is where its batch is.
_DELIVERIES = """
    SELECT d.address, CASE WHEN d.state = 'open' THEN b.state ELSE d.state END, b.id
    FROM deliveries d JOIN batches b ON b.id = d.batch_id
"""


def prepare(folder: Path) -> Path:
    """Make the newsletter that every round copies; return its folder."""
    root = folder / "prepared"
    root.mkdir()
    shutil.copy(REPOSITORY / "newsletter.toml", root)
    site = Site(root)
    site.write(f"issues/{ISSUE_ID}.md", ISSUE)
    site.people(PEOPLE)
    return root


class Stage:
    """A copy of the prepared newsletter in `folder`, with a provider for the time of a round."""

    def __init__(self, folder: Path, prepared: Path, house: House, *, is_shared: bool) -> None:
        self.house = house
        self.site = Site(folder / "site", {"NEWSLETTER_API_KEY": house.key})
        self.server = house.server(folder / "journal.jsonl")
        self.postgres = PostgresServer(fsync=False) if is_shared else None
        self._log = folder / "log.txt"
        self._running: list[Forked] = []
        self._said: dict[int, Path] = {}  # by process id
        shutil.copytree(prepared, self.site.root)

    def __enter__(self) -> Self:
        try:
            self.server.start()
            self.site.settings(name=self.house.table(self.server))
            if self.postgres:
                self._share(self.postgres)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.end()
        self.server.stop()
        if self.postgres:
            self.postgres.__exit__()

    @property
    def ledger_file(self) -> Path:
        """Return the file of a ledger that is no PostgreSQL."""
        return self.site.root / "subscribers" / "newsletter.db"

    def start(self, *arguments: str) -> Forked:
        """Start a command; the round's log names the file of what it says."""
        said = self._log.with_name(f"said{len(self._running)}.txt")
        said.touch()
        self.note(f"$ newsletter {' '.join(arguments)} > {said.name}")
        process = Forked(
            ["-C", str(self.site.root), *arguments],
            environment=self.site.full_environment,
            log=said,
        )
        self._running.append(process)
        self._said[process.pid] = said
        return process

    def said_by(self, process: Forked) -> str:
        """Return what a process said that was started here."""
        return self._said[process.pid].read_text(encoding="utf-8", errors="replace")

    def start_send(self, *options: str) -> Forked:
        """Start sending the issue, or going on with it."""
        return self.start("send", ISSUE_ID, "--yes", *options)

    def send(self, *options: str) -> int:
        """Send to the end, or go on; return the exit code."""
        return self.start_send(*options).wait(LONGEST)

    def start_worker(self) -> Forked:
        """Start a worker."""
        return self.start("worker")

    def note(self, words: str) -> None:
        """Write down what happened, and when."""
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{time.time():.3f} {words}\n")

    def deliveries(self) -> list[Row]:
        """Read the ledger's deliveries, past the program."""
        return self.ask(_DELIVERIES)

    def ask(self, statement: str) -> list[Any]:
        """Ask the ledger's database."""
        with self._ledger() as connection:
            return list(connection.execute(statement).fetchall())

    @contextmanager
    def _ledger(self) -> Iterator[Any]:
        if self.postgres:
            with self.postgres.connect() as connection:
                yield connection
            return
        with closing(
            sqlite3.connect(f"file:{self.ledger_file}?mode=ro", uri=True, timeout=30)
        ) as opened:
            yield opened

    def _share(self, postgres: PostgresServer) -> None:
        """Let the ledger be a PostgreSQL with the same people."""
        postgres.__enter__()
        self.site.settings(url=f'url = "{postgres.url_of("postgres", tcp=True)}"')
        people = self.site.root / "subscribers" / "people.csv"
        self.site.run("subscribers", "import", str(people), "--yes")


def ends_within(process: Forked, seconds: float) -> bool:
    """Wait for so long; tell whether the process has ended by itself."""
    try:
        process.wait(max(0.0, seconds))
    except TimeoutExpired:
        return False
    return True
