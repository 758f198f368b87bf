"""Opens and clicks are counted of those who allow it, and everybody else is answered the same."""

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from newsletter.counted_links import CountedLinks
from newsletter.ledger.instants import as_text
from tests.conftest import ISSUE, LEDGER, Site, make_site
from tests.servers.forked import Forked
from tests.serving import Service, serving
from tests.waiting import join, read_until, wait_until

SECRET = "so long that nobody guesses it"  # noqa: S105
PUBLIC = "https://news.example.org/kirje"
TARGET = "https://www.example.org/opas?a=1&b=%C3%A4#luku"
MEETING = f"{PUBLIC}/meetings/teemapaiva?kieli=fi#ohjelma"
LINKS = CountedLinks(PUBLIC, SECRET)
YESTERDAY = as_text(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
BROWSER = {"user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}


NEWER = f"""\
version = "{dt.datetime.now(dt.UTC):%Y-%m-%d}.99"
[[rules]]
reason = "no-proxy"
visitor = "machine"
words = ["googleimageproxy"]
"""


@dataclass(frozen=True)
class Counting:
    """A service whose newsletter was sent to person0, who allows it, and person1, who does not."""

    service: Service

    def query(self, sql: str, *values: Any) -> list[Any]:
        path = self.service.site.root / LEDGER
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def hits(self) -> list[Any]:
        """Return what was counted since this was last asked."""
        found = self.query("SELECT kind, link, verdict, reason, delivery_id, count FROM hits")
        self.query("DELETE FROM hits")
        return found

    def copy(self, name: str) -> str:
        """Return a reader's page."""
        outbox = self.service.site.root / "outbox" / "2026-06"
        return (outbox / f"{name}@example.org.html").read_text("utf-8")

    def paths(self, name: str) -> tuple[str, str]:
        """Return where the picture and the first link of a reader's copy are asked for."""
        page = self.copy(name)
        found = [re.search(rf"https://news.example.org(/kirje/{w}/[^\"]+)", page) for w in "or"]
        assert found[0]
        assert found[1]
        return found[0][1], found[1][1]


def make_counting(root: Path, opens: str) -> Site:
    made = make_site(root)
    made.environment["NEWSLETTER_SECRET"] = SECRET
    text = (root / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace("[newsletter]\n", f'[newsletter]\npublic_url = "{PUBLIC}"\n', 1)
    text = re.sub(r"\[tracking\]\nopens = .*\n", "", text)
    made.write("newsletter.toml", f'{text}\n[tracking]\nopens = "{opens}"\n')
    made.write("issues/2026-06.md", f"{ISSUE}\n[Opas]({TARGET})\n\n[Teemapäivä]({MEETING})\n")
    made.people(2)
    query = "UPDATE subscribers SET tracking = 'granted' WHERE address LIKE 'person0%'"
    with sqlite3.connect(root / LEDGER) as connection:
        connection.execute(query)
    connection.close()
    made.run("send", "2026-06", "--yes")
    with sqlite3.connect(root / LEDGER) as connection:  # as if it had gone to readers, yesterday
        connection.execute("UPDATE sends SET scope = issue_id")
        connection.execute("UPDATE deliveries SET changed_at = ?", (YESTERDAY,))
    connection.close()
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_counting(tmp_path_factory.mktemp("counting") / "site", "consented")


@pytest.fixture(scope="module")
def counting(made: Site) -> Iterator[Counting]:
    """The service; started here and not by the site, as a test would end that."""
    process = Forked(
        ("-C", str(made.root), "serve", "--port", "0"), environment=made.full_environment
    )
    line = read_until(process.stderr, "Serving")
    port = int(line.partition("http://127.0.0.1:")[2].split(".")[0])
    yield Counting(Service(made, process, port))
    process.end()


def test_an_open_and_a_click_of_who_allowed_it_are_counted(counting: Counting) -> None:
    picture, link = counting.paths("person0")

    shown = counting.service.ask(picture, **BROWSER)
    led = counting.service.ask(link, **BROWSER)

    assert (shown.status, shown.headers["content-type"]) == (200, "image/gif")
    assert shown.body.startswith(b"GIF89a")
    assert (led.status, led.body) == (302, b"")
    assert led.headers["location"] in (TARGET, "https://www.example.org/")
    for answer in (shown, led):
        assert answer.headers["cache-control"] == "no-store"
        assert not {"etag", "set-cookie", "last-modified"} & set(answer.headers)
    assert counting.hits() == [
        ("opened", None, "human", "shown-later", 1, 1),
        ("clicked", 1, "unknown", "no-rule", 1, 1),
    ]


def test_a_counted_link_to_a_meeting_says_who_reads_and_any_other_says_nothing(
    counting: Counting,
) -> None:
    page = unescape(counting.copy("person0"))
    [(path, token)] = re.findall(r"https://news.example.org(/kirje/r/[^\"?]+)\?(me=[^\"&]+)&", page)

    led = counting.service.ask(f"{path}?{token}&kieli=fi", **BROWSER)
    other = counting.service.ask(f"{counting.paths('person0')[1]}?{token}", **BROWSER)

    assert led.headers["location"] == MEETING.replace("#", f"&{token}#")
    assert "me=" not in other.headers["location"]
    assert [row[1] for row in counting.hits()] == [3, 1]


def test_what_comes_with_the_mail_is_no_reading(counting: Counting) -> None:
    picture, link = counting.paths("person0")
    counting.query("UPDATE deliveries SET changed_at = ?", as_text(dt.datetime.now(dt.UTC)))

    counting.service.ask(picture, **BROWSER)
    counting.service.ask(link, **BROWSER)

    assert [row[2:4] for row in counting.hits()] == [
        ("unknown", "opened-at-once"),
        ("machine", "at-once"),
    ]
    counting.query("UPDATE deliveries SET changed_at = ?", YESTERDAY)


def test_who_did_not_allow_it_has_nothing_in_the_mail_to_count(counting: Counting) -> None:
    page = counting.copy("person1")

    assert "/kirje/o/" not in page
    assert "/kirje/r/" not in page
    assert TARGET.replace("&", "&amp;") in page


def test_whoever_withdraws_is_answered_the_same_and_not_counted(counting: Counting) -> None:
    picture, link = counting.paths("person0")
    before = [counting.service.ask(path, **BROWSER) for path in (picture, link)]
    counting.hits()
    counting.query("UPDATE subscribers SET tracking = 'denied' WHERE id = 1")

    after = [counting.service.ask(path, **BROWSER) for path in (picture, link)]

    counting.query("UPDATE subscribers SET tracking = 'granted' WHERE id = 1")
    assert counting.hits() == []
    for one, other in zip(before, after, strict=True):
        assert (one.status, one.body) == (other.status, other.body)
        ignored = {"date"}
        assert {k: v for k, v in one.headers.items() if k not in ignored} == {
            k: v for k, v in other.headers.items() if k not in ignored
        }


def test_a_machine_that_only_looks_is_counted_as_one(counting: Counting) -> None:
    picture, link = counting.paths("person0")

    answers = [counting.service.ask(path, method="HEAD", **BROWSER) for path in (picture, link)]

    assert [answer.status for answer in answers] == [200, 302]
    assert [answer.body for answer in answers] == [b"", b""]
    assert {(kind, who) for kind, _, who, *_ in counting.hits()} == {
        ("opened", "machine"),
        ("clicked", "machine"),
    }


def test_a_scanner_that_posts_to_what_it_finds_counts_for_nothing(counting: Counting) -> None:
    for path in counting.paths("person0"):
        assert counting.service.ask(path, method="POST", **BROWSER).status >= 400

    assert counting.hits() == []


def test_a_forged_address_leads_nowhere_and_counts_nothing(counting: Counting) -> None:
    picture, link = counting.paths("person0")
    token = link.rpartition("/")[2].partition(".")[0]
    forged = [
        f"/kirje/r/{'A' * 24}.1",
        f"/kirje/r/{token}.99",
        f"/kirje/r/{token}.1x",
        f"/kirje/r/{token}.%D9%A1",  # an Arabic 1: one link has one address
        f"/kirje/r/{token}",
        f"/kirje/r/{token}.1?url=https://evil.example.com/",
        f"/kirje/r/{picture.rpartition('/')[2].removesuffix('.gif')}.1",
        "/kirje/r/https://evil.example.com/.1",
        LINKS.redirects(99, 1).removeprefix("https://news.example.org") + "1",
    ]

    answers = [counting.service.ask(path, **BROWSER) for path in forged]

    assert [answer.status for answer in answers] == [404] * 5 + [302] + [404] * 3
    assert "evil" not in answers[5].headers["location"]
    counting.hits()
    assert counting.service.ask(f"/kirje/o/{'A' * 24}.gif").body.startswith(b"GIF89a")
    assert counting.service.ask("/kirje/o/x.gif").status == 200
    assert counting.hits() == []


def test_a_copy_of_a_test_leads_on_and_is_not_counted(counting: Counting, made: Site) -> None:
    counting.query("UPDATE sends SET scope = 'test:abc'")

    with serving(made) as service:  # another one, which does not know that send yet
        answers = [service.ask(path, **BROWSER) for path in counting.paths("person0")]

    counting.query("UPDATE sends SET scope = issue_id")
    assert [answer.status for answer in answers] == [200, 302]
    assert counting.hits() == []


def test_no_copy_has_an_address_or_what_is_made_of_one_in_a_link(counting: Counting) -> None:
    for path in counting.paths("person0"):
        token = path.rpartition("/")[2]
        assert "person" not in path
        assert re.fullmatch(r"[\w-]{24}\.(gif|\d+)", token)


def test_of_so_few_readers_figures_tell_nothing_of_what_was_counted(counting: Counting) -> None:
    picture, link = counting.paths("person0")
    for _ in range(3):
        counting.service.ask(picture, user_agent="x (via ggpht.com GoogleImageProxy)")
    counting.service.ask(link, **BROWSER)

    [row] = json.loads(counting.service.site.run("stats", "--json").stdout)

    assert counting.query("SELECT sum(count) FROM visits") == [(4,)]
    assert row["source"] == "tracking"
    assert "fewer than 10 readers" in row["hidden_because"]
    told = (*row["opens"].values(), *row["clicks"].values(), row["open_rate"]["high"])
    assert set(told) == {None}


def test_newer_rules_are_used_once_they_are_taken(counting: Counting, made: Site) -> None:
    made.write("newer.toml", NEWER)
    told = made.run("stats", "--update-rules", str(made.root / "newer.toml")).stderr

    assert "Taken: the rules of " in told
    with serving(made) as service:
        service.ask(counting.paths("person0")[0], user_agent="x (via ggpht.com GoogleImageProxy)")
    assert [row[2:4] for row in counting.hits()] == [("machine", "no-proxy")]
    again = made.run("stats", "--update-rules", str(made.root / "newer.toml"), code=1).stderr
    assert "newer.toml:1: version " in again
    counting.query("DELETE FROM rulebooks")


def test_of_all_together_it_is_not_known_who(tmp_path: Path) -> None:
    with serving(make_counting(tmp_path / "site", "aggregate")) as service:
        counting = Counting(service)
        assert counting.paths("person0") == counting.paths("person1")

        for path in counting.paths("person0"):
            service.ask(path, **BROWSER)

        assert [(hit[0], hit[4]) for hit in counting.hits()] == [
            ("opened", None),
            ("clicked", None),
        ]


def test_a_file_that_is_held_keeps_nobody_from_where_they_want_to_go(counting: Counting) -> None:
    _, link = counting.paths("person0")
    assert counting.service.ask(link, **BROWSER).status == 302  # what is known of the send
    holder = sqlite3.connect(counting.service.site.root / LEDGER, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        assert counting.service.ask(link, **BROWSER).status == 302
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def test_a_service_that_is_killed_has_stored_what_it_answered(made: Site) -> None:
    with serving(made) as service:
        counting = Counting(service)
        counting.hits()
        picture, _ = counting.paths("person0")
        answered = list[int]()

        def ask_on() -> None:
            with suppress(OSError, HTTPException):
                while True:
                    answered.append(service.ask(picture, **BROWSER).status)

        askers = [Thread(target=ask_on) for _ in range(4)]
        for asker in askers:
            asker.start()
        wait_until(lambda: len(answered) > 40)
        service.process.kill()
        for asker in askers:
            join(asker)

        assert set(answered) == {200}
        assert sum(hit[5] for hit in counting.hits()) >= len(answered)
