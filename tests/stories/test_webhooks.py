"""An editor has the provider post here, sees what it posts, and decides about what is held."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.consent import Rules, take_in
from newsletter.ledger import open_ledger
from newsletter.model import Return, ReturnKind
from tests.conftest import LEDGER, Site
from tests.consent.mailed import FIRST, NOW
from tests.servers.house import ProviderServer
from tests.servers.offices import KEY

SECRET = "so long that nobody guesses it"  # noqa: S105 - invented


def set_up(site: Site, provider: str, url: str = "", *, public: bool = True) -> None:
    """Let a newsletter send through a provider."""
    site.environment["NEWSLETTER_SECRET"] = SECRET
    site.environment["NEWSLETTER_API_KEY"] = "test-key"
    text = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    where = 'public_url = "https://news.example.org/kirje"\n' if public else ""
    text = text.replace("[newsletter]\n", f"[newsletter]\n{where}", 1)
    own = f'\n[provider]\nname = "{provider}"\n' + (f'base_url = "{url}"\n' if url else "")
    site.write("newsletter.toml", text.partition("[provider]")[0] + own)


@pytest.fixture
def office(tmp_path: Path) -> ProviderServer:
    """SendGrid's account."""
    return ProviderServer(name="sendgrid", journal_file=tmp_path / "journal.jsonl")


def test_webhooks_are_registered_once_and_their_key_written_down(
    site: Site, office: ProviderServer
) -> None:
    with office as server:
        set_up(site, "sendgrid", server.url)
        first = site.run("webhooks", "install").stderr
        second = site.run("webhooks", "install").stderr

    assert "sendgrid: registered." in first
    assert "newsletter.toml" in first
    assert f'public_key = "{KEY}"' in (site.root / "newsletter.toml").read_text(encoding="utf-8")
    assert "sendgrid: registered already." in second
    assert "newsletter.toml" not in second
    address = json.loads(site.run("webhooks", "list", "--json").stdout)["address"]
    assert address.startswith("https://news.example.org/kirje/w/sendgrid/")
    assert address in first
    assert "posts to" in site.run("webhooks", "list").stdout


def test_what_cannot_be_registered_is_told_step_by_step(site: Site) -> None:
    set_up(site, "ses")

    said = site.run("webhooks", "install").stderr

    assert "by hand" in said
    assert "topics" in said
    assert "https://news.example.org/kirje/w/ses/" in said


@pytest.mark.parametrize(
    ("provider", "public", "words", "code"),
    [
        ("smtp", True, "bounces come as mail", 2),
        ("outbox", True, "tells nothing by webhook", 2),
        ("brevo", False, "public_url", 3),
    ],
)
def test_where_there_are_none_it_says_what_else_there_is(
    site: Site, provider: str, public: bool, words: str, code: int
) -> None:
    set_up(site, provider, public=public)

    assert words in site.run("webhooks", "install", code=code).stderr


@pytest.mark.parametrize("where", ["", "http://127.0.0.1:8080"], ids=["no-address", "this-machine"])
def test_what_is_missing_for_webhooks_is_said_before_they_are_advised(
    site: Site, where: str
) -> None:
    set_up(site, "brevo", public=bool(where))
    text = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    site.write("newsletter.toml", text.replace("https://news.example.org/kirje", where))

    shown = site.run("webhooks", "list").stdout
    refused = site.run("webhooks", "install", code=3).stderr

    assert "cannot post" in shown
    assert shown.index("First write an address") < shown.index("webhooks install")
    assert "newsletter sync" in shown
    assert "public_url" in refused


def test_bounces_that_are_held_wait_for_the_editor(site: Site) -> None:
    site.people(8)
    ledger = open_ledger(site.root / LEDGER)
    told = [
        Return(kind=kind, source="brevo", address=f"person{n}@example.org", at=FIRST, text=said)
        for n, (kind, said) in enumerate(
            [(ReturnKind.SUPPRESSED, "550 5.1.1 gone [bold]")] * 7 + [(ReturnKind.UNKNOWN, "")]
        )
    ]
    told[-1] = replace(told[-1], word="a_kind_to_come")
    with ledger.write() as connection:
        take_in(connection, told, Rules(), NOW)
    ledger.close()

    shown = site.run("returns", code=1).stdout
    rows = json.loads(site.run("returns", "--json", code=1).stdout)
    site.run("returns", "--gone", answer="no\n", code=1)
    decided = site.run("returns", "--gone", answer="yes\n").stderr

    assert "person3@example.org" in shown
    assert "[bold]" in shown
    assert "a_kind_to_come" in shown
    assert (len(rows["held"]), len(rows["unknown"])) == (7, 1)
    assert "7 addresses were taken off." in decided
    assert "Nothing is held." in site.run("returns", "--stay").stderr
    assert site.run("subscribers", "list", "--standing", "bounced").stdout.count("@") == 7
