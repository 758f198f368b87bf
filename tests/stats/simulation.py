"""Twenty-four issues of many newsletters with a known truth, judged and reckoned as real ones are.

    deeds of readers and machines --real rules--> ranks of copies --real sums--> the range told

What is asked for goes through the code that requests of the service, or bodies of webhooks, go
through; `python -m tests.stats.simulation` writes what came of it into docs/tracking.md.
"""

import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from newsletter.intervals import wilson_interval
from newsletter.judging import Bursts, asked_of, judge_told
from newsletter.ledger.sums import Ranks
from newsletter.model import HitKind, Judgement, OpenRange, Source, Span, Visitor
from newsletter.providers.webhooks import parse
from newsletter.stats.reckoning import Seen, reckon
from newsletter.stats.shares import open_range
from tests.judging.specimens import GMAIL_AHEAD, MPP, rulebook
from tests.stats.readership import (
    Event,
    Habits,
    Reader,
    Shape,
    deed_of,
    draw_habits,
    draw_mix,
    draw_readers,
)

SEED = 2026
NEWSLETTERS, ISSUES = 42, 24  # of each: a thousand issues, and eight
BEGUN = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
NEVER = -1  # the rank of what was not seen at all
_RANKS = {Visitor.HUMAN: 3, Visitor.UNKNOWN: 2, Visitor.MACHINE: 0}
_CLASSES = {3: "human", 2: "unknown", 1: "machine that hides", 0: "machine", NEVER: "not seen"}
PAGE = Path(__file__).parents[2] / "docs" / "tracking.md"
_FIRST, _LAST = "<!-- simulated -->", "<!-- end of simulated -->"


def _best(rank: tuple[int, int]) -> int:
    """Return how a copy was opened at best: whoever may be a person and clicked, opened it, too."""
    opened, clicked = rank
    return max(opened, clicked) if clicked >= 2 else opened


@dataclass(frozen=True, kw_only=True)
class SimulatedIssue:
    """What was told of an issue, and what was so."""

    by: str  # "service", or the provider whose webhooks told
    truth: float  # share of copies that a person had before their eyes
    told: OpenRange
    naive: float  # share of copies of which any open was seen
    of: int  # copies


@dataclass(kw_only=True)
class Outcome:
    """What came of all issues."""

    issues: list[SimulatedIssue] = field(default_factory=list)
    # (rank, whether it was so) -> copies: of opens, and of clicks
    opened: Counter[tuple[int, bool]] = field(default_factory=Counter)
    clicked: Counter[tuple[int, bool]] = field(default_factory=Counter)

    def share_of(self, kind: str) -> float:
        """Return in how many issues the truth lies within a range of a kind."""
        return sum(_holds(kind, one) for one in self.issues) / len(self.issues)

    def width_of(self, kind: str) -> float:
        """Return how wide a range of a kind is on average."""
        widths = (high - low for low, high in (_span(kind, one) for one in self.issues))
        return math.fsum(widths) / len(self.issues)

    @property
    def naive_error(self) -> float:
        """Return by how much the rate of all that loaded pictures errs on average."""
        return math.fsum(abs(one.naive - one.truth) for one in self.issues) / len(self.issues)


def simulate(seed: int, newsletters: int = NEWSLETTERS) -> Outcome:
    """Let newsletters be read for two years."""
    outcome, random = Outcome(), Random(seed)
    for number in range(newsletters):
        habits, mix = draw_habits(random), draw_mix(random)
        count = int(math.exp(random.uniform(math.log(80), math.log(600))))
        readers = draw_readers(random, mix, habits, count)
        by = _SOURCES[number % len(_SOURCES)]
        for _ in range(ISSUES):
            outcome.issues.append(_simulate_issue(random, readers, habits, by, outcome))
            readers = _next(random, readers, mix, habits, count)
    return outcome


def _simulate_issue(
    random: Random, readers: Sequence[Reader], habits: Habits, by: str, outcome: Outcome
) -> SimulatedIssue:
    ranks: Counter[tuple[int, int]] = Counter()
    seen = naive = 0
    for reader in readers:
        deed = deed_of(random, reader, habits)
        rank = _ranks_of(deed.events, by)
        is_seen = deed.is_seen or deed.has_clicked
        ranks[rank] += 1
        seen += is_seen
        naive += rank[0] != NEVER
        outcome.opened[_best(rank), is_seen] += 1
        outcome.clicked[rank[1], deed.has_clicked] += 1
    told = _told(ranks, len(readers))
    return SimulatedIssue(
        by=by, truth=seen / len(readers), told=told, naive=naive / len(readers), of=len(readers)
    )


def _next(
    random: Random, readers: list[Reader], mix: dict[str, float], habits: Habits, count: int
) -> list[Reader]:
    """Return who is on the list a month later: some leave, and some join."""
    staying = [reader for reader in readers if random.random() >= habits.leaves]
    joining = random.randint(0, max(1, int(2 * habits.leaves * count)))
    return staying + draw_readers(random, mix, habits, joining)


def _told(ranks: Counter[tuple[int, int]], of: int) -> OpenRange:
    """Return the range of an issue, reckoned as the program does."""
    copies = [
        Ranks(None if o == NEVER else o, None if c == NEVER else c, n)
        for (o, c), n in ranks.items()
        if (o, c) != (NEVER, NEVER)
    ]
    counts = reckon(
        Source.SERVICE,
        Span.WINDOW,
        Seen(copies=copies, of=of),
        (),
        begun_at=BEGUN,
        until=None,
    )
    told = open_range(counts.openers, counts.clickers, of)
    assert told is not None
    return told


# --- judging ------------------------------------------------------------------------------


def _ranks_of(events: Sequence[Event], by: str) -> tuple[int, int]:
    """Return how a copy was opened and clicked at best, as it was judged."""
    opened = clicked = NEVER
    bursts = _bursts(events, by)
    for place, (seconds, shape, _) in enumerate(events):
        if shape.method == "POST":
            continue  # the service counts no such request, no provider tells of one
        judged = _judge(shape, by, place in bursts).after(seconds)
        rank = 1 if judged.hides else _RANKS[judged.visitor]
        if shape.kind is HitKind.OPENED:
            opened = max(opened, rank)
        else:
            clicked = max(clicked, rank)
    return opened, clicked


def _bursts(events: Sequence[Event], by: str) -> set[int]:
    """Return the places of clicks that the service takes for too many at once."""
    if by != "service":
        return set()
    clicks = [
        (place, event)
        for place, event in enumerate(events)
        if event.shape.kind is HitKind.CLICKED and event.shape.method != "POST"
    ]
    rules = rulebook()
    if len(clicks) < rules.burst_links:
        return set()
    clicks.sort(key=lambda click: click[1].seconds)
    now = [0.0]
    bursts = Bursts(links=rules.burst_links, seconds=rules.burst_seconds, clock=lambda: now[0])
    return {place for place, event in clicks if _is_burst(bursts, now, event)}


def _is_burst(bursts: Bursts, now: list[float], event: Event) -> bool:
    now[0] = event.seconds
    return bursts.is_burst("copy", event.link)


_judged: dict[tuple[Shape, str, bool], Judgement] = {}


def _judge(shape: Shape, by: str, is_burst: bool) -> Judgement:
    """Return what is thought of a shape of request, by a request itself or what a webhook tells."""
    key = (shape, by, is_burst)
    if key not in _judged:
        judge = _judge_request if by == "service" else _judge_webhook
        _judged[key] = judge(shape, by, is_burst=is_burst)
    return _judged[key]


def _judge_request(shape: Shape, by: str, *, is_burst: bool) -> Judgement:
    del by
    sent = {"user-agent": shape.agent, **dict(shape.marks)}
    headers = [(name.encode(), value.encode()) for name, value in sent.items()]
    asked = asked_of(shape.kind, shape.method, headers, network=shape.network)
    return rulebook().judge(replace(asked, is_burst=is_burst))


def _judge_webhook(shape: Shape, by: str, *, is_burst: bool) -> Judgement:
    del is_burst
    [told] = parse(by, json.dumps(_BODIES[by](shape)).encode())
    return judge_told(rulebook(), told)


# --- what providers post ------------------------------------------------------------------


def _brevo(shape: Shape) -> Any:
    word = {HitKind.OPENED: "opened", HitKind.CLICKED: "click"}[shape.kind]
    if shape.agent in (MPP, GMAIL_AHEAD) and shape.kind is HitKind.OPENED:
        word = "proxy_open"
    return {"event": word, "ts_epoch": 1_796_018_400_000, "user_agent": shape.agent}


def _mailgun(shape: Shape) -> Any:
    bot = {MPP: "apple", GMAIL_AHEAD: "gmail"}.get(shape.agent, "")
    client = {"user-agent": shape.agent, "bot": bot}
    event = {"event": shape.kind.value, "ip": shape.network, "client-info": client}
    return {"event-data": {**event, "timestamp": 1_796_018_400.5}}


def _postmark(shape: Shape) -> Any:
    word = {HitKind.OPENED: "Open", HitKind.CLICKED: "Click"}[shape.kind]
    return {"RecordType": word, "UserAgent": shape.agent, "Geo": {"IP": shape.network}}


def _sendgrid(shape: Shape) -> Any:
    word = {HitKind.OPENED: "open", HitKind.CLICKED: "click"}[shape.kind]
    flag = {"sg_machine_open": True} if word == "open" and shape.agent == MPP else {}
    return [{"event": word, "useragent": shape.agent, "ip": shape.network, **flag}]


def _mailjet(shape: Shape) -> Any:
    word = {HitKind.OPENED: "open", HitKind.CLICKED: "click"}[shape.kind]
    return [{"event": word, "agent": shape.agent, "ip": shape.network}]


def _ses(shape: Shape) -> Any:
    word = {HitKind.OPENED: "Open", HitKind.CLICKED: "Click"}[shape.kind]
    about = {"userAgent": shape.agent, "ipAddress": shape.network}
    message = {"eventType": word, "mail": {}, word.lower(): about}
    return {"Type": "Notification", "Message": json.dumps(message)}


def _resend(shape: Shape) -> Any:
    if shape.kind is HitKind.OPENED:
        return {"type": "email.opened", "data": {}}
    click = {"userAgent": shape.agent, "ipAddress": shape.network}
    return {"type": "email.clicked", "data": {"click": click}}


_BODIES = {
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "postmark": _postmark,
    "resend": _resend,
    "sendgrid": _sendgrid,
    "ses": _ses,
}
# Half of the newsletters are counted by the service itself.
_SOURCES = [source for provider in _BODIES for source in ("service", provider)]


# --- what is told of it -------------------------------------------------------------------


def tables_of(outcome: Outcome) -> str:
    """Return what came of a simulation, as tables of a page."""
    taken = ("shown to a person", "not shown", "clicked by a person", "not clicked")
    tables = (
        _table(_ranges(outcome), "", "holds the truth", "mean width"),
        _table(_sources(outcome), "told by", "issues", "holds the truth", "mean width"),
        _table(_confusion(outcome), "copies taken for", *taken),
    )
    return "\n\n".join(tables)


def _ranges(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for kind, name in _KINDS_OF_RANGES.items():
        yield name, f"{outcome.share_of(kind):.1%}", _points(outcome.width_of(kind))
    yield "that share alone", "–", f"wrong by {_points(outcome.naive_error)} on average"


def _sources(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for by in dict.fromkeys(_SOURCES):
        own = Outcome(issues=[one for one in outcome.issues if one.by == by])
        held, width = f"{own.share_of('told'):.1%}", _points(own.width_of("told"))
        yield by, str(len(own.issues)), held, width


def _confusion(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for rank, name in _CLASSES.items():
        cells = (outcome.opened[rank, True], outcome.opened[rank, False])
        clicks = (outcome.clicked[rank, True], outcome.clicked[rank, False])
        yield name, *(f"{count:,}" for count in (*cells, *clicks))


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"


def _table(rows: Iterable[tuple[str, ...]], *head: str) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


_KINDS_OF_RANGES = {
    "told": "the range that is told",
    "bounds": "its bounds, without their intervals",
    "narrow": "without what machines hide",
    "naive": "the share of all that loaded pictures, with its interval",
}


def _span(kind: str, one: SimulatedIssue) -> tuple[float, float]:
    """Return a range of a kind, the ends of which an issue's truth may lie between."""
    told = one.told
    assert told.least
    assert told.most
    return {
        "told": told.bounds,
        "bounds": (told.least.value, told.outer.value),
        "narrow": (told.least.low, told.most.high),
        "naive": wilson_interval(one.naive * one.of, one.of),
        "least": (told.least.low, told.least.high),
        "most": (told.most.low, told.most.high),
        "outer": (told.outer.low, told.outer.high),
    }[kind]


def _holds(kind: str, one: SimulatedIssue) -> bool:
    low, high = _span(kind, one)
    return low <= one.truth <= high


def block_in(page: str) -> str:
    """Return the tables that a page has; raise ValueError if it has none."""
    return page[page.index(_FIRST) + len(_FIRST) : page.index(_LAST)].strip()


def written_into(page: str, tables: str) -> str:
    """Return the page with these tables between its marks, and everything else as it was."""
    before, after = page[: page.index(_FIRST) + len(_FIRST)], page[page.index(_LAST) :]
    return f"{before}\n{tables}\n{after}"


def main() -> None:
    """Print what came of it, and write it into the page."""
    tables = tables_of(simulate(SEED))
    print(tables)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written_into(page, tables), encoding="utf-8")


if __name__ == "__main__":
    main()
