"""A newsletter with a theme day, people who register for it, and the mails that reach them."""

import datetime as dt
import email
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event
from typing import Any

from newsletter import mailing, meetings, pipeline
from newsletter.agenda import meetings_of
from newsletter.ledger import Ledger, due_mails, registrations, sends
from newsletter.model.meeting import Attending, DueMail, Entry, Meeting, MeetingMail, Registration
from newsletter.settings import Settings, load_settings
from tests.consent.people import SECRET

NOW = dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LINK = "https://etana.example.org/j/123"
SETTINGS = """\
[newsletter]
title = "Kirje"
titles = {{sv = "Brevet"}}
language = "fi"
from = "Kirje <kirje@example.org>"
reply_to = "toimitus@example.org"
sender = "Säätiö, Katu 1"
public_url = "https://news.example.org/kirje"

[provider]
name = "{provider}"
{more}
"""
FINNISH = """---
title: "Teemapäivä: työnantajat"
start: {start}
end: {end}
place: Esimerkkitalo
address: Esimerkkikatu 1, Helsinki
remote: {link}
seats:
  on-site: 2
  remote: unlimited
{more}---
Tervetuloa!
"""
SWEDISH = """---
title: "Temadag: arbetsgivare"
place: Exempelhuset
address: Exempelgatan 1, Helsingfors
---
Välkommen!
"""


@dataclass
class ThemeDay:
    """A theme day, and a clock that the test moves."""

    root: Path
    ledger: Ledger
    provider: str = "outbox"
    now: dt.datetime = NOW
    seen: set[Path] = field(default_factory=set)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.set()
        self.write()

    def set(self, more: str = "", provider: str = "") -> None:
        """Write the settings."""
        text = SETTINGS.format(provider=provider or self.provider, more=more)
        (self.root / "newsletter.toml").write_text(text, "utf-8")
        (self.root / ".env").write_text(f"NEWSLETTER_SECRET={SECRET}\nNEWSLETTER_API_KEY=a:b\n")
        self.settings = load_settings(self.root)

    def write(
        self, start: str = "2026-12-09 9.30", end: str = '"15.00"', link: str = LINK, more: str = ""
    ) -> None:
        """Write the files of the meeting."""
        folder = self.root / "meetings"
        folder.mkdir(exist_ok=True)
        text = FINNISH.format(start=start, end=end, link=link, more=more)
        (folder / "teemapaiva.md").write_text(text, "utf-8")
        (folder / "teemapaiva.sv.md").write_text(SWEDISH, "utf-8")

    @property
    def meeting(self) -> Meeting:
        """Return the meeting as its file tells it now."""
        [found] = meetings_of(self.settings).meetings
        return found

    def enter(
        self,
        name: str,
        way: Attending = Attending.ON_SITE,
        *,
        is_known: bool = True,
        **more: Any,
    ) -> Registration:
        """Let somebody register."""
        return meetings.register(
            self.ledger,
            self.meeting,
            Entry(attending=way, name=name.title(), **more),
            address=f"{name}@example.org",
            now=self.now,
            is_known=is_known,
        )

    def cancel(self, one: Registration) -> Registration:
        """Let somebody cancel."""
        return meetings.cancel(self.ledger, self.meeting, one.key, self.now)

    def work(self) -> dt.datetime | None:
        """Let the job come round."""
        return mailing.write_meeting_mails(self.settings, self.ledger, self.now)

    def mails(self) -> list[EmailMessage]:
        """Let the job come round, send what is frozen, and return what is new in the outbox."""
        self.work()
        with self.ledger.read() as connection:
            running = sends.list_running(connection)
        for send in running:
            pipeline.deliver(
                self.settings,
                self.ledger,
                send,
                now=self.now,
                progress=lambda _n, _r: None,
                stop=Event(),
            )
        files = set((self.root / "outbox").glob("notice-*/*.eml")) - self.seen
        self.seen |= files
        ordered = sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name))
        return [email.message_from_bytes(f.read_bytes(), policy=default) for f in ordered]

    def rows(self, one: Registration) -> list[DueMail]:
        """Return all mails that there were about a registration."""
        with self.ledger.read() as connection:
            return due_mails.list_mails_of(connection, one.id)

    def row(self, one: Registration, kind: MeetingMail) -> DueMail:
        """Return the one mail of a kind."""
        [found] = [row for row in self.rows(one) if row.kind is kind]
        return found

    def now_is(self, one: Registration) -> Registration:
        """Return somebody's registration as it is now."""
        with self.ledger.read() as connection:
            found = registrations.find_by_id(connection, one.id)
        assert found
        return found


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """Return the page of a mail."""
    part = mail.get_body(("html",))
    assert part
    return str(part.get_content())


def calendar_of(mail: EmailMessage) -> str:
    """Return the calendar of a mail, unfolded; "" if it has none."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            return re.sub(r"\r\n[ \t]", "", data.decode())
    return ""
