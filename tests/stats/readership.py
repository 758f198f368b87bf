"""Readers of every kind, and the machines around them, of whom is known what they really do.

A newsletter draws its mix of readers and the habits of all machines at random, and widely, so that
no rule fits by having been made for them. A reader's kind says by what their mail is shown, what
stands before it, and how often they read.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from newsletter.model import HitKind
from tests.judging import specimens as of

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
WINDOW = 7 * DAY
LINKS = 8  # of an issue
OPENED, CLICKED = HitKind.OPENED, HitKind.CLICKED
PRESSED = (("sec-fetch-user", "?1"), ("sec-fetch-mode", "navigate"))
CLOUD = "203.0.113.250"  # of nobody that a list names


class Shape(NamedTuple):
    """How somebody asks, but for when and which link."""

    kind: HitKind
    agent: str
    network: str = of.HOME
    method: str = "GET"
    marks: tuple[tuple[str, str], ...] = ()


class Event(NamedTuple):
    """Something that was asked for."""

    seconds: float  # after the provider took the mail
    shape: Shape
    link: int = 0


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What is peculiar to one newsletter, its readers and the machines around them."""

    reads: float  # mean share of issues that a reader reads
    clicks: float  # of those who read, how many follow a link
    fetched: float  # by Apple's proxy before anybody reads: the device had power and a network
    session: float  # of Gmail's readers, a session lay open as the mail came
    keeps: float  # of those, a reading later is not fetched again
    false: float  # what Gmail's and Yahoo's proxies fetch for nobody
    blocks: float  # of Outlook and Thunderbird, pictures are off
    hurries: float  # who reads, does so within a minute
    tabs: float  # of those who click, opens many links at once
    pastes: float  # of those who click, puts a link into a chat
    lost: float  # pictures that are shown and never asked for: cut off, or a blocker
    scans: float  # of copies behind a filter, those that it follows links of
    sandbox: float  # of those, pictures are loaded, too
    listed: float  # scanners that come from a network that rules know
    disguised: float  # scanners that drive a browser, with all its marks
    at_once: float  # scanners that come with the mail; others wait minutes
    again: float  # scanners that come again hours later
    all_links: float  # scanners that follow all links, not one or two
    leaves: float  # readers, from one issue to the next


class Deed(NamedTuple):
    """What somebody did with a copy, and what was asked for meanwhile."""

    is_seen: bool  # shown to a person with pictures on
    has_clicked: bool  # a link of it was followed by a person
    events: list[Event]


class Reader(NamedTuple):
    """Somebody on the list."""

    kind: str
    reads: float  # share of issues


def draw_habits(random: Random) -> Habits:
    """Draw what is peculiar to a newsletter, from all that is plausible."""
    u = random.uniform
    return Habits(
        reads=u(0.15, 0.75),
        clicks=u(0.03, 0.4),
        fetched=u(0.5, 0.98),
        session=u(0.0, 0.3),
        keeps=u(0.0, 1.0),
        false=u(0.0, 0.06),
        blocks=u(0.1, 0.9),
        hurries=u(0.0, 0.05),
        tabs=u(0.0, 0.1),
        pastes=u(0.0, 0.05),
        lost=u(0.0, 0.06),
        scans=u(0.1, 1.0),
        sandbox=u(0.0, 0.9),
        listed=u(0.1, 0.9),
        disguised=u(0.0, 1.0),
        at_once=u(0.2, 0.95),
        again=u(0.0, 0.3),
        all_links=u(0.3, 0.9),
        leaves=u(0.0, 0.02),
    )


def draw_mix(random: Random) -> dict[str, float]:
    """Draw how many of the readers are of each kind; in some newsletters a few kinds have all."""
    evenness = math.exp(random.uniform(math.log(0.3), math.log(3.0)))
    weights = {k: random.gammavariate(evenness * _COMMON.get(k, 1.0), 1.0) for k in KINDS}
    total = sum(weights.values()) or 1.0
    return {kind: weight / total for kind, weight in weights.items()}


# More common than others: Litmus had 57 % of all opens by Apple Mail, in December 2021.
_COMMON = {"apple, protected": 4.0, "gmail": 2.0, "gmail, on a phone": 2.0, "outlook": 2.0}


def draw_readers(random: Random, mix: dict[str, float], habits: Habits, count: int) -> list[Reader]:
    """Draw people for a list: some read almost all, some almost nothing."""
    kinds = random.choices(list(mix), list(mix.values()), k=count)
    spread = 1.5
    a, b = habits.reads * spread, (1 - habits.reads) * spread
    return [Reader(kind, random.betavariate(a, b)) for kind in kinds]


def deed_of(random: Random, reader: Reader, habits: Habits) -> Deed:
    """Let a copy come to somebody; what happens later than a week is left out."""
    r = random.random
    events: list[Event] = []
    at = -1.0
    if r() < reader.reads:
        at = _minutes(random) if r() < habits.hurries else random.lognormvariate(9.8, 1.6)
    is_read = 0 <= at < WINDOW
    show, shown_for = KINDS[reader.kind]
    is_seen = show(random, habits, at if is_read else None, events)
    has_clicked = False
    if is_read and reader.kind != "text" and r() < habits.clicks:
        has_clicked = True
        events += _clicks(random, habits, at, shown_for)
    return Deed(is_seen, has_clicked, events)


# --- people -------------------------------------------------------------------------------

_MPP = Shape(OPENED, of.MPP, of.APPLE)
_APPLE_MAIL = Shape(OPENED, of.APPLE_MAIL)
_GMAIL, _AHEAD = Shape(OPENED, of.GMAIL, CLOUD), Shape(OPENED, of.GMAIL_AHEAD, CLOUD)
_YAHOO = Shape(OPENED, of.YAHOO, CLOUD)
_OUTLOOK = Shape(OPENED, of.OUTLOOK, of.OFFICE)
_THUNDERBIRD = Shape(OPENED, of.THUNDERBIRD)
_WEBMAIL = Shape(OPENED, of.FIREFOX)
_OUTLOOK_ON_THE_WEB = Shape(OPENED, of.CHROME, of.OFFICE)
_VPN = Shape(OPENED, of.FIREFOX, of.VPN)
_RELAYED = Shape(OPENED, of.SAFARI, of.APPLE)


def _apple(random: Random, habits: Habits, at: float | None, events: list[Event]) -> bool:
    """Show a mail by Apple's protection: what it fetched before is never asked for again."""
    if random.random() < habits.fetched:
        events.append(Event(random.expovariate(1 / (3 * HOUR)), _MPP))
    elif at is not None:
        events.append(Event(at, _MPP))
    return at is not None


def _gmail(random: Random, habits: Habits, at: float | None, events: list[Event]) -> bool:
    is_kept = False
    if random.random() < habits.session:
        events.append(Event(random.uniform(0.5, 20), _AHEAD))
        is_kept = random.random() < habits.keeps
    _proxy(random, habits, None if is_kept else at, events, _GMAIL)
    return at is not None


def _yahoo(random: Random, habits: Habits, at: float | None, events: list[Event]) -> bool:
    _proxy(random, habits, at, events, _YAHOO)
    return at is not None


def _proxy(
    random: Random, habits: Habits, at: float | None, events: list[Event], shape: Shape
) -> None:
    if at is not None and random.random() >= habits.lost:
        events.append(Event(at, shape))
    elif random.random() < habits.false:
        events.append(Event(random.expovariate(1 / HOUR), shape))


def _by(shape: Shape, filtered: str = "", *, may_block: bool = False) -> "Show":
    """Return what shows a mail as it is opened, behind a filter or with pictures off, perhaps."""

    def show(random: Random, habits: Habits, at: float | None, events: list[Event]) -> bool:
        if filtered:
            events += _scan(random, habits, filtered)
        if at is None or (may_block and random.random() < habits.blocks):
            return False
        if random.random() >= habits.lost:
            events.append(Event(at, shape))
        return True

    return show


def _unseen(random: Random, habits: Habits, at: float | None, events: list[Event]) -> bool:
    """Show a mail without pictures: whoever reads so is never seen, unless they click."""
    del random, habits, at, events
    return False


def _clicks(random: Random, habits: Habits, at: float, shape: Shape) -> Iterator[Event]:
    moment = at + random.expovariate(1 / MINUTE)
    links = random.sample(range(LINKS), 3) if random.random() < habits.tabs else [
        random.randrange(LINKS) for _ in range(1 + (random.random() < 0.3))
    ]  # fmt: skip
    is_at_once = len(links) == 3
    for link in links:
        yield Event(moment, shape, link)
        moment += random.uniform(0.2, 0.6) if is_at_once else random.expovariate(1 / MINUTE)
    if random.random() < habits.pastes:
        yield Event(moment + HOUR, Shape(CLICKED, of.SLACK, CLOUD), links[0])


def _minutes(random: Random) -> float:
    return random.expovariate(1 / 30)


# --- machines -----------------------------------------------------------------------------

_NETWORKS = {
    "microsoft": of.MICROSOFT,
    "barracuda": of.BARRACUDA,
    "proofpoint": of.PROOFPOINT,
    "mimecast": of.MIMECAST,
    "cisco": of.CISCO,
    "plain": CLOUD,
}


def _scan(random: Random, habits: Habits, whose: str) -> Iterator[Event]:
    """Yield what a filter asks for, at delivery and perhaps again."""
    r = random.random
    if r() >= habits.scans:
        return
    network = _NETWORKS[whose] if r() < habits.listed else CLOUD
    agent, method, marks = of.CHROME, "GET", PRESSED if r() < habits.disguised else ()
    if whose == "barracuda" and r() < 0.5:
        agent = of.SENTINEL
    elif whose == "plain":
        agent, marks = random.choice(["python-requests/2.33", "", of.CHROME]), ()
    if whose in ("mimecast", "plain") and r() < 0.4:
        method = "HEAD"
    begun = random.uniform(0.2, 5) if r() < habits.at_once else random.expovariate(1 / (5 * MINUTE))
    yield from _visit(random, habits, begun, Shape(CLICKED, agent, network, method, marks))
    if r() < habits.again:
        late = random.uniform(HOUR, 2 * DAY)
        yield from _visit(random, habits, late, Shape(CLICKED, agent, network, method, marks))


def _visit(random: Random, habits: Habits, at: float, shape: Shape) -> Iterator[Event]:
    if random.random() < habits.sandbox:
        yield Event(at, shape._replace(kind=OPENED, marks=()))
    count = LINKS if random.random() < habits.all_links else random.randint(0, 2)
    step = random.choice([0.05, 0.2, 1.5])
    for link in random.sample(range(LINKS), count):
        at += step
        yield Event(at, shape, link)
    if random.random() < 0.02:  # it presses the button to leave, as no reader did: no click of ours
        yield Event(at + 1, shape._replace(method="POST"), 0)


# What shows a mail to a reader of each kind, and in what they follow its links.
Show = Callable[[Random, Habits, float | None, list[Event]], bool]
_IN_FIREFOX = Shape(CLICKED, of.FIREFOX, of.HOME, "GET", PRESSED)
_IN_CHROME = Shape(CLICKED, of.CHROME, of.OFFICE, "GET", PRESSED)
_IN_SAFARI = Shape(CLICKED, of.SAFARI, of.HOME, "GET", PRESSED)
_BY_RELAY = Shape(CLICKED, of.SAFARI, of.APPLE, "GET", PRESSED)
_BY_VPN = Shape(CLICKED, of.FIREFOX, of.VPN, "GET", PRESSED)
KINDS: dict[str, tuple[Show, Shape]] = {
    "apple, protected": (_apple, _IN_SAFARI),
    "apple, protected, by relay": (_apple, _BY_RELAY),
    "apple, unprotected": (_by(_APPLE_MAIL), _IN_SAFARI),
    "gmail": (_gmail, _IN_CHROME),
    "gmail, on a phone": (_gmail, _IN_SAFARI),
    "yahoo": (_yahoo, _IN_FIREFOX),
    "outlook": (_by(_OUTLOOK, may_block=True), _IN_CHROME),
    "thunderbird": (_by(_THUNDERBIRD, may_block=True), _IN_FIREFOX),
    "outlook, safe links": (_by(_OUTLOOK, "microsoft", may_block=True), _IN_CHROME),
    "outlook on the web, safe links": (_by(_OUTLOOK_ON_THE_WEB, "microsoft"), _IN_CHROME),
    "behind barracuda": (_by(_OUTLOOK, "barracuda", may_block=True), _IN_CHROME),
    "behind proofpoint": (_by(_OUTLOOK, "proofpoint", may_block=True), _IN_CHROME),
    "behind mimecast": (_by(_OUTLOOK_ON_THE_WEB, "mimecast"), _IN_CHROME),
    "behind cisco": (_by(_OUTLOOK, "cisco", may_block=True), _IN_CHROME),
    "behind another filter": (_by(_WEBMAIL, "plain"), _IN_FIREFOX),
    "webmail": (_by(_WEBMAIL), _IN_FIREFOX),
    "webmail by vpn": (_by(_VPN), _BY_VPN),
    "webmail by relay": (_by(_RELAYED), _BY_RELAY),
    "pictures off": (_unseen, _IN_FIREFOX),
    "text": (_unseen, _IN_FIREFOX),
}
