"""Every kind of machine and reader that shows up in statistics is judged as documented, and why."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.judging import Asked, RuleFile, asked_of, judge_told, rulebook_of
from newsletter.judging.rule_files import RuleTable
from newsletter.model import HitKind, Judgement, Return, ReturnKind, Visitor
from tests.judging import specimens as of

HUMAN, UNKNOWN, MACHINE, HIDDEN = "human", "unknown", "machine", "hidden"
PRESSED = {"sec-fetch-user": "?1", "sec-fetch-mode": "navigate", "accept-language": "fi"}
HOUR, DAY = 3_600.0, 86_400.0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A request, and what is thought of it."""

    name: str
    kind: HitKind = HitKind.OPENED
    agent: str = of.FIREFOX
    network: str = of.HOME
    seconds: float | None = HOUR  # after the provider took the mail
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    is_burst: bool = False
    says: tuple[str, str]


def click(name: str, says: tuple[str, str], **more: Any) -> Row:
    return Row(name=name, kind=HitKind.CLICKED, says=says, **more)


ROWS = [
    # Apple Mail
    Row(name="protection", agent=of.MPP, network=of.APPLE, says=(HIDDEN, "apple-proxy")),
    Row(name="its IPv6", agent=of.MPP, network=of.RELAY_OF_APPLE, says=(HIDDEN, "apple-proxy")),
    Row(name="from a block that is not listed", agent=of.MPP, says=(HIDDEN, "apple-proxy")),
    Row(name="as the mail arrives", agent=of.MPP, seconds=0.4, says=(HIDDEN, "apple-proxy")),
    Row(name="a name to come", agent="Mail/2", network=of.APPLE, says=(HIDDEN, "apple-network")),
    Row(name="without protection", agent=of.APPLE_MAIL, says=(HUMAN, "shown-later")),
    Row(name="and soon", agent=of.APPLE_MAIL, seconds=60, says=(UNKNOWN, "no-rule")),
    Row(name="and who knows when", agent=of.APPLE_MAIL, seconds=None, says=(UNKNOWN, "no-rule")),
    Row(
        name="hides its address alone",
        agent=of.APPLE_MAIL,
        network=of.APPLE,
        seconds=60,
        says=(UNKNOWN, "private-relay"),
    ),
    # Private Relay
    Row(
        name="webmail in Safari",
        agent=of.SAFARI,
        network=of.APPLE,
        says=(HUMAN, "shown-later"),
    ),
    Row(
        name="webmail in Safari, soon",
        agent=of.SAFARI,
        network=of.APPLE,
        seconds=60,
        says=(UNKNOWN, "private-relay"),
    ),
    click("Safari", (HUMAN, "navigation"), agent=of.SAFARI, network=of.APPLE, headers=PRESSED),
    # Gmail, in the browser and the app
    Row(name="Gmail", agent=of.GMAIL, says=(HUMAN, "gmail-proxy")),
    Row(name="Gmail at once", agent=of.GMAIL, seconds=1.5, says=(UNKNOWN, "opened-at-once")),
    Row(name="Gmail before", agent=of.GMAIL_AHEAD, says=(HIDDEN, "gmail-prefetch")),
    Row(name="the same at once", agent=of.GMAIL_AHEAD, seconds=1, says=(HIDDEN, "gmail-prefetch")),
    # Yahoo, and programs that load what they show
    Row(name="Yahoo", agent=of.YAHOO, says=(HUMAN, "yahoo-proxy")),
    Row(name="Outlook", agent=of.OUTLOOK, network=of.OFFICE, says=(HUMAN, "mail-program")),
    Row(name="Thunderbird", agent=of.THUNDERBIRD, says=(HUMAN, "mail-program")),
    # Safe Links and Defender: browsers by name, from Microsoft's filter or from anywhere
    Row(name="a filter", agent=of.CHROME, network=of.MICROSOFT, says=(MACHINE, "scanner-network")),
    click("Safe Links", (MACHINE, "scanner-network"), agent=of.CHROME, network=of.MICROSOFT),
    click("with the mail", (MACHINE, "at-once"), agent=of.CHROME, seconds=3, headers=PRESSED),
    click("a minute later", (UNKNOWN, "soon"), agent=of.CHROME, seconds=60, headers=PRESSED),
    click("its clock behind", (MACHINE, "at-once"), agent=of.CHROME, seconds=-2, headers=PRESSED),
    click("Office looks before", (MACHINE, "scanner"), agent="Microsoft Office Protocol Discovery"),
    # Barracuda, Proofpoint, Mimecast, Cisco: by name, by network, by asking alone, by all links
    click("Barracuda", (MACHINE, "scanner"), agent=of.SENTINEL),
    Row(name="Barracuda's picture", agent=of.SENTINEL, says=(MACHINE, "scanner")),
    *(
        click(f"a whole browser of {name}", (MACHINE, "scanner-network"), network=network)
        for name, network in (
            ("Barracuda", of.BARRACUDA),
            ("Proofpoint", of.PROOFPOINT),
            ("Mimecast", of.MIMECAST),
            ("Cisco", of.CISCO),
        )
    ),
    click("HEAD", (MACHINE, "head"), method="HEAD", headers=PRESSED),
    Row(name="HEAD of a picture", agent=of.GMAIL, method="HEAD", says=(MACHINE, "head")),
    click("all links", (MACHINE, "burst"), agent=of.CHROME, headers=PRESSED, is_burst=True),
    click("a program", (MACHINE, "program"), agent="python-requests/2.33"),
    click("without a name", (MACHINE, "nameless"), agent=""),
    click("an hour later", (UNKNOWN, "no-rule"), agent=of.CHROME),
    Row(name="a filter's picture", agent=of.CHROME, seconds=99, says=(UNKNOWN, "no-rule")),
    # what no rule tells: a scanner that drives a browser late, with all its marks, one link
    click("late, in disguise", (HUMAN, "navigation"), agent=of.CHROME, headers=PRESSED),
    Row(name="late, its picture", agent=of.CHROME, says=(HUMAN, "shown-later")),
    # previews of chats, and of browsers
    click("Slack", (MACHINE, "link-preview"), agent=of.SLACK),
    click("Teams", (MACHINE, "link-preview"), agent=of.TEAMS),
    click("ahead", (MACHINE, "prefetch"), headers={"sec-purpose": "prefetch", **PRESSED}),
    # people behind a VPN, in an office, in a hurry
    click("VPN", (HUMAN, "navigation"), network=of.VPN, headers=PRESSED),
    Row(name="VPN's picture", network=of.VPN, says=(HUMAN, "shown-later")),
    Row(name="VPN's picture, soon", network=of.VPN, seconds=9, says=(UNKNOWN, "no-rule")),
    click("an office", (HUMAN, "navigation"), network=of.OFFICE, headers=PRESSED),
    click("an office at once", (MACHINE, "burst"), network=of.OFFICE, is_burst=True),
    click("a fast reader", (UNKNOWN, "soon"), seconds=45, headers=PRESSED),
    click("the time is not known", (HUMAN, "navigation"), seconds=None, headers=PRESSED),
]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_request_of_each_kind_is_judged_as_documented(row: Row) -> None:
    sent = {"user-agent": row.agent, **row.headers}
    headers = [(name.encode(), value.encode()) for name, value in sent.items()]
    asked = asked_of(row.kind, row.method, headers, network=row.network)
    known = Asked(
        kind=asked.kind,
        method=asked.method,
        agent=asked.agent,
        network=asked.network,
        is_prefetch=asked.is_prefetch,
        is_navigation=asked.is_navigation,
        is_burst=row.is_burst,
    )

    judged = _known_at(of.rulebook().judge(known), row.seconds)

    assert (HIDDEN if judged.hides else judged.visitor, judged.reason) == row.says
    assert judged.visitor is Visitor.MACHINE or not judged.hides


@pytest.mark.parametrize(
    ("kind", "facts", "says"),
    [
        (ReturnKind.OPENED, {"agent": of.GMAIL}, (HUMAN, "gmail-proxy")),
        (ReturnKind.OPENED, {"agent": of.MPP}, (HIDDEN, "apple-proxy")),
        (ReturnKind.OPENED, {"agent": of.FIREFOX, "is_machine": False}, (HUMAN, "shown-later")),
        # Brevo's proxy_open, SendGrid's sg_machine_open, Mailgun's bot
        (ReturnKind.OPENED, {"is_machine": True}, (HIDDEN, "provider-says-proxy")),
        (ReturnKind.CLICKED, {"is_machine": True}, (MACHINE, "provider-says-machine")),
        # Resend tells of opens neither, which is no program without a name
        (ReturnKind.OPENED, {}, (UNKNOWN, "no-rule")),
        (ReturnKind.CLICKED, {"network": of.PROOFPOINT}, (MACHINE, "scanner-network")),
        # no provider tells of marks of browsers, so none tells that it was likely a person
        (ReturnKind.CLICKED, {"agent": of.CHROME, "is_machine": False}, (UNKNOWN, "no-rule")),
    ],
)
def test_what_a_provider_tells_is_judged_by_the_same_rules(
    kind: ReturnKind, facts: dict[str, Any], says: tuple[str, str]
) -> None:
    told = Return(kind=kind, source="sendgrid", **facts)

    judged = judge_told(of.rulebook(), told).after(HOUR)

    assert (HIDDEN if judged.hides else judged.visitor, judged.reason) == says


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        (0.0, "at-once"),
        (5.0, "at-once"),
        (5.1, "soon"),
        (601.0, "no-rule"),
        (-30.0, "at-once"),  # two clocks, and an answer that was noted after its mails left
        (-DAY, "no-rule"),  # no clock is so wrong: it is not known when it was
        (None, "no-rule"),
    ],
)
def test_a_provider_tells_when_a_link_was_followed(seconds: float | None, reason: str) -> None:
    told = Return(kind=ReturnKind.CLICKED, source="ses", agent=of.CHROME)

    assert _known_at(judge_told(of.rulebook(), told), seconds).reason == reason


def _known_at(judged: Judgement, seconds: float | None) -> Judgement:
    return judged if seconds is None else judged.after(seconds)


def test_what_would_be_thought_of_somebody_sooner_goes_along_where_the_time_is_not_known() -> None:
    pressed = Asked(kind=HitKind.CLICKED, agent=of.CHROME.lower(), is_navigation=True)

    judged = of.rulebook().judge(pressed)

    assert [judged.after(s).reason for s in (1.0, 5.0, 5.5, 600.0, 601.0, DAY)] == [
        *("at-once", "at-once", "soon", "soon", "navigation", "navigation"),
    ]
    named = Asked(kind=HitKind.CLICKED, agent="barracuda")
    assert of.rulebook().judge(named).by_time == ()


TIMES = ("within", "after", "between", "any")


def _time(kind: str, end: int) -> dict[str, float]:
    given = {"within": end + (2.5 if kind == "between" else 0.0), "after": float(end)}
    asked = {"between": ("within", "after"), "any": ()}.get(kind, (kind,))
    return {name: given[name] for name in asked}


@given(
    st.lists(st.tuples(st.sampled_from(TIMES), st.sampled_from([1, 2, 5, 9])), max_size=5),
    st.floats(-5, 12, allow_nan=False),
)
def test_what_would_be_thought_is_what_is_thought_once_the_time_is_known(
    written: list[tuple[str, int]], seconds: float
) -> None:
    rules = [
        {"reason": f"r{n}", "visitor": "machine", "words": ["abc"], **_time(kind, end)}
        for n, (kind, end) in enumerate(written)
    ]
    file = RuleFile(version="2026-12-01", rules=[RuleTable(**rule) for rule in rules])  # type: ignore[arg-type]
    book = rulebook_of(file)

    later = book.judge(Asked(kind=HitKind.OPENED, agent="abc")).after(seconds)

    first = next((rule.reason for rule in book.rules if rule.is_met(seconds)), "no-rule")
    assert later.reason == first
