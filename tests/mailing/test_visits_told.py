"""What a provider lists of opens and clicks is counted by our rules; else its sums must do."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import func, literal, select, update

from newsletter.consent import Rules, forget
from newsletter.errors import ProviderError, Verdict
from newsletter.language import say
from newsletter.ledger import Ledger, sends
from newsletter.ledger.figure_tables import marks, readers
from newsletter.ledger.people_tables import hits, visits
from newsletter.ledger.reports import Reported
from newsletter.ledger.tables import deliveries
from newsletter.mailing import visits_told
from newsletter.mailing.visits_told import ask_about, ask_counts
from newsletter.model import Counts, Figures, Return, ReturnKind, Source, Span, Split
from newsletter.providers.base import Capabilities, Provider
from tests.stats.sent import BEGUN, DAY, HOUR, has_link, issue_goes_out, people_join

SECRET = "s" * 40
RULES = Rules(secret=SECRET)
OPENED, CLICKED = ReturnKind.OPENED, ReturnKind.CLICKED
NOT_TOLD = ""  # so nobody knows who it was
GMAIL = "Mozilla/5.0 Firefox/11.0 (via ggpht.com GoogleImageProxy)"
MACHINE = "python-requests/2.32"
SUMS = Figures(opens_total=9, opens_unique=7, clicks_total=4, clicks_unique=3)
EARLY = Figures(opens_total=5, opens_unique=5, clicks_total=2, clicks_unique=2)


@dataclass
class Teller(Provider):
    """A provider that tells what it is given."""

    lists: Sequence[ReturnKind] = (OPENED, CLICKED)
    told: Sequence[Return] = ()
    fails: bool = False
    verdict: Verdict = Verdict.RETRY
    early: Figures = EARLY

    name = "teller"

    def __post_init__(self) -> None:
        self.capabilities = Capabilities(batch_size=1, lists=frozenset(self.lists))  # type: ignore[misc]
        self.asked: list[tuple[dt.date, dt.date]] = []

    def send(self, call: Any) -> Any:
        """Send nothing."""

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Tell fewer of a shorter time."""
        self.asked.append((since, until))
        return self.early

    def visits(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Return]:
        """Tell all, or fail at the end."""
        yield from self.told
        if self.fails:
            raise ProviderError(say("gone"), provider="teller", verdict=self.verdict)


class Undated(Teller):
    """One that counts until now whatever it is asked."""

    counts_days = False


def visit(
    reader: int,
    *,
    after: dt.timedelta = HOUR,
    url: str = "",
    agent: str = "",
    language: str = "fi",
) -> Return:
    """Return that somebody opened their mail, or followed a link of it."""
    return Return(
        kind=CLICKED if url else OPENED,
        source="teller",
        at=BEGUN + after,
        address=f"{language}{reader}@example.org",
        message_id=f"m-{language}{reader}",
        url=url,
        agent=agent,
    )


def link(number: int) -> str:
    return f"https://www.example.org/{number}"


def goes_out(ledger: Ledger, **people: int) -> Ledger:
    """Send an issue with four links in two sections to so many people of each language."""
    with ledger.write() as connection:
        for language, count in people.items():
            people_join(connection, count, language)
        send = issue_goes_out(connection)
        for number in range(1, 5):
            has_link(connection, send, number, section="AB"[number > 2])
        ids = deliveries.c.address
        name = func.substr(ids, 1, func.length(ids) - len("@example.org"))
        connection.execute(update(deliveries).values(message_id="m-" + name))
    return ledger


@pytest.fixture
def mailed(ledger: Ledger) -> Ledger:
    """An issue that twelve people got."""
    return goes_out(ledger, fi=12)


def ask(
    ledger: Ledger,
    teller: Teller,
    figures: Figures = SUMS,
    *,
    days: float = 20,
    before: Reported | None = None,
    is_alone: bool = True,
    issue_id: str = "2026-12",
) -> tuple[dict[Span, Counts], ProviderError | None]:
    """Ask so many days after the send."""
    with ledger.read() as connection:
        [send] = [one for one in sends.list_sends(connection) if one.issue_id == issue_id]
    asked = ask_about(teller, ledger, send, rules=RULES, now=BEGUN + days * DAY)
    asked = replace(asked, is_alone=is_alone, before=before)
    counts, fault = ask_counts(teller, ledger, asked, figures)
    return dict(counts), fault


def test_a_list_is_judged_and_counted_within_the_window_and_until_now(mailed: Ledger) -> None:
    teller = Teller(
        told=[
            *(visit(n, agent=GMAIL) for n in range(3)),
            *(visit(n, after=2 * HOUR, agent=NOT_TOLD) for n in (2, 3, 4, 4)),
            visit(0, after=9 * DAY, agent=GMAIL),
            visit(5, after=9 * DAY, agent=GMAIL),
            visit(6, url=link(1), agent=NOT_TOLD),
        ]
    )
    figures = replace(SUMS, opens_total=8, clicks_total=1)

    counts, fault = ask(mailed, teller, figures)

    assert fault is None
    early, whole = counts[Span.WINDOW], counts[Span.WHOLE]
    # Of reader 6 a link was followed, so somebody had the mail open.
    assert early.openers == Split(human=3, unknown=3, machine=0, hidden=0)
    assert whole.openers == Split(human=4, unknown=3, machine=0, hidden=0)
    assert early.opens == Split(human=3, unknown=3, machine=0, hidden=0)  # one was told twice
    assert (whole.source, whole.as_of) == (Source.REPORT, BEGUN + 20 * DAY)
    assert whole.rules
    assert sum(early.curve) == 6
    assert teller.asked == []  # its sums of the window are not needed


def test_the_best_click_of_a_copy_counts_for_its_link_and_its_section(mailed: Ledger) -> None:
    teller = Teller(
        told=[
            visit(0, url=link(1), agent=NOT_TOLD),
            visit(0, after=2 * HOUR, url=link(2), agent=MACHINE),
            visit(1, url=f"{link(3)}/", agent=MACHINE),
            visit(2, url="https://news.example.org/u/MS5ub2JvZHk", agent=NOT_TOLD),
        ]
    )

    counts, _ = ask(mailed, teller, Figures())

    whole = counts[Span.WHOLE]
    unknown, machine = (Split(human=0, unknown=n, machine=1 - n, hidden=0) for n in (1, 0))
    people = {one.number: one.people for one in whole.links if one.people.total}
    assert people == {1: unknown, 2: machine, 3: machine, 0: unknown}
    assert {one.name: one.people for one in whole.sections} == {"A": unknown, "B": machine}
    assert "news.example.org" not in str(whole)


def test_nothing_of_a_list_is_kept(mailed: Ledger) -> None:
    ask(mailed, Teller(told=[visit(n, agent=GMAIL) for n in range(9)]))

    with mailed.read() as connection:
        for table in (hits, visits, readers, marks):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_who_was_erased_stays_counted_and_nobody_is_told_from_the_sums(mailed: Ledger) -> None:
    teller = Teller(told=[visit(n, agent=GMAIL) for n in range(9)])
    before, _ = ask(mailed, teller, Figures())
    assert before[Span.WHOLE].openers.human == 9

    forget(mailed, "fi3@example.org", SECRET, BEGUN + DAY, "editor")

    assert ask(mailed, teller, Figures())[0] == before


def test_readers_of_an_edition_that_few_got_count_in_nothing_of_persons(ledger: Ledger) -> None:
    goes_out(ledger, fi=12, sv=3)
    seen = [visit(n, agent=GMAIL) for n in range(5)]
    theirs = [visit(n, agent=GMAIL, language="sv") for n in range(3)]

    with_them, _ = ask(ledger, Teller(told=[*seen, *theirs]), Figures())
    without, _ = ask(ledger, Teller(told=seen), Figures())

    assert with_them[Span.WHOLE].openers == without[Span.WHOLE].openers
    assert with_them[Span.WHOLE].openers.human == 5


def test_what_was_counted_stays_where_an_erased_reader_may_be_of_such_an_edition(
    ledger: Ledger,
) -> None:
    goes_out(ledger, fi=12, sv=3)
    teller = Teller(told=[visit(n, agent=GMAIL) for n in range(5)])
    known, _ = ask(ledger, teller, Figures())
    before = Reported(provider="teller", as_of=BEGUN, figures=SUMS, counts=known)

    forget(ledger, "fi3@example.org", SECRET, BEGUN + DAY, "editor")

    assert ask(ledger, teller, Figures(), before=before)[0] == known


def test_of_a_tag_that_two_issues_share_each_has_its_own(mailed: Ledger) -> None:
    stranger = replace(visit(0, agent=GMAIL), address="nobody@example.org", message_id="other")
    teller = Teller(told=[visit(0, agent=GMAIL), stranger])

    alone, _ = ask(mailed, teller, Figures())
    shared, _ = ask(mailed, teller, is_alone=False)

    assert (alone[Span.WHOLE].opens.human, shared[Span.WHOLE].opens.human) == (2, 1)


@pytest.mark.parametrize(
    ("tag", "is_ours"),
    [
        ("", True),
        ("2026-12", True),
        ('["news","2026-12"]', True),
        ("{beginning}-b7", True),
        ("2026-11", False),
        ("2026-123", False),
        ("0badcafe-b7", False),
    ],
)
def test_a_visit_with_another_tag_is_of_another_mail(
    mailed: Ledger, tag: str, *, is_ours: bool
) -> None:
    with mailed.read() as connection:
        [send] = sends.list_sends(connection)
    visits = [
        replace(
            visit(n, agent=GMAIL),
            address=f"nobody{n}@example.org",
            message_id=f"other{n}",
            tag=tag.format(beginning=send.beginning),
        )
        for n in range(3)
    ]

    counts, _ = ask(mailed, Teller(told=[visit(0, agent=GMAIL), *visits]), Figures())

    assert counts[Span.WHOLE].openers.human == (4 if is_ours else 1)


def test_a_visit_of_a_mail_that_is_known_to_be_of_another_issue_is_not_of_this_one(
    mailed: Ledger,
) -> None:
    with mailed.write() as connection:
        other = issue_goes_out(connection, "2026-11", begun=BEGUN - 20 * DAY)
        theirs = update(deliveries).where(deliveries.c.send_id == other)
        connection.execute(theirs.values(message_id=literal("n-").concat(deliveries.c.address)))
    moved = replace(
        visit(1, agent=GMAIL), address="moved@example.org", message_id="n-fi1@example.org"
    )
    renamed = replace(visit(0, agent=GMAIL, after=2 * HOUR), address="Other@example.org")

    told = Teller(told=[visit(0, agent=GMAIL), moved, renamed])
    counts, _ = ask(mailed, told, Figures())

    assert counts[Span.WHOLE].openers.human == 1  # and its other address is the same copy


def test_a_list_with_less_than_the_sums_say_is_left_for_them(mailed: Ledger) -> None:
    counts, fault = ask(mailed, Teller(told=[visit(n) for n in range(8)]))

    assert fault is None
    assert counts[Span.WHOLE].openers == Split(unknown=7)
    assert counts[Span.WINDOW].openers == Split(unknown=5)
    assert not counts[Span.WHOLE].rules


@pytest.mark.parametrize("fails", [True, False])
def test_what_was_counted_of_a_list_after_the_window_stays_when_it_is_not_told_any_more(
    mailed: Ledger, *, fails: bool
) -> None:
    told = [visit(n, agent=GMAIL) for n in range(9)]
    known, _ = ask(mailed, Teller(told=told), replace(SUMS, clicks_total=0))
    before = Reported(provider="teller", as_of=BEGUN, figures=SUMS, counts=known)
    later = Teller(told=told if fails else told[:2], fails=fails)

    counts, fault = ask(mailed, later, days=40, before=before)

    assert counts == known
    assert (fault is not None) is fails


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("days", [5, 40])
def test_what_was_counted_of_a_list_within_the_window_gives_way_to_sums_when_it_is_not_told(
    mailed: Ledger, days: int, *, fails: bool
) -> None:
    """Nor ever will be."""
    told = [visit(n, agent=GMAIL) for n in range(2)]
    known, _ = ask(mailed, Teller(told=told), Figures(opens_total=2), days=1)
    before = Reported(provider="teller", as_of=BEGUN, figures=SUMS, counts=known)

    later = Teller(told=told[:1], fails=fails, verdict=Verdict.REJECT)
    counts, _ = ask(mailed, later, days=days, before=before)

    assert known[Span.WINDOW].openers.human == 2
    assert counts[Span.WHOLE].openers == Split(unknown=7)
    assert counts[Span.WINDOW].openers == Split(unknown=7 if days < 7 else 5)
    assert {one.as_of for one in counts.values()} == {BEGUN + days * DAY}


@pytest.mark.parametrize("days", [5, 40])
def test_what_was_counted_of_a_list_stays_as_of_then_while_the_list_cannot_be_read(
    mailed: Ledger, days: int
) -> None:
    told = [visit(n, agent=GMAIL) for n in range(2)]
    known, _ = ask(mailed, Teller(told=told), Figures(opens_total=2), days=1)
    before = Reported(provider="teller", as_of=BEGUN + DAY, figures=SUMS, counts=known)

    counts, fault = ask(mailed, Teller(told=told, fails=True), days=days, before=before)
    again, _ = ask(mailed, Teller(told=told), Figures(opens_total=2), days=days, before=before)

    assert fault is not None
    assert counts == known
    assert {one.as_of for one in counts.values()} == {BEGUN + DAY}
    assert {one.as_of for one in again.values()} == {BEGUN + days * DAY}


def test_readers_of_an_edition_that_few_got_cannot_be_told_from_sums_beside_a_list(
    ledger: Ledger,
) -> None:
    goes_out(ledger, fi=12, sv=3)
    whole, part = [visit(n, agent=GMAIL) for n in range(5)], [visit(0, agent=GMAIL)]
    sums, fewer = (Figures(opens_total=n, opens_unique=n, clicks_total=0) for n in (6, 5))
    of_list, _ = ask(ledger, Teller(told=whole), fewer, days=1)
    of_sums, _ = ask(ledger, Teller(told=part), sums, days=1)

    for first in (of_list, of_sums):
        before = Reported(provider="teller", as_of=BEGUN, figures=sums, counts=first)
        for told, then in ((part, sums), (whole, fewer)):
            counts, _ = ask(ledger, Teller(told=told), then, days=2, before=before)
            kinds = [one[Span.WHOLE].clicks.human is None for one in (first, counts)]
            assert len(set(kinds)) == 1


def test_a_list_that_fails_at_first_is_told_and_the_sums_are_there(mailed: Ledger) -> None:
    counts, fault = ask(mailed, Teller(told=[visit(0)], fails=True))

    assert fault is not None
    assert counts[Span.WHOLE].opens == Split(unknown=9)


def test_opens_that_are_not_listed_come_in_sums_beside_clicks_that_are(mailed: Ledger) -> None:
    clicks = [visit(n, after=(n + 1) * DAY * 3, url=link(1), agent=NOT_TOLD) for n in range(4)]
    teller = Teller(lists=[CLICKED], told=clicks)

    counts, _ = ask(mailed, teller)

    early, whole = counts[Span.WINDOW], counts[Span.WHOLE]
    assert (early.opens, whole.opens) == (Split(unknown=5), Split(unknown=9))
    assert (early.clicks.unknown, whole.clicks.unknown) == (2, 4)
    assert [one.times.unknown for one in early.links if one.number == 1] == [2]
    assert teller.asked == [(BEGUN.date(), (BEGUN + 7 * DAY).date())]


@pytest.mark.parametrize("fails", [True, False])
def test_opens_go_on_in_sums_where_clicks_stay_as_they_were_listed_before(
    mailed: Ledger, *, fails: bool
) -> None:
    clicks = [visit(n, url=link(1), agent=NOT_TOLD) for n in range(4)]
    known, _ = ask(mailed, Teller(lists=[CLICKED], told=clicks))
    before = Reported(provider="teller", as_of=BEGUN, figures=SUMS, counts=known)
    later = Teller(lists=[CLICKED], told=clicks if fails else clicks[:1], fails=fails)

    counts, fault = ask(mailed, later, replace(SUMS, opens_total=11), days=40, before=before)

    whole = counts[Span.WHOLE]
    assert (whole.opens, whole.as_of) == (Split(unknown=11), BEGUN + 40 * DAY)
    assert (whole.clicks, whole.links) == (known[Span.WHOLE].clicks, known[Span.WHOLE].links)
    assert whole.clicks.unknown == 4
    assert whole.rules == known[Span.WHOLE].rules
    assert counts[Span.WINDOW].clickers == known[Span.WINDOW].clickers
    assert (fault is not None) is fails


@pytest.mark.parametrize(("most", "is_read"), [(3, True), (2, False)])
def test_a_list_too_long_to_be_read_to_its_end_is_left_for_the_sums_whosever_tag_it_is(
    mailed: Ledger, monkeypatch: pytest.MonkeyPatch, most: int, *, is_read: bool
) -> None:
    monkeypatch.setattr(visits_told, "_MOST", most)
    told = [visit(n, agent=GMAIL) for n in range(3)]

    counts, _ = ask(mailed, Teller(told=told), is_alone=False)

    assert bool(counts[Span.WHOLE].rules) is is_read
    assert counts[Span.WHOLE].opens.human == (3 if is_read else None)


def test_who_counts_until_now_alone_tells_of_the_window_what_it_said_within_it(
    mailed: Ledger,
) -> None:
    teller = Undated(lists=())
    within, _ = ask(mailed, teller, EARLY, days=3)
    before = Reported(provider="teller", as_of=BEGUN, figures=EARLY, counts=within)

    unknown, _ = ask(mailed, teller)
    counts, _ = ask(mailed, teller, before=before)

    assert within[Span.WINDOW].opens == within[Span.WHOLE].opens == Split(unknown=5)
    assert set(unknown) == {Span.WHOLE}
    assert (counts[Span.WINDOW].opens.unknown, counts[Span.WHOLE].opens.unknown) == (5, 9)
    assert teller.asked == []


def test_of_who_counts_until_now_alone_the_first_answer_on_the_day_after_the_window_stands_for_it(
    mailed: Ledger,
) -> None:
    teller = Undated(lists=())
    told: dict[Span, Counts] = {}
    for days, figures in ((3, EARLY), (7.25, SUMS), (7.5, replace(SUMS, opens_total=11))):
        before = Reported(provider="teller", as_of=BEGUN, figures=EARLY, counts=told)
        told, _ = ask(mailed, teller, figures, days=days, before=before)

    assert told[Span.WINDOW].opens.unknown == 9
    assert told[Span.WINDOW].as_of == BEGUN + 7.25 * DAY
    assert told[Span.WHOLE].opens.unknown == 11


def test_sums_of_the_window_stay_when_its_days_are_not_told_any_more(mailed: Ledger) -> None:
    told, _ = ask(mailed, Teller(lists=()))
    before = Reported(provider="teller", as_of=BEGUN, figures=SUMS, counts=told)

    counts, _ = ask(mailed, Teller(lists=(), early=Figures()), days=400, before=before)

    assert told[Span.WINDOW].opens == Split(unknown=5)
    assert counts[Span.WINDOW] == told[Span.WINDOW]
    assert counts[Span.WHOLE].as_of == BEGUN + 400 * DAY


def test_who_tells_nothing_of_opens_and_clicks_has_no_counts(mailed: Ledger) -> None:
    assert ask(mailed, Undated(lists=()), Figures(delivered=12))[0] == {}
