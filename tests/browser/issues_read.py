"""Five issues go out, and readers open them in a browser: all that a newsletter is told of that.

Two are rehearsed in the outbox, and counted by the service that runs. Three are mailed: one is
counted by the service, one by the provider, which also posts what happens, and of one the provider
tells when it is asked alone.
"""

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from newsletter.ledger.instants import as_text
from tests.browser.windows import SERVICE, SITE, readers_browser, window_of
from tests.conftest import LEDGER, Site, make_site
from tests.previewing import previewing
from tests.public.test_hooks import post, rows
from tests.servers.brevo import BrevoServer
from tests.servers.dialect import bare
from tests.servers.hooks import posted
from tests.servers.house import specification
from tests.servers.posting import event_of
from tests.servers.visits import Visit, note
from tests.serving import serving
from tests.waiting import wait_until

READERS = 12
REHEARSED = FIRST, SECOND = "2026-05", "2026-06"
MAILED = COUNTED, POSTED, PULLED = "2026-07", "2026-08", "2026-09"
LINKS = {"verkkosivut": "/", "kurssit": "/kurssit", "oppaat": "/oppaat"}
ISSUE = """\
---
subject: "Kirje {issue}"
date: {issue}-15
---
## Kuulumisia

Katso uudet [verkkosivut](https://www.example.org/).

## Koulutukset

Katso [kurssit](https://www.example.org/kurssit) ja [oppaat](https://www.example.org/oppaat).
"""
PUBLIC = f"https://{SERVICE}/kirje"
HEAD = f'[newsletter]\npublic_url = "{PUBLIC}"\n'
THUNDERBIRD = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
APPLE = "Mozilla/5.0"  # its proxy gives no other name
WHO = {THUNDERBIRD: "human", CHROME: "unknown", APPLE: "machine"}  # opens a mail, by our rules


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A copy that somebody opens."""

    program: str
    link: str = ""  # that they follow, by its words
    shows: bool = True  # pictures


OPENED: Mapping[str, list[Opening]] = {
    FIRST: [
        Opening(program=THUNDERBIRD, link="kurssit"),
        Opening(program=THUNDERBIRD, link="oppaat"),
        Opening(program=THUNDERBIRD),
        Opening(program=CHROME, link="kurssit"),
    ],
    SECOND: [
        Opening(program=CHROME, link="verkkosivut", shows=False),
        Opening(program=APPLE),
        Opening(program=APPLE),
    ],
    COUNTED: [Opening(program=THUNDERBIRD, link="oppaat"), Opening(program=CHROME)],
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the provider tells of an issue: readers who opened it, and who followed a link."""

    opened: int
    clicked: int


LISTED = {COUNTED: Told(opened=9, clicked=7), POSTED: Told(opened=6, clicked=3)}
LISTED |= {PULLED: Told(opened=3, clicked=2)}
# Of what is listed, the first arrive as they happen; the others got lost.
ARRIVED = {COUNTED: Told(opened=9, clicked=7), POSTED: Told(opened=4, clicked=2)}


def loads_of(issue: str) -> Counter[str]:
    """Return how often the pictures of an issue were loaded, by who it was thought to be."""
    return Counter(WHO[one.program] for one in OPENED[issue] if one.shows)


def follows_of(issue: str) -> Counter[str]:
    """Return how often each link of an issue was followed."""
    return Counter(one.link for one in OPENED[issue] if one.link)


@contextmanager
def issues_read(browser: Browser, root: Path) -> Iterator[Site]:
    """Give the newsletter after all that, and with it the reports of what was rehearsed."""
    site = _begin(root)
    server = BrevoServer(
        name="brevo",
        journal_file=root / "journal.jsonl",
        spec=specification("brevo"),
        visits=root / "visits.jsonl",
        bodies="all",
    )
    with server:
        with (
            serving(site) as service,
            readers_browser(browser, service.port, root, *LINKS.values()) as theirs,
        ):
            _rehearse(site, theirs)
            _mail_and_count(site, server, theirs)
        _let_the_provider_count(site, server)
        assert server.violations() == []
        yield site


def _begin(root: Path) -> Site:
    site = make_site(root / "site")
    site.environment["NEWSLETTER_SECRET"] = "so long that nobody guesses it"  # noqa: S105
    text = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace("[newsletter]\n", HEAD, 1) + '\n[statistics]\nheaders = "en"\n'
    site.write("newsletter.toml", text)
    site.settings(opens='opens = "aggregate"')
    for issue in (*REHEARSED, *MAILED):
        site.write(f"issues/{issue}.md", ISSUE.format(issue=issue))
    site.people(READERS)
    return site


def _rehearse(site: Site, browser: Browser) -> None:
    """Send two issues to the outbox, open them there, and report."""
    outbox = site.root / "outbox"
    for issue in REHEARSED:
        site.run("send", issue, "--yes")
        for n, one in enumerate(OPENED[issue]):
            _open(browser, outbox / issue / f"person{n}@example.org.html", one, n)
    site.run("send", SECOND, "--test", "editor@example.org", "--yes")
    test = outbox / f"{SECOND}-test" / "editor@example.org.html"
    _open(browser, test, Opening(program=THUNDERBIRD, link="kurssit"))
    with (
        previewing(site) as preview,
        window_of(browser, THUNDERBIRD) as page,
        page.expect_response(f"{PUBLIC}/o/*"),
    ):
        page.goto(f"{preview.origin}/issues/{SECOND}")
    site.run("stats", "--html", str(site.root / "rehearsed.html"))


def _mail_and_count(site: Site, server: BrevoServer, browser: Browser) -> None:
    """Mail an issue that the service counts, and let it be opened, and read in the archive."""
    site.environment["NEWSLETTER_API_KEY"] = server.api_key
    site.settings(name=f'name = "brevo"\nbase_url = "{server.url}"')
    site.run("send", COUNTED, "--yes", "--not-sent-before")
    mails = server.messages()
    for n, one in enumerate(OPENED[COUNTED]):
        file = site.root / f"copy{n}.html"
        file.write_text(mails[n]["html"], encoding="utf-8")
        _open(browser, file, one, n)
    with window_of(browser, THUNDERBIRD) as page:
        page.goto(f"{PUBLIC}/{COUNTED}")
        page.get_by_role("link", name="kurssit").click()
        page.wait_for_url(f"https://{SITE}/kurssit")


def _let_the_provider_count(site: Site, server: BrevoServer) -> None:
    """Mail two issues that the provider counts; it posts what happens, but some of it gets lost."""
    site.settings(opens='opens = "provider"')
    for issue in (POSTED, PULLED):
        site.run("send", issue, "--yes")
    now = dt.datetime.now(dt.UTC)
    _came_at(site, now - dt.timedelta(hours=1))  # else whoever follows a link is a machine
    with serving(site, "--worker") as service:
        path = urlsplit(json.loads(site.run("webhooks", "list", "--json").stdout)["address"]).path
        for issue, told in LISTED.items():
            arrived = ARRIVED.get(issue, Told(opened=0, clicked=0))
            mails = [mail for mail in server.messages() if mail["subject"].endswith(issue)]
            done = [(mail, _visit(mail, now)) for mail in mails[: told.opened]]
            done += [(mail, _visit(mail, now, SITE)) for mail in mails[: told.clicked]]
            note(server.visits or Path(), *(visit for _, visit in done))
            come = done[: arrived.opened] + done[told.opened :][: arrived.clicked]
            for mail, visit in come:
                post(service, path, posted("brevo", event_of("brevo", mail, visit), now))
        wait_until(lambda: "waiting" not in rows(service))


def _open(browser: Browser, file: Path, one: Opening, reader: int = 50) -> None:
    """Open a mail, its pictures with it, and follow a link."""
    with window_of(browser, one.program, f"198.51.100.{reader + 1}") as page:
        if not one.shows:
            page.route("**/*.gif", lambda asked: asked.abort())
        page.goto(file.as_uri())
        if one.link:
            page.get_by_role("link", name=one.link).click()
            page.wait_for_url(f"https://{SITE}{LINKS[one.link]}")


def _visit(mail: Mapping[str, Any], at: dt.datetime, site: str = "") -> Visit:
    """Return that a mail was opened, or that a link to a site was followed."""
    return Visit(
        message_id=bare(mail["messageId"]),
        email=mail["email"],
        kind="clicked" if site else "opened",
        at=at,
        url=f"https://{site}/oppaat" if site else "",
        agent=THUNDERBIRD,
        network="198.51.100.7",
    )


def _came_at(site: Site, moment: dt.datetime) -> None:
    """Let all mail have been taken by the provider at a moment."""
    path = site.root / LEDGER
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as ledger:
        ledger.execute("UPDATE deliveries SET changed_at = ?", (as_text(moment),))
