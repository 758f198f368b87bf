"""`newsletter check --online` as an editor runs it, with a web and a name service of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsletter.checking import ONLINE_RULES
from newsletter.settings.places import parse_nameserver
from tests.checking.online.test_dns import GOOD
from tests.conftest import Site
from tests.servers.dns import NameServer, text
from tests.servers.web import Page, WebServer

ONLINE = {rule.id for rule in ONLINE_RULES}
ISSUE = """\
---
subject: "Joulukuun kirje"
preheader: "Tässä kirjeessä kerrotaan joulun ajan palveluista ja kevään suunnitelmista."
date: 2026-12-15
---
Hei {{ name|"hyvä lukija" }}!

## Kuulumisia

Lue [uutinen](SITE/uutinen) ja [toinen](SITE/poissa).

Tai [poistu listalta](SITE/unsubscribe/me).
"""


@dataclass(frozen=True, kw_only=True)
class World:
    """A newsletter with the web and the DNS it asks."""

    site: Site
    web: WebServer
    names: NameServer

    def check(self, *options: str, code: int | None = None) -> dict[str, Any]:
        """Check the issue online; return its report."""
        done = self.site.run("check", "2026-12", "--online", "--json", *options, code=code)
        (report,) = json.loads(done.stdout)
        return dict(report)

    def settings(self, **lines: str) -> None:
        """Write the table [check] anew."""
        path = self.site.root / "newsletter.toml"
        before = path.read_text(encoding="utf-8").partition("[check]")[0]
        table = "".join(f"{name} = {value}\n" for name, value in lines.items())
        path.write_text(f"{before}[check]\n{table}", encoding="utf-8")


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    """The sender's domain is in order; one page answers, one is missing, one would act."""
    zone = {**GOOD, "www.firma.example": {"A": ["127.0.0.1"]}}
    with WebServer({"/uutinen": Page()}) as web, NameServer(zone) as names:
        made = World(site=site, web=web, names=names)
        made.settings(
            nameserver=f'"{names.setting}"', allow_internal="true", dkim_selectors='["k1"]'
        )
        site.settings(**{"from": 'from = "Kirje <uutiset@firma.example>"'})
        site.settings(reply_to='reply_to = "toimitus@firma.example"')
        site.write("issues/2026-12.md", ISSUE.replace("SITE", web.url("", "www.firma.example")))
        yield made


def test_without_online_nothing_is_asked_and_nothing_online_passes(world: World) -> None:
    done = world.site.run("check", "2026-12", "--json", code=None)

    (report,) = json.loads(done.stdout)
    skipped = {one["id"]: one["reason"] for one in report["skipped"]}
    assert {skipped.get(id) for id in ONLINE} == {"only with --online"}
    assert not ONLINE & set(report["passed"])
    assert world.web.asked == []
    assert world.names.asked == []


def test_online_every_rule_is_found_passed_or_skipped_with_a_reason(world: World) -> None:
    report = world.check(code=1)

    found = [(f["id"], f["path"], f["line"]) for f in report["findings"] if f["id"] in ONLINE]
    skipped = {one["id"]: one["reason"] for one in report["skipped"]}
    assert found == [("link-broken", "issues/2026-12.md", 10)]
    assert {"spf", "dmarc", "dkim-key", "alignment", "bimi"} <= set(report["passed"])
    assert {"from-domain-resolves", "reply-to-resolves"} <= set(report["passed"])
    assert "no public_url" in skipped["list-unsubscribe-get-safe"]
    assert "/unsubscribe/me" in skipped["link-redirects"]
    assert {*report["passed"], *skipped, "link-broken"} >= ONLINE
    assert "/unsubscribe/me" not in world.web.paths


def test_a_second_run_remembers_the_page_that_was_fine(world: World) -> None:
    world.check(code=1)
    first = world.web.paths.count("/uutinen")
    world.check(code=1)

    assert first == 1
    assert world.web.paths.count("/uutinen") == 1
    assert (world.site.root / ".newsletter" / "links.json").is_file()


def test_a_fault_of_the_domain_stands_at_the_sender_in_the_settings(world: World) -> None:
    del world.names.zone["_dmarc.firma.example"]

    report = world.check(code=1)

    (finding,) = [f for f in report["findings"] if f["id"] == "dmarc"]
    lines = (world.site.root / "newsletter.toml").read_text(encoding="utf-8").splitlines()
    assert finding["path"] == "newsletter.toml"
    assert lines[finding["line"] - 1].startswith("from =")


def test_a_sender_of_the_issue_is_asked_about_in_its_place(world: World) -> None:
    path = world.site.root / "issues" / "2026-12.md"
    issue = path.read_text(encoding="utf-8")
    path.write_text(issue.replace("date:", "from: a@muu.example\ndate:", 1), encoding="utf-8")

    report = world.check(code=1)

    places = {(f["path"], f["line"]) for f in report["findings"] if f["id"] == "dmarc"}
    assert places == {("issues/2026-12.md", 4)}


def test_a_machine_in_the_own_network_is_not_asked_unless_allowed(world: World) -> None:
    world.settings(nameserver=f'"{world.names.setting}"')

    report = world.check()

    assert world.web.asked == []
    broken = [f["message"] for f in report["findings"] if f["id"] == "link-broken"]
    assert len(broken) == 2
    assert all("internal address (127.0.0.1)" in message for message in broken)


def test_a_finding_online_can_be_silenced_with_a_reason(world: World) -> None:
    path = world.site.root / "newsletter.toml"
    with path.open("a", encoding="utf-8") as settings:
        settings.write('[check.silence]\nlink-broken = "sivu avataan tiistaina"\n')

    report = world.check()

    assert "link-broken" not in {f["id"] for f in report["findings"]}
    assert [s["reason"] for s in report["silenced"]] == ["sivu avataan tiistaina"]


def test_the_way_out_is_tried_with_a_key_of_nobody(world: World, certificate: Path) -> None:
    page = Page(status=302, to="/login")
    with WebServer({}, certificate=certificate) as public:
        public.pages = _Everything(page)
        table = world.site.root / "newsletter.toml"
        lines = table.read_text(encoding="utf-8")
        url = public.url("", "www.firma.example")
        table.write_text(
            lines.replace("[provider]", f'public_url = "{url}"\n[provider]', 1), encoding="utf-8"
        )
        world.site.environment["NEWSLETTER_SECRET"] = "not-a-real-secret"  # noqa: S105
        world.site.environment["SSL_CERT_FILE"] = str(certificate)

        report = world.check(code=1)

    (finding,) = [f for f in report["findings"] if f["id"] == "list-unsubscribe-get-safe"]
    assert "redirected to /login" in finding["message"]
    assert finding["path"] == "newsletter.toml"
    assert {path[:3] for path in public.paths} == {"/u/"}


class _Everything(dict[str, Page]):
    """Answers every path with one page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def get(self, _path: object, _default: object = None) -> Page:
        """Return the page."""
        return self._page


def test_an_issue_that_cannot_be_read_is_not_asked_about(world: World) -> None:
    world.site.write("issues/2026-12.md", "---\nsubject: x\n---\nHei\n")

    report = world.check(code=1)

    skipped = {one["id"]: one["reason"] for one in report["skipped"]}
    assert {skipped.get(id) for id in ONLINE} == {
        "the issue cannot be read until its errors are mended"
    }
    assert world.names.asked == []


def test_what_goes_on_is_said_on_stderr(world: World) -> None:
    done = world.site.run("check", "2026-12", "--online", code=1)

    assert "Following" in done.stderr
    assert "firma.example" in done.stderr
    assert "\r" not in done.stderr  # a line that is written over belongs on a screen only
    assert "Following" not in done.stdout


def test_a_name_server_that_is_no_address_is_a_mistake_with_its_line(world: World) -> None:
    world.settings(nameserver='"ns.example"')

    done = world.site.run("check", "2026-12", code=3)

    assert "nameserver" in done.stderr
    assert "newsletter.toml:" in done.stderr


@pytest.mark.parametrize("value", ["1.2.3.4:0", "1.2.3.4:99999", "", "1.2.3", "[1.2.3.4", ":53"])
def test_a_name_server_is_an_address_and_no_name(value: str) -> None:
    with pytest.raises(ValueError, match="address of a name server"):
        parse_nameserver(value)


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
    ],
)
def test_a_name_server_has_an_address_and_perhaps_a_port(
    value: str, server: tuple[str, int]
) -> None:
    assert parse_nameserver(value) == server


def test_the_records_shown_in_tests_are_what_dns_holds() -> None:
    """A TXT record of more than 255 characters goes out in pieces."""
    assert text("a" * 300) == f'"{"a" * 255}" "{"a" * 45}"'
