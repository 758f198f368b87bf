"""What is said in words is held by the figures, and reads well in each language."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.intervals import difference, share
from newsletter.language import Wording, say
from newsletter.language.catalogs import is_said_in, say_in
from newsletter.model.figures import (
    Counts,
    Delivered,
    IssueFigures,
    MonthOfGrowth,
    SectionFigures,
    Share,
    Source,
    Span,
    Split,
)
from newsletter.stats import best_read, open_range, statements
from tests.stats.differing import differences_tried

from .specimens import report

BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
COUNTED = Split(human=186, unknown=67, machine=149, hidden=124)


def issue(month: int, openers: Split = COUNTED, of: int = 620, **changed: object) -> IssueFigures:
    """Return an issue of 2026 whose window is over."""
    shown = Counts(
        source=Source.WEBHOOKS,
        span=Span.WINDOW,
        as_of=None,
        rules=("2026-11-30",),
        counted=of,
        openers=openers,
    )
    figures = IssueFigures(
        issue=f"2026-{month:02}",
        date=dt.date(2026, month, 15),
        subject="Kirje",
        language="fi",
        is_rehearsal=False,
        sent_at=dt.datetime(2026, month, 15, 6, tzinfo=dt.UTC),
        delivered=Delivered(sent=of),
        delivered_whole=Delivered(sent=of),
        window_days=7,
        shown=shown,
        whole=shown,
        why=say("the provider told of each as it happened"),
        open_range=open_range(openers, Split(), of),
        is_final=True,
    )
    return replace(figures, **changed)  # type: ignore[arg-type]


def counted_by(figures: IssueFigures, **changed: object) -> IssueFigures:
    return replace(figures, shown=replace(figures.shown, **changed))  # type: ignore[arg-type]


def said(
    *issues: IssueFigures, growth: Sequence[MonthOfGrowth] = (), days: int = 1
) -> list[Wording]:
    """Return what is said so many days after the last issue."""
    now = issues[-1].sent_at + dt.timedelta(days=days) if issues else BEGINNING
    return statements(issues, growth, best_read(issues), now=now)


# --- the words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        (
            "en",
            "The December issue was opened by 24–62% of 623 readers.",
            "The list has 635 readers, 36 more than 12 months before.",
        ),
        (
            "fi",
            "Joulukuun numeron avasi 24–62 % kaikkiaan 623 lukijasta.",
            "Tilaajia on 635 eli 36 enemmän kuin 12 kuukautta aiemmin.",
        ),
        (
            "sv",
            "Decembernumret öppnades av 24–62 % av sammanlagt 623 läsare.",
            "Listan har 635 prenumeranter, 36 fler än 12 månader tidigare.",
        ),
    ],
)
def test_a_report_begins_with_the_range_and_ends_with_the_list(
    language: str, first: str, last: str
) -> None:
    whole = report()

    words = statements(whole.issues, whole.growth, [], now=whole.made_at)
    told = [say_in(language, line) for line in words]

    told = [line.replace("\N{NO-BREAK SPACE}", " ") for line in told]
    assert (told[0], told[-1]) == (first, last)


def test_two_issues_of_a_month_are_told_apart_by_their_names() -> None:
    extra = issue(11, issue="2026-11-lisa")

    first = said(issue(11), extra)[0]

    assert first.startswith("Issue 2026-11-lisa was opened by ")
    assert say_in("fi", first).startswith("Numeron 2026-11-lisa avasi ")


@pytest.mark.parametrize(
    ("openers", "of", "words"),
    [
        (Split(human=186, unknown=67, machine=149, hidden=124), 620, "27–65%"),
        (Split(unknown=300), 620, "at most 52%"),  # nobody tells people apart
        (Split(human=1, unknown=0, machine=0, hidden=0), 620, "at most 1%"),
        (Split(human=186, unknown=34, machine=400, hidden=400), 620, "at least 27%"),
        (Split(human=300_000, unknown=0, machine=0, hidden=0), 1_000_000, "30%"),
    ],
)
def test_a_range_reads_as_what_it_bounds(openers: Split, of: int, words: str) -> None:
    [first, *_] = said(issue(12, openers, of))

    assert first == f"The December issue was opened by {words} of {of:,} readers."


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        # pictures alike for all: of how many readers is not known
        (
            counted_by(
                issue(12, open_range=None),
                source=Source.SERVICE,
                opens=Split(human=700, unknown=100, machine=90, hidden=12),
            ),
            "The pictures of the December issue were loaded 700–812 times for people; for how many "
            "of them is not known.",
        ),
        (
            counted_by(
                issue(12, open_range=None),
                source=Source.SERVICE,
                opens=Split(human=1, unknown=0, machine=0),
            ),
            "The pictures of the December issue were loaded once for a person.",
        ),
        (
            counted_by(issue(12, open_range=None), source=None),
            "Nobody counted how many opened the December issue.",
        ),
        (
            issue(12, Split(unknown=620)),  # programs opened all
            "How many opened the December issue is not known.",
        ),
        (
            issue(12, open_range=None, hidden_because=say("fewer than 10 readers")),
            "Nothing is told of how many opened the December issue: fewer than 10 readers",
        ),
    ],
    ids=["times", "once", "nobody", "all", "hidden"],
)
def test_what_is_not_known_is_said_to_be_so(figures: IssueFigures, words: str) -> None:
    [first, *_] = said(figures)

    assert first == words


def test_a_rehearsal_is_never_spoken_of() -> None:
    assert said(issue(12, is_rehearsal=True)) == []


def test_an_issue_whose_window_is_open_is_compared_with_nothing() -> None:
    told = said(issue(11), issue(12, Split(human=1, unknown=0, machine=0), is_final=False))

    assert "Its first 7 days are not over, so more may come." in told
    assert not [line for line in told if "November" in line]


@pytest.mark.parametrize(
    "other",
    [
        counted_by(issue(11), source=Source.SERVICE),
        counted_by(issue(11), rules=("2026-01-01",)),  # machines were told by other rules
        issue(11, window_days=14),
        issue(11, Split(unknown=300)),  # nobody told people apart
    ],
    ids=["source", "rules", "window", "classes"],
)
def test_what_was_counted_in_another_way_is_not_compared(other: IssueFigures) -> None:
    assert (
        "It cannot be compared with the November issue: they were not counted in the same way."
        in said(other, issue(12))
    )


UNDIVIDED = Split(unknown=300)
YEAR = dt.timedelta(days=365)


@pytest.mark.parametrize(
    ("before", "newest", "words"),
    [
        (
            issue(11, open_range=None, hidden_because=say("fewer than 10 readers")),
            issue(12),
            "It cannot be compared with the November issue: how many opened that one is not known.",
        ),
        (
            issue(11, UNDIVIDED),
            issue(12, UNDIVIDED),
            "It cannot be compared with the November issue: nobody tells opens of people from "
            "those of programs.",
        ),
        (
            issue(11, date=issue(12).date - YEAR + dt.timedelta(days=-30)),
            issue(12),
            "It cannot be compared with the November issue, which is at least a year older.",
        ),
    ],
    ids=["nothing told", "nobody tells people apart", "a year"],
)
def test_why_it_is_not_compared_is_said_as_it_is(
    before: IssueFigures, newest: IssueFigures, words: str
) -> None:
    told = said(before, newest)

    assert words in told
    assert not [line for line in told if "in the same way" in line]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (6, "Its first 7 days are not over, so more may come."),
        (7, "What is told late of its first days may still be added."),
    ],
)
def test_that_days_are_not_over_is_said_until_they_are(days: int, words: str) -> None:
    told = said(issue(12, is_final=False), days=days)

    assert [line for line in told if "first" in line and "days" in line] == [words]


# --- no claim that the figures do not hold ------------------------------------------------

some_splits = st.tuples(*[st.integers(0, 200)] * 4).map(
    lambda n: Split(human=n[0], unknown=n[1], machine=n[2] + n[3], hidden=n[2])
)


@given(some_splits, some_splits, st.integers(800, 900), st.integers(800, 900))
def test_a_difference_is_claimed_only_if_it_is_there_whatever_is_hidden(
    a: Split, b: Split, of_a: int, of_b: int
) -> None:
    newest, before = issue(12, a, of_a), issue(11, b, of_b)
    assert newest.open_range
    assert before.open_range

    told = " ".join(said(before, newest))

    apart = differences_tried([newest.open_range], [before.open_range])
    if "A larger share opened it than the November issue" in told:
        assert all(low > 0 for low, _ in apart)
    elif "A smaller share opened it than the November issue" in told:
        assert all(high < 0 for _, high in apart)
    else:
        assert "No difference from the November issue can be told." in told
        assert min(low for low, _ in apart) < 0.001
        assert max(high for _, high in apart) > -0.001


@given(st.lists(some_splits, min_size=4, max_size=6))
def test_a_difference_from_the_mean_is_claimed_only_beyond_chance_of_one_issue(
    splits: list[Split],
) -> None:
    *others, newest = [issue(at + 1, split, 800) for at, split in enumerate(splits)]
    assert newest.open_range

    told = " ".join(said(*others, newest))

    means = [sum(s.human or 0 for s in splits[:-1]) / len(others)]
    low = difference(share(splits[-1].human or 0, 800), share(round(means[0]), 800))
    if "The share is larger than the mean" in told:
        assert low[1] > 0
        assert (splits[-1].human or 0) > means[0]
    elif "The share is smaller than the mean" in told:
        assert low[0] < 0
        assert (splits[-1].human or 0) < means[0]
    else:
        assert f"No difference from the mean of the {len(others)} issues" in told


def test_issues_of_like_readers_are_called_different_less_often_than_once_in_twenty() -> None:
    chance = random.Random(15)

    def drawn(month: int) -> IssueFigures:
        kinds = chance.choices("hum ", [0.3, 0.1, 0.2, 0.4], k=300)
        count = {kind: kinds.count(kind) for kind in "hum"}
        split = Split(human=count["h"], unknown=count["u"], machine=count["m"], hidden=count["m"])
        return issue(month, split, 300)

    claims = [
        line
        for _ in range(300)
        for line in said(*(drawn(month) for month in (8, 9, 10, 11, 12)))
        if line.template.startswith(("A larger", "A smaller", "The share is"))
    ]

    assert len(claims) / 600 < 0.05


@given(
    st.lists(
        st.builds(
            issue,
            st.integers(1, 12),
            some_splits | st.builds(Split, unknown=st.none() | st.integers(0, 500)),
            st.sampled_from([0, 9, 800, 900]),
            is_final=st.booleans(),
            is_rehearsal=st.booleans(),
            delivered=st.builds(
                Delivered,
                sent=st.integers(0, 900),
                delivered=st.none() | st.integers(0, 900),
                unsubscribed=st.none() | st.integers(0, 3),
                complained=st.none() | st.integers(0, 3),
            ),
        ),
        max_size=4,
    ),
    st.lists(
        st.builds(
            MonthOfGrowth,
            month=st.just("2026-11"),
            joined=st.just({}),
            left=st.just(0),
            bounced=st.just(0),
            complained=st.just(0),
            at_end=st.integers(0, 20),
        ),
        max_size=14,
    ),
)
def test_whatever_is_known_can_be_said_in_every_language(
    issues: list[IssueFigures], growth: list[MonthOfGrowth]
) -> None:
    for line in said(*issues, growth=growth):
        assert is_said_in("fi", line), line
        assert is_said_in("sv", line), line


# --- sections -----------------------------------------------------------------------------


def with_sections(month: int, **clickers: int) -> IssueFigures:
    sections = [
        SectionFigures(name=name, language="fi", clicks=Split(), clickers=share(count, 620))
        for name, count in clickers.items()
    ]
    return issue(month, sections=sections)


def test_a_section_is_ahead_only_if_it_is_of_all_others() -> None:
    issues = [with_sections(month, Uutiset=90, Koulutus=85, Muuta=20) for month in range(1, 13)]

    uutiset, koulutus, muuta = best_read(issues)

    assert [section.name for section in (uutiset, koulutus, muuta)] == [
        "Uutiset",
        "Koulutus",
        "Muuta",
    ]
    assert not any(section.is_ahead for section in (uutiset, koulutus, muuta))
    [ahead, *_] = best_read([with_sections(m, Uutiset=90, Koulutus=20) for m in (1, 2, 3)])
    assert (ahead.name, ahead.is_ahead, ahead.issues) == ("Uutiset", True, 3)


def test_the_same_readers_twelve_times_say_no_more_than_once() -> None:
    [once] = {s.clickers.low for s in best_read([with_sections(m, Uutiset=90) for m in (1, 2, 3)])}
    [often] = {
        s.clickers.low for s in best_read([with_sections(m, Uutiset=90) for m in range(1, 13)])
    }

    assert once == often == share(90, 620).low


def test_a_section_that_hardly_comes_back_is_not_told_of() -> None:
    issues = [with_sections(1, Kesä=500), with_sections(2, Kesä=500), with_sections(3, Uutiset=9)]

    assert best_read(issues) == []


def test_sections_of_a_year_ago_and_of_rehearsals_count_no_more() -> None:
    issues = [with_sections(month, Uutiset=90) for month in (10, 11, 12)]
    issues[0] = replace(issues[0], date=dt.date(2025, 12, 15))

    assert best_read(issues) == []
    assert best_read([replace(one, is_rehearsal=True) for one in issues]) == []


@given(st.lists(st.integers(0, 200), min_size=2, max_size=5))
def test_at_most_one_section_of_a_language_is_ahead(counts: list[int]) -> None:
    named = {f"Osio {n}": count for n, count in enumerate(counts)}

    found = best_read([with_sections(month, **named) for month in (1, 2, 3)])

    ahead = [section for section in found if section.is_ahead]
    assert len(ahead) <= 1
    assert ahead == found[: len(ahead)]
    shares: list[Share] = [section.clickers for section in found]
    assert shares == sorted(shares, key=lambda s: -s.value)
