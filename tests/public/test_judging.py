"""Who asks is judged by how they ask, by rules with a date; nothing of them is kept."""

from dataclasses import fields

import pytest

from newsletter.model import Hit, HitKind, Visitor
from newsletter.public.judging import Bursts, asked_of, rules_of_today

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

    judged = rules_of_today().judge(asked_of(kind, method, raw))

    assert (judged.visitor, judged.reason) == expected
    assert judged.rules == "2026-11-29"


def test_a_hostile_name_costs_nothing() -> None:
    raw = [(b"user-agent", b"Chrome/42.0.2311.135 " + b"a" * 5_000_000 + b"\xff\x00")]

    assert rules_of_today().judge(asked_of(OPENED, "GET", raw)).visitor is UNKNOWN


def test_three_links_within_two_seconds_are_no_reading() -> None:
    now = [100.0]
    bursts = Bursts(rules_of_today(), clock=lambda: now[0])

    assert [bursts.is_burst("aino", link) for link in (1, 1, 2, 3, 1)] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert not bursts.is_burst("väinö", 3)
    now[0] += 2.5
    assert not bursts.is_burst("aino", 4)


def test_who_followed_what_is_forgotten_after_seconds() -> None:
    now = [100.0]
    bursts = Bursts(rules_of_today(), clock=lambda: now[0])
    for number in range(1_000):
        bursts.is_burst(f"192.0.2.{number}", 1)

    now[0] += 10.0
    bursts.is_burst("198.51.100.1", 1)

    assert len(bursts._recent) == 1


def test_nothing_of_a_request_is_kept_but_what_follows_from_it() -> None:
    assert {field.name for field in fields(Hit)} == {
        "send", "kind", "hour", "visitor", "reason", "rules", "delivery", "link",
    }  # fmt: skip
