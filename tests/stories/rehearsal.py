"""A send through the real adapter to a server process, in this process and on a turned clock."""

import datetime as dt
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from newsletter.delivery import Clock
from newsletter.ledger import open_ledger, people, sends
from newsletter.mailing.carrier import carry
from newsletter.mailing.crew import worker_of
from newsletter.model import Result, State, Subscriber, WhenUnknown
from newsletter.settings import load_settings
from tests.delivery.scene import plan
from tests.servers.house import ProviderServer, key_for
from tests.servers.smtp import SmtpServer

PEOPLE = 30  # in three batches of ten
JOINED = dt.datetime(2026, 12, 15, 9, tzinfo=dt.UTC)
SETTLES = 60  # seconds until the provider's records are proof
SETTINGS = """\
[newsletter]
title = "Kirje"
from = "Kirje <kirje@example.org>"
sender = "Säätiö, Katu 1"
[provider]
name = "{name}"
timeout = {patience}
concurrency = 1
settles_after = {settles}
{where}
"""
NEEDS = {"mailgun": 'domain = "example.org"', "ses": 'region = "eu-north-1"'}
Server = ProviderServer | SmtpServer


def make_list(folder: Path) -> Path:
    """Make a ledger of people that rehearsals copy, as making one takes a while."""
    file = folder / "list.db"
    ledger = open_ledger(file)
    crowd = [Subscriber(address=f"p{n}@example.org", key=f"k{n}") for n in range(PEOPLE)]
    with ledger.write() as connection:
        people.add_subscribers(connection, crowd, JOINED)
    ledger.close()
    return file


@dataclass(kw_only=True)
class Rehearsal:
    """A planned send to thirty people, and the server that gets it."""

    folder: Path
    name: str
    server: Server
    patience: int = 60  # seconds that the program waits for an answer
    waited: float = 0.0  # seconds that were slept on the turned clock
    remarks: list[str] = field(default_factory=list)

    def prepare(self, people: Path) -> None:
        """Plan the send."""
        shutil.copy(people, self.folder / "newsletter.db")
        (self.folder / ".env").write_text(f"NEWSLETTER_API_KEY={key_for(self.name)}\n")
        ledger = open_ledger(self.folder / "newsletter.db")
        with ledger.write() as connection:
            plan(connection, provider=self.name)
        ledger.close()

    def run(self, url: str = "", *, unknown: WhenUnknown | None = None) -> Result:
        """Run the send as a process of its own would; `url` replaces where the server is."""
        self._point_at(url)
        settings = load_settings(self.folder)
        ledger = open_ledger(self.folder / "newsletter.db")
        with ledger.read() as connection:
            send = sends.find_send(connection, "2026-12")
        assert send
        clock = Clock(now=self._now, sleep=self._sleep, random=random.Random(1))
        try:
            with worker_of(settings, ledger) as worker:
                return carry(
                    settings,
                    send,
                    ledger,
                    worker=worker,
                    clock=clock,
                    progress=lambda _decided, remark: self.remarks.append(remark),
                    stop=Event(),
                    unknown=unknown,
                )
        finally:
            ledger.close()

    def let_settle(self) -> None:
        """Let the time pass after which the provider's records are proof."""
        self._sleep(SETTLES + 1)

    def counts(self) -> dict[str, int]:
        """Return the deliveries by state."""
        ledger = open_ledger(self.folder / "newsletter.db")
        with ledger.read() as connection:
            send = sends.find_send(connection, "2026-12")
            assert send
            counted: dict[State, int] = sends.count_states(connection, send.id)
        ledger.close()
        return {state.value: count for state, count in counted.items()}

    def mailed(self) -> Counter[str]:
        """Return how often each address got the issue, by the server's journal."""
        return Counter(str(message["email"]) for message in self.server.messages())

    def _point_at(self, url: str) -> None:
        where: dict[str, Any] = {"base_url": f'"{url or self.server.url}"'}
        if isinstance(self.server, SmtpServer):
            host, _, port = (url or f"127.0.0.1:{self.server.port}").rpartition(":")
            security = self.server.security
            where = {"host": f'"{host}"', "port": port, "security": f'"{security}"'}
        lines = [f"{key} = {value}" for key, value in where.items()]
        lines.append(NEEDS.get(self.name, ""))
        text = SETTINGS.format(
            name=self.name, patience=self.patience, settles=SETTLES, where="\n".join(lines)
        )
        database = '[database]\nurl = "sqlite:///newsletter.db"\n'
        (self.folder / "newsletter.toml").write_text(text + database, encoding="utf-8")

    def _now(self) -> dt.datetime:
        # It begins in the past, so that it is never tomorrow there: no provider knows that day.
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.waited - 900)

    def _sleep(self, seconds: float) -> None:
        self.waited += seconds
