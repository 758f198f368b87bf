"""Who asks is judged by how they ask, by rules with a date; nothing of them is kept."""

import pytest

from newsletter.judging import Asked, asked_of, shipped
from newsletter.ledger.people_tables import hits
from newsletter.model import HitKind, Visitor

OPENED, CLICKED = HitKind.OPENED, HitKind.CLICKED
HUMAN, MACHINE, UNKNOWN = Visitor.HUMAN, Visitor.MACHINE, Visitor.UNKNOWN
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
AHEAD = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
)
PRESSED = {"sec-fetch-user": "?1", "sec-fetch-mode": "navigate"}


@pytest.mark.parametrize(
    ("kind", "method", "agent", "headers", "expected"),
    [
        (OPENED, "GET", GMAIL, {}, (HUMAN, "gmail-proxy")),
        (OPENED, "GET", AHEAD, {}, (MACHINE, "gmail-prefetch")),
        (OPENED, "GET", "YahooMailProxy; https://help.yahoo.com", {}, (HUMAN, "yahoo-proxy")),
        (OPENED, "GET", "Mozilla/5.0", {}, (MACHINE, "apple-proxy")),
        (OPENED, "HEAD", GMAIL, {}, (MACHINE, "head")),
        (OPENED, "GET", FIREFOX, {}, (UNKNOWN, "no-rule")),
        (OPENED, "GET", "", {}, (MACHINE, "nameless")),
        (CLICKED, "GET", FIREFOX, {}, (UNKNOWN, "no-rule")),
        (CLICKED, "GET", FIREFOX, PRESSED, (HUMAN, "navigation")),
        (CLICKED, "HEAD", FIREFOX, PRESSED, (MACHINE, "head")),
        (CLICKED, "GET", FIREFOX, {"sec-purpose": "prefetch;prerender"}, (MACHINE, "prefetch")),
        (CLICKED, "GET", FIREFOX, {"purpose": "Prefetch", **PRESSED}, (MACHINE, "prefetch")),
        (CLICKED, "GET", "Barracuda Sentinel (EE)", {}, (MACHINE, "scanner")),
        (CLICKED, "GET", "Slackbot-LinkExpanding 1.0", {}, (MACHINE, "link-preview")),
        (CLICKED, "GET", "python-requests/2.33", {}, (MACHINE, "program")),
        (CLICKED, "GET", "Mozilla/5.0 (compatible; SomeBot/1.0)", {}, (MACHINE, "program")),
        # not every name with such a word in it is one
        (CLICKED, "GET", FIREFOX + " Abbott/1", {}, (UNKNOWN, "no-rule")),
    ],
)
def test_a_request_is_judged_by_the_first_rule_that_fits(
    kind: HitKind, method: str, agent: str, headers: dict[str, str], expected: tuple[Visitor, str]
) -> None:
    sent = {"user-agent": agent, **headers}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]

    judged = shipped().judge(asked_of(kind, method, raw))

    assert (judged.visitor, judged.reason) == expected
    assert judged.rules == shipped().version


def test_a_hostile_name_costs_nothing() -> None:
    raw = [(b"user-agent", b"Chrome/42.0.2311.135 " + b"a" * 5_000_000 + b"\xff\x00")]

    assert shipped().judge(asked_of(OPENED, "GET", raw)).visitor is UNKNOWN


@pytest.mark.parametrize(
    ("agent", "hides"), [("Mozilla/5.0", True), (AHEAD, True), (GMAIL, False), ("curl/8", False)]
)
def test_a_proxy_that_fetches_ahead_hides_whether_a_mail_is_read(agent: str, hides: bool) -> None:
    judged = shipped().judge(asked_of(OPENED, "GET", [(b"user-agent", agent.encode())]))

    assert judged.hides is hides


def test_one_of_many_links_followed_at_once_is_no_reading() -> None:
    judged = shipped().judge(Asked(kind=CLICKED, agent=FIREFOX, is_navigation=True, is_burst=True))

    assert (judged.visitor, judged.reason) == (MACHINE, "burst")


def test_nothing_of_a_request_is_kept_but_what_follows_from_it() -> None:
    assert set(hits.c.keys()) == {
        *("id", "send_id", "kind", "hour", "verdict", "reason", "rules", "delivery_id", "link"),
        *("hides", "source", "count"),
    }
