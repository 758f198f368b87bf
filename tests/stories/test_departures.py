"""Who bounced, complained or left at the provider is known before the next issue, and spared it."""

import json
from collections.abc import Callable

import pytest

from tests.conftest import Site, StartProvider
from tests.servers.house import ProviderServer

GONE = ["bounces@example.org", "complains@example.org", "leaves@example.org"]
NEXT = """\
---
subject: "Heinäkuun kirje"
preheader: "Tässä kirjeessä kerrotaan heinäkuun kuulumiset ja elokuun suunnitelmat."
date: 2026-07-15
number: 7
---
Hei {{ name|"hyvä lukija" }}!

Heinäkuussa levätään.
"""
Begin = Callable[[str], ProviderServer]


@pytest.fixture
def begin(site: Site, start_provider: StartProvider) -> Begin:
    """Sends an issue to five people, three of whom are gone after it, and asks the provider."""

    def begin(name: str) -> ProviderServer:
        extra = {"mailgun": 'domain = "example.org"', "ses": 'region = "eu-north-1"'}.get(name, "")
        server = start_provider(site, name, extra=extra)
        site.people(2)
        for address in GONE:
            site.run("subscribers", "add", address)
        site.run("send", "2026-06", "--yes")
        site.run("stats", "--pull")
        site.write("issues/2026-07.md", NEXT)
        return server

    return begin


def _mailed(server: ProviderServer, subject: str = "Heinäkuun kirje") -> set[str]:
    return {m["email"] for m in server.messages() if m["subject"] == subject}


def _standing(site: Site, address: str) -> str:
    shown = site.run("subscribers", "show", address, "--json").stdout
    return str(json.loads(shown)["standing"])


@pytest.mark.parametrize("name", ["brevo", "mailgun", "mailjet", "postmark", "resend", "sendgrid"])
def test_nobody_who_is_known_to_be_gone_is_mailed_when_no_one_is_asked(
    site: Site, begin: Begin, name: str
) -> None:
    server = begin(name)

    said = site.run("send", "2026-07", "--yes")

    assert "On the list, but known to be gone: 1 bounced." in said.stderr
    assert _mailed(server) == {"person0@example.org", "person1@example.org"}
    assert [_standing(site, address) for address in GONE] == [
        "bounced", "complained", "unsubscribed",
    ]  # fmt: skip
    assert server.violations() == []


def test_ses_tells_who_bounced_or_complained_and_not_who_left(site: Site, begin: Begin) -> None:
    server = begin("ses")

    said = site.run("send", "2026-07", "--yes")

    assert "On the list, but known to be gone: 1 bounced." in said.stderr
    assert _mailed(server) == {
        "person0@example.org", "person1@example.org", "leaves@example.org",
    }  # fmt: skip
    assert server.violations() == []


def test_the_editor_decides_about_mailboxes_that_bounced_and_about_no_one_who_said_no(
    site: Site, begin: Begin
) -> None:
    server = begin("brevo")

    said = site.run("send", "2026-07", answer="no\nyes\n")

    assert "Take 1 person whose mailbox cannot be reached off the list?" in said.stderr
    assert _mailed(server) == {
        "person0@example.org", "person1@example.org", "bounces@example.org",
    }  # fmt: skip


def test_a_dry_run_tells_and_changes_nobody(site: Site, begin: Begin) -> None:
    begin("brevo")

    said = site.run("send", "2026-07", "--dry-run")

    assert "known to be gone: 1 bounced" in said.stderr
    assert [_standing(site, address) for address in GONE] == [
        "active", "complained", "unsubscribed",
    ]  # fmt: skip


def test_the_list_is_true_as_soon_as_it_is_known_who_said_no(site: Site, begin: Begin) -> None:
    begin("brevo")

    exported = site.run("subscribers", "export").stdout
    listed = site.run("subscribers", "list").stdout

    assert "complains@example.org,,,complained" in exported
    assert "leaves@example.org,,,unsubscribed" in exported
    assert "bounces@example.org,,,active" in exported
    assert "complains@example.org\t\t\tcomplained" in listed
    again = site.run("subscribers", "add", "complains@example.org", code=2)
    assert "complains@example.org is complained; only at their own wish" in again.stderr


def test_who_comes_back_at_their_own_wish_is_mailed_again_whatever_is_pulled(
    site: Site, begin: Begin
) -> None:
    server = begin("brevo")
    site.run("subscribers", "add", "leaves@example.org", "--again")
    site.run("stats", "--pull")

    site.run("send", "2026-07", "--yes")

    assert "leaves@example.org" in _mailed(server)
    assert "complains@example.org" not in _mailed(server)


def test_who_is_gone_is_not_mailed_by_a_send_that_goes_on_or_is_late(
    site: Site, begin: Begin
) -> None:
    server = begin("brevo")
    site.write("issues/2026-08.md", NEXT.replace("Heinäkuu", "Elokuu").replace("-07-", "-08-"))
    site.run("send", "2026-08", "--canary", "1", "--yes", code=1)

    site.run("send", "2026-08", "--yes")

    assert not set(GONE) & _mailed(server, "Elokuun kirje")


def test_an_address_with_letters_beyond_ascii_is_known_as_the_provider_writes_it(
    site: Site, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    site.run("subscribers", "add", "leaves@työkyky.example.org")
    site.run("send", "2026-06", "--yes")

    told = site.run("stats", "--pull")

    assert "2026-06: 1 person who complained or left gets no more mail" in told.stderr
    assert _standing(site, "leaves@työkyky.example.org") == "unsubscribed"
