"""A public service in this process, with a meeting to register for and a clock that can be set."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from newsletter.archive import Archive, Visibility
from newsletter.consent import Step, stamp_form
from newsletter.face import face_of
from newsletter.ledger import Ledger, due_mails, people, registrations
from newsletter.links import MemberLinks
from newsletter.model import DueMail, Registration, Subscriber
from newsletter.public import KeptMeetings, PublicSite, build_app
from newsletter.settings import load_settings
from tests.ledger.blank import open_blank
from tests.public.people import FORM, SECRET, URL, make_house
from tests.serving import Answer

NOW = dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC)  # noon, five weeks before
MEETING = """\
---
title: Teemapäivä
start: 2026-12-09 09:00
end: 15:00
deadline: 2026-12-02
place: Kohtaamo
address: Katu 1, Helsinki
remote: https://meet.example.org/kohtaus-123
seats:
  on-site: 1
  remote: unlimited
ask: [organisation, needs]
questions:
  lounas:
    label: Syötkö lounaan?
    choices: [Kyllä, En]
    required: true
---
Tervetuloa **mukaan**!

| Aika | Mitä |
|---|---|
| 9.00 | Avaus |
"""
REMOTE_ONLY = """\
---
title: Tapaaminen
start: 2026-12-10 16:00
end: 17:00
remote: https://meet.example.org/toinen-456
---
Keskustelua.
"""
FILLED = {"attending": "on-site", "question-lounas": "Kyllä", "pressed": "yes"}


@dataclass
class PublicHall:
    """A service that shows meetings, and its ledger."""

    root: Path
    ledger: Ledger
    app: Any = None
    site: PublicSite | None = None
    now: dt.datetime = NOW
    keys: dict[str, str] = field(default_factory=dict)  # of members, by name

    def restart(self) -> None:
        """Serve as a process that has just begun, which remembers nothing of files."""
        assert self.site
        zone = load_settings(self.root).zone
        kept = KeptMeetings(self.root / "meetings", language="fi", zone=zone)
        self.app = build_app(replace(self.site, meetings=kept, is_withheld=kept.is_withheld))

    def ask(
        self, path: str, method: str = "GET", body: Mapping[str, str] | None = None, **headers: str
    ) -> Answer:
        """Ask for a path below the public URL."""
        where, _, query = f"/kirje{path}".partition("?")
        data = urlencode(body or {}).encode()
        named = {"content-type": FORM, **{k.replace("_", "-"): v for k, v in headers.items()}}
        scope = {
            "type": "http",
            "method": method,
            "path": where,
            "raw_path": where.encode(),
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in named.items()],
            "client": ("192.0.2.7", 1),
            "server": ("news.example.org", 443),
            "scheme": "https",
            "http_version": "1.1",
            "root_path": "",
        }
        told: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": data, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        asyncio.run(self.app(scope, receive, send))
        found = {k.decode(): v.decode() for k, v in told[0]["headers"]}
        return Answer(told[0]["status"], found, b"".join(m.get("body", b"") for m in told[1:]))

    def get(self, path: str, **headers: str) -> str:
        """Return the page at a path."""
        return self.ask(path, "GET", None, **headers).body.decode()

    def post(self, path: str, **given: str) -> Answer:
        """Press a button of a form."""
        return self.ask(path, "POST", {"pressed": "yes", **given})

    def me(self, name: str) -> str:
        """Return the token by which links of an issue say that they are somebody's."""
        return MemberLinks(SECRET).link_for(self.keys[name])

    def stamp(self) -> str:
        """Return what a form carries that was shown a minute ago."""
        return stamp_form(SECRET, Step.FIRST, self.now - dt.timedelta(minutes=1))

    def rows(self, meeting: str = "teemapaiva") -> list[Registration]:
        """Return all registrations."""
        with self.ledger.read() as connection:
            return registrations.list_registrations(connection, meeting)

    def one(self, address: str) -> Registration:
        """Return somebody's registration."""
        with self.ledger.read() as connection:
            found = registrations.find_of_address(connection, "teemapaiva", address)
        assert found
        return found

    def mails(self) -> list[DueMail]:
        """Return what is to be mailed."""
        with self.ledger.read() as connection:
            return due_mails.list_mails(connection, "teemapaiva")


def open_hall(root: Path) -> PublicHall:
    """Open a service with two members, aino and bertta."""
    make_house(root)
    for name, text in (("teemapaiva", MEETING), ("toinen", REMOTE_ONLY)):
        (root / "meetings").mkdir(exist_ok=True)
        (root / "meetings" / f"{name}.md").write_text(text, encoding="utf-8")
    settings, ledger = load_settings(root), open_blank(root / "ledger.db")
    hall = PublicHall(root=root, ledger=ledger)
    site = PublicSite(
        ledger=ledger,
        face=face_of(settings),
        archive=Archive(ledger, Visibility()),
        public_url=URL,
        outbox=root / "outbox",
        contact="mailto:toimitus@example.org",
        now=lambda: hall.now,
        zone=settings.zone,
        sender="Kirje <kirje@example.org>",
        secret=SECRET,
    )
    hall.site = site
    hall.restart()
    hall.keys = {name: f"{name:-<16}" for name in ("aino", "bertta")}
    added = [
        Subscriber(address=f"{name}@example.org", key=key, name=name.title(), language="fi")
        for name, key in hall.keys.items()
    ]
    with ledger.write() as connection:
        people.add_subscribers(connection, added, NOW)
    return hall
