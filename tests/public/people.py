"""A public service with people on its list, and mail that is read from its outbox."""

import datetime as dt
import email
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from newsletter.consent import Step, stamp_form
from newsletter.ledger import history, open_ledger, people
from newsletter.links import PreferenceLinks, UnsubscribeLinks
from newsletter.model import Record, Subscriber
from tests.conftest import LEDGER, Site, make_site
from tests.servers.forked import Forked
from tests.serving import Answer, answer_of
from tests.waiting import PATIENCE, read_until, wait_until

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
URL = "https://news.example.org/kirje"  # a proxy would ask for it there
FORM = "application/x-www-form-urlencoded"
SETTINGS = """
[subscribe]
ask_name = "optional"
languages = ["fi", "sv"]
privacy_url = "https://www.example.org/tietosuoja"
{more}
[[subscribe.fields]]
name = "region"
label = "Alue"
labels = {{sv = "Region", en = "Region"}}
choices = ["Lappi", "Uusimaa"]
"""


@dataclass(frozen=True)
class House:
    """A newsletter that serves its readers, and its readers."""

    site: Site
    port: int

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return answer_of(connection, path, method, **headers)

    def post(
        self, path: str, body: bytes | Mapping[str, str] = b"", kind: str = FORM, **headers: str
    ) -> Answer:
        """Post to a page, as a browser or a mail program does."""
        data = body if isinstance(body, bytes) else urlencode(body).encode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(
            "POST", path, body=data, headers={**({"Content-Type": kind} if kind else {}), **named}
        )
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        found = Answer(answer.status, told, answer.read())
        connection.close()
        return found

    def sign_up(self, address: str, *, lang: str = "fi", **more: str) -> Answer:
        """Fill in the form, as somebody does who takes a minute for it."""
        then = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
        given = {"stamp": stamp_form(SECRET, Step.FIRST, then), "email": address, **more}
        return self.post(f"/kirje/subscribe?lang={lang}", given)

    def mails(self, address: str, subject: str = "") -> list[EmailMessage]:
        """Return the answering mails to somebody in the outbox."""
        found = []
        for path in (self.site.root / "outbox").glob("notice-answer-*/*.eml"):
            mail = email.message_from_bytes(path.read_bytes(), policy=default)
            found.append(mail)
        return [m for m in found if address in m["To"] and subject in m["Subject"]]

    def mail(self, address: str, subject: str) -> EmailMessage:
        """Wait for the only mail to somebody about something."""
        wait_until(lambda: self.mails(address, subject))
        [found] = self.mails(address, subject)
        return found

    def person(self, address: str) -> Subscriber | None:
        """Return who has an address."""
        with closing(open_ledger(self.site.root / LEDGER)) as ledger, ledger.read() as connection:
            return people.find_subscriber(connection, address)

    def records(self, key: str) -> list[Record]:
        """Return what happened to somebody."""
        with closing(open_ledger(self.site.root / LEDGER)) as ledger, ledger.read() as connection:
            return history.find_records(connection, [key])[key]

    def leave(self, key: str) -> str:
        """Return the path of somebody's link to leave by."""
        return urlsplit(UnsubscribeLinks(URL, SECRET).link_for(key)).path

    def prefer(self, key: str) -> str:
        """Return the path of somebody's link to their preferences."""
        return urlsplit(PreferenceLinks(URL, SECRET).link_for(key)).path


def make_house(root: Path, more: str = "") -> Site:
    """Make a newsletter that serves its readers."""
    site = make_site(root)
    site.environment["NEWSLETTER_SECRET"] = SECRET
    text = (root / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace("[newsletter]\n", f'[newsletter]\npublic_url = "{URL}"\n', 1)
    site.write("newsletter.toml", text + SETTINGS.format(more=more))
    return site


@contextmanager
def house_at(root: Path, more: str = "", *, listed: str = "") -> Iterator[House]:
    """Serve a newsletter to its readers, with the worker that mails them; `listed` are on it."""
    site = make_house(root, more)
    if listed:
        path = site.write("subscribers/listed.csv", f"email,language\n{listed}")
        site.run("subscribers", "import", str(path), "--yes")
    arguments = ("-C", str(root), "serve", "--port", "0", "--worker")
    # Started here and not by the site: a test would end that.
    process = Forked(arguments, environment=site.full_environment)
    line = read_until(process.stderr, "Serving")
    try:
        yield House(site, int(line.partition("http://127.0.0.1:")[2].split(".")[0]))
    finally:
        process.end()


def links_in(mail: EmailMessage) -> list[str]:
    """Return every link of a mail: of its page, its text and its headers."""
    found = []
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body
        found += re.findall(r"https?://[^\s\"'<>]+", unescape(body.get_content()))
    found += re.findall(r"<(https?://[^>]+)>", mail.get("List-Unsubscribe", ""))
    return sorted(set(found))
