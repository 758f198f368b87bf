"""Figures on a terminal: what is known, in words, within its width, and without any colour."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from newsletter.cli.figure_page import print_issue
from newsletter.cli.figure_signs import count_bar, hours_line, people, range_bar, share_bar, times
from newsletter.cli.figure_table import explain_issues, print_growth, print_issues, print_sources
from newsletter.cli.telling import in_words, speak
from newsletter.intervals import share
from newsletter.language import say
from newsletter.model.figures import Counts, IssueFigures, OpenRange, Revision, Source, Span, Split
from newsletter.stats_report import JOINED_BY
from tests.stats import specimens

HELSINKI = ZoneInfo("Europe/Helsinki")
WIDTHS = (40, 60, 80, 120, 200)
SIGNS = "█▒░·"
LATER = Revision(
    at=dt.datetime(2026, 12, 28, 5, tzinfo=dt.UTC),
    source=Source.WEBHOOKS,
    changes={"delivered": (568, 569)},
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English, and again after a test that spoke another language."""
    speak("en", Path("/"))
    yield
    speak("en", Path("/"))


def screen(show: Callable[[Console], None], width: int = 100) -> str:
    """Return what is shown on a terminal of a width."""
    out = io.StringIO()
    show(Console(file=out, width=width, no_color=True, force_terminal=False))
    return out.getvalue()


def table(issues: list[IssueFigures], width: int = 100) -> str:
    return screen(lambda console: print_issues(console, issues), width)


def page(issue: IssueFigures, width: int = 100) -> str:
    return screen(lambda console: print_issue(console, issue, HELSINKI), width)


def words(text: str) -> str:
    """Return a text on one line, however it was wrapped."""
    return " ".join(text.split())


# --- signs --------------------------------------------------------------------------------


def told(least: int, most: int, outer: int, of: int) -> OpenRange:
    return OpenRange(least=share(least, of), most=share(most, of), outer=share(outer, of))


@given(st.integers(1, 5000), st.data(), st.integers(1, 120))
def test_a_range_is_drawn_from_dense_to_pale_and_fills_its_width(
    of: int, data: st.DataObject, width: int
) -> None:
    least, most, outer = sorted(data.draw(st.lists(st.integers(0, of), min_size=3, max_size=3)))

    bar = range_bar(told(least, most, outer, of), width)

    assert len(bar) == width
    assert bar == "".join(sorted(bar, key=SIGNS.index))


def test_the_ends_of_a_bar_are_those_that_are_told() -> None:
    low, high = told(300, 400, 500, 1000).bounds

    bar = range_bar(told(300, 400, 500, 1000), 100)

    assert bar.count("█") == round(low * 100)
    assert 100 - bar.count("·") == round(high * 100)


def test_nothing_is_certain_where_nobody_tells_people_from_machines() -> None:
    bar = range_bar(OpenRange(least=None, most=None, outer=share(60, 100)), 50)

    assert set(bar) == {"░", "·"}


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=72), st.integers(1, 200))
def test_hours_fit_and_one_without_opens_is_no_bar(curve: list[int], width: int) -> None:
    line = hours_line(curve, width)

    assert len(line) <= min(width, len(curve))
    assert (set(line) == {"·"}) == (not any(curve))
    assert ("█" in line) == any(curve)


@pytest.mark.parametrize(
    ("split", "shown"),
    [
        (Split(human=61, unknown=19, machine=4), "61–80"),  # up to those of whom it is not known
        (Split(human=61, unknown=0), "61"),
        (Split(unknown=177), "≤ 177"),  # machines are not told apart
        (Split(human=0, unknown=0), "0"),  # a known 0
        (Split(), ""),  # nobody counted
    ],
)
def test_people_are_told_as_a_range_and_what_is_not_known_stays_empty(
    split: Split, shown: str
) -> None:
    assert people(split) == shown
    assert times(split) == (f"{shown} ×" if shown else "")


@given(st.integers(0, 900), st.integers(0, 900), st.integers(1, 60))
def test_bars_of_counts_and_shares_stay_within_their_width(
    human: int, unknown: int, width: int
) -> None:
    top = human + unknown
    followed = share(human, 1000)

    assert len(count_bar(Split(human=human, unknown=unknown), width, top)) <= width
    assert len(share_bar((followed.low, followed.high), width, followed.high)) <= width


# --- the table of issues ------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(width: int, language: str) -> None:
    speak(language, Path("/"))
    issues = list(specimens.report().issues)
    issues[3] = replace(issues[3], is_rehearsal=True)

    shown = (
        table(issues, width)
        + page(issues[-1], width)
        + screen(lambda console: print_sources(console, issues, HELSINKI), width)
    )

    assert max(map(cell_len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_each_issue_has_its_range_however_narrow_the_terminal_is(width: int) -> None:
    lines = table(list(specimens.report(issues=4).issues), width).splitlines()[1:]

    assert [line.split()[0] for line in lines] == ["2026-09", "2026-10", "2026-11", "2026-12"]
    assert all("%" in line and "█" in line for line in lines)


def test_a_wide_terminal_has_all_of_it() -> None:
    heading = table(list(specimens.report(issues=4).issues), 160).splitlines()[0]

    assert heading.split() == [
        "Issue", "Subject", "Sent", "Readers", "Opened", "0", "100%", "Clicked", "Bounced", "Left",
    ]  # fmt: skip


def test_bars_stand_on_one_scale_from_nobody_to_everybody() -> None:
    lines = table(list(specimens.report(issues=4).issues), 160).splitlines()

    starts = {min(line.find(sign) for sign in "█" if sign in line) for line in lines[1:]}
    assert starts == {lines[0].index("0 ")}


def test_what_nobody_counted_stays_empty_and_has_no_bar() -> None:
    line = table([replace(unknown(), subject="Kirje")]).splitlines()[1]

    assert line.split() == ["2025-06", "Kirje", "575", "569", "6", "1"]


def test_a_sum_of_which_a_part_is_not_known_is_told_as_the_least_it_can_be() -> None:
    issue = specimens.issue(5)
    half = replace(issue, delivered=replace(issue.delivered, bounced_hard=777, bounced_soft=None))

    assert "at least 777" in table([half], 160)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_how_people_joined_is_told_in_the_language_of_the_terminal(language: str) -> None:
    speak(language, Path("/"))
    month = replace(specimens.report(1).growth[-1], joined=dict.fromkeys(JOINED_BY, 3))

    heading = screen(lambda console: print_growth(console, [month]), 200).splitlines()[0]

    assert all(in_words(name) in heading for name in JOINED_BY.values())
    assert not any(source in heading.split() for source in JOINED_BY)


def test_a_subject_is_shown_as_it_stands_whatever_it_holds() -> None:
    assert "[bold]x[/] [1]" in table([replace(specimens.issue(5), subject="[bold]x[/] [1]")], 160)


# --- one issue ----------------------------------------------------------------------------


def unknown() -> IssueFigures:
    """Return an issue whose opens and clicks nobody counted."""
    nobody = Counts(source=None, span=Span.WINDOW, as_of=None)
    return replace(
        specimens.issue(5),
        shown=nobody,
        whole=nobody,
        others=(),
        open_range=None,
        hidden_because=say("nobody counts opens and clicks"),
        sections=(),
        groups={},
    )


def test_the_range_is_said_in_words_with_its_denominator() -> None:
    issue = specimens.issue(5)
    assert issue.open_range
    low, high = issue.open_range.bounds

    assert (
        f"Of {issue.open_range.outer.of} readers, {100 * low:.0f}–{high:.0%} opened it."
    ) in words(page(issue))


def test_of_an_issue_that_nobody_counted_it_is_told_how_others_will_be() -> None:
    shown = words(page(unknown()))

    assert "Not told: nobody counts opens and clicks." in shown
    assert "Of issues to come, “newsletter setup” asks who counts them." in shown
    assert "newsletter setup" not in page(specimens.issue(5))


def test_a_page_has_source_links_sections_hours_groups_and_what_came_later() -> None:
    shown = page(specimens.issue(5))

    assert "Source: the provider told of each as it happened." in shown
    assert "rules: 2026-11-30" in shown
    for heading in ("Links", "Sections", "The first 72 hours", "By language", "Until "):
        assert f"\n{heading}" in shown
    assert "Half of all opens came within 7 h." in shown
    assert "“newsletter stats 2025-06 --sources”" in shown


def test_shares_of_the_first_hours_are_of_all_opens_and_contradict_nothing() -> None:
    late = replace(
        specimens.issue(5).shown,
        opens=Split(human=70, unknown=30, machine=900),
        curve=[20, *[0] * 70, 20],
        half_after=80,
    )

    shown = words(page(replace(specimens.issue(5), shown=late)))

    assert "after 1 h: 20%, 6 h: 20%, 24 h: 20%, 72 h: 40%." in shown
    assert "Half of all opens came within 80 h." in shown


def test_no_share_is_told_of_hours_before_it_is_known_of_how_many() -> None:
    early = replace(
        specimens.issue(5).shown,
        opens=Split(human=7, unknown=3, machine=9),
        curve=[8, *[0] * 5, 2],
        half_after=None,
    )

    shown = words(page(replace(specimens.issue(5), shown=early)))

    assert "Opens that were there after 1 h: 8, 6 h: 8." in shown
    assert "Half of all" not in shown
    assert "When half of them were there is known once the days counted are over." in shown


def test_links_are_ranked_and_the_rest_of_the_mail_comes_last() -> None:
    lines = page(specimens.issue(5), 120).partition("\nLinks\n")[2].splitlines()[1:12]

    assert lines[-1].strip().startswith("11.  all other links of the mail")
    humans = [int(line.split("–")[0].split()[-1]) for line in lines[:-1]]
    assert humans == sorted(humans, reverse=True)


def test_why_figures_are_not_told_is_said() -> None:
    few = replace(
        unknown(),
        hidden_because=say("it went to fewer than {n} readers whose opens can be seen", n=10),
    )

    assert "Not told: it went to fewer than 10 readers" in words(page(few))
    assert "█" not in page(few)


def test_loads_of_pictures_are_told_as_such_where_nobody_is_told_apart() -> None:
    shown = Counts(
        source=Source.SERVICE,
        span=Span.WINDOW,
        as_of=None,
        opens=Split(human=300, unknown=12, machine=90),
    )
    together = replace(unknown(), shown=shown, hidden_because=say("nobody knows of how many"))

    assert "Pictures were loaded 300–312 ×" in page(together)
    assert "300–312 ×" in table([together])


def test_how_often_is_explained_only_where_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    together = replace(unknown(), shown=replace(unknown().shown, opens=Split(human=3, unknown=0)))
    source = replace(unknown(), shown=replace(unknown().shown, source=Source.SERVICE))

    explain_issues([source])
    assert not capsys.readouterr().err
    explain_issues([together])

    assert "×" in table([together])
    assert "×: how often" in capsys.readouterr().err


def test_shares_in_one_column_are_written_alike_and_their_bars_explained() -> None:
    issue = specimens.issue(23)
    few = replace(issue.sections[0], clickers=share(3, 600), clickers_most=share(3, 600))

    shown = page(replace(issue, sections=[few, *issue.sections[1:]]), 120)

    part = shown.partition("\nSections\n")[2].partition("Shares are 95%")[0]
    ranges = re.findall(r"[\d.]+–[\d.]+%", part)
    assert len(ranges) == len(issue.sections)
    assert all(told.count(".") == 2 for told in ranges)
    assert "Shares are 95% intervals; bars end at" in shown


def test_small_shares_are_told_with_a_decimal_and_a_narrow_range_as_one_share() -> None:
    few, surely = told(30, 31, 33, 1000), told(3 * 10**11, 3 * 10**11, 3 * 10**11, 10**12)
    issue = specimens.issue(5)

    assert "Of 1,000 readers, 2.1–4.6% opened it." in words(page(replace(issue, open_range=few)))
    assert "2.1–4.6%" in table([replace(issue, open_range=few)], 160)
    assert " 30.0% " in table([replace(issue, open_range=surely)], 160)


def test_where_nobody_tells_people_from_machines_a_range_is_an_upper_bound() -> None:
    alone = OpenRange(least=None, most=None, outer=share(60, 100))
    issue = replace(specimens.issue(5), open_range=alone)

    assert "at most 69%" in table([issue], 160)
    assert "Of 100 readers, at most 69% opened it." in words(page(issue))


def test_what_changed_after_the_days_is_told_with_source_and_before() -> None:
    revised = replace(specimens.issue(5), revisions=[LATER])

    assert "the provider, as it happened: delivered 568 → 569" in words(page(revised))


def test_what_changed_is_named_in_the_language_of_the_terminal() -> None:
    speak("fi", Path("/"))
    later = replace(LATER, changes={"openers.human": (None, 12)})

    shown = words(page(replace(specimens.issue(5), revisions=[later])))

    assert "openers" not in shown
    assert "ei tiedossa → 12" in shown


# --- sources ------------------------------------------------------------------------------


def test_each_source_stands_in_a_line_of_its_own_and_the_one_shown_is_marked() -> None:
    issue = specimens.issue(5)

    shown = screen(lambda console: print_sources(console, [issue], HELSINKI), 200)

    first, second = shown.splitlines()[1:]
    assert "✓" in first
    assert "as it happened" in first
    assert "✓" not in second
    assert "when it was asked" in second
