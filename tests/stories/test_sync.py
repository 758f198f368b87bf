"""What comes back by mail is shown, agreed to and taken in, once, and `send` asks first."""

import csv
import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from tests.conftest import Site
from tests.mailbox.letters import head, plain, recipient, report
from tests.servers.imap import Mailbox, serving

ISSUE = "---\nsubject: Kirje\ndate: 2026-12-15\n---\nHei!\n"
PEOPLE = "email,standing\n" + "".join(f"reader{n}@example.org,active\n" for n in range(1, 6))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Serve an empty mailbox."""
    with serving(Mailbox()) as box:
        yield box


@pytest.fixture
def letters(site: Site, mailbox: Mailbox) -> dict[str, Message]:
    """Send an issue to five readers; return what each got."""
    settings = (site.root / "newsletter.toml").read_text("utf-8")
    settings += (
        '\n[mailbox]\nunsubscribe = "eroa@example.org"\nhost = "127.0.0.1"\nsecurity = "none"\n'
        f'port = {mailbox.port}\nusername = "{mailbox.username}"\n'
    )
    site.write("newsletter.toml", settings)
    site.write(
        ".env", f"NEWSLETTER_SECRET={'s' * 40}\nNEWSLETTER_IMAP_PASSWORD={mailbox.password}\n"
    )
    site.write("issues/2026-12.md", ISSUE)
    site.write("people.csv", PEOPLE)
    site.run("subscribers", "import", "people.csv", "--yes")
    site.run("send", "2026-12", "--yes", "--no-sync")
    files = (site.root / "outbox").rglob("*.eml")
    mails = map(message_from_bytes, map(Path.read_bytes, files))
    return {str(mail["To"]).strip("<>"): mail for mail in mails}


def wish_of(mail: Message) -> bytes:
    """Return the mail by which the reader of another one leaves."""
    offered = re.search(r"<mailto:([^?>]+)\?subject=([^>]+)>", str(mail["List-Unsubscribe"]))
    assert offered
    return plain(head("other@example.net", "", to=offered[1]), "")


def standings(site: Site) -> dict[str, str]:
    """Return how everybody stands."""
    rows = csv.DictReader(site.run("subscribers", "export").stdout.splitlines())
    return {row["email"]: row["standing"] for row in rows}


def test_who_left_bounced_and_wrote(
    site: Site, mailbox: Mailbox, letters: dict[str, Message]
) -> None:
    first, second, third = (letters[f"reader{n}@example.org"] for n in (1, 2, 3))
    mailbox.add(wish_of(first))
    mailbox.add(
        report(
            recipient("5.1.1", "550 5.1.1 unknown"), back=f"Message-ID: {second['Message-ID']}\r\n"
        )
    )
    mailbox.add(report(recipient("4.2.2", "full"), back=f"Message-ID: {third['Message-ID']}\r\n"))
    mailbox.add(plain(head("reader4@example.org", "Automaattinen vastaus: Kirje"), "Lomalla"))
    mailbox.add(plain(head("reader5@example.org", "Vs: Kirje"), "Kiitos!"))

    shown = site.run("sync", answer="no\n", code=1)
    untouched = standings(site)
    told = json.loads(site.run("sync", "--yes", "--json").stdout)
    again = json.loads(site.run("sync", "--yes", "--json").stdout)

    assert "reader1@example.org" in shown.stdout
    assert "reader5@example.org  Vs: Kirje" in shown.stdout
    assert set(untouched.values()) == {"active"}
    assert {row["address"]: row["standing"] for row in told["changes"]} == {
        "reader1@example.org": "unsubscribed",
        "reader2@example.org": "bounced",
    }
    assert told["mails"]["auto_reply"] == 1
    assert [one["sender"] for one in told["letters"]] == ["reader5@example.org"]
    assert (again["mails"], again["changes"]) == ({}, [])
    assert standings(site)["reader3@example.org"] == "active"
    assert mailbox.seen == set()


def test_sending_asks_first_who_left_until_there_is_nothing_else_new(
    site: Site, mailbox: Mailbox, letters: dict[str, Message]
) -> None:
    mailbox.add(wish_of(letters["reader1@example.org"]))
    mailbox.add(wish_of(letters["reader2@example.org"]))
    mailbox.add(plain(head("reader5@example.org", "Vs: Kirje"), "Kiitos!"))
    mailbox.drops_at, mailbox.drops_once = "UID FETCH 2", True
    site.write("issues/2027-01.md", ISSUE.replace("2026-12-15", "2027-01-15"))

    sent = site.run("send", "2027-01", "--yes")
    shown = site.run("sync", "--yes")

    assert "2 get no more mail" in sent.stderr
    # A send shows nobody which mails are for people, so they are new to whoever asks afterwards.
    assert "reader5@example.org  Vs: Kirje" in shown.stdout
    assert len(list((site.root / "outbox" / "2027-01").glob("*.eml"))) == 3


def test_a_mailbox_that_is_away_is_told_and_does_not_stop_a_send(
    site: Site, mailbox: Mailbox, letters: dict[str, Message]
) -> None:
    mailbox.drops_at = "EXAMINE"
    site.write("issues/2027-01.md", ISSUE.replace("2026-12-15", "2027-01-15"))

    alone = site.run("sync", "--yes", code=1)
    sent = site.run("send", "2027-01", "--yes")

    assert "cannot read the mailbox" in alone.stderr
    assert "Not known who left or bounced since" in sent.stderr


def test_a_wrong_password_stops_a_send_and_says_the_cure(
    site: Site, mailbox: Mailbox, letters: dict[str, Message]
) -> None:
    mailbox.password = "another"  # noqa: S105 - of the tests alone
    site.write("issues/2027-01.md", ISSUE.replace("2026-12-15", "2027-01-15"))

    sent = site.run("send", "2027-01", "--yes", code=3)

    assert "NEWSLETTER_IMAP_PASSWORD" in sent.stderr
    site.run("send", "2027-01", "--yes", "--no-sync")
