"""The numbers on the page about statistics follow from one another, as the program counts."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.intervals import difference, share
from newsletter.model.figures import Share, Split
from newsletter.stats import (
    SMALLEST,
    as_csv,
    as_json,
    choose_groups,
    open_range,
)
from tests.stats import specimens

PAGE = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([^|]+) \| (\d+) of (\d+) \| ([\d.]+) % \| ([\d.]+)–([\d.]+) % \|$", re.M)
ROWS = {name: (share(int(count), int(of)), *told) for name, count, of, *told in _ROW.findall(PAGE)}
RANGE = {name: ROWS.pop(name) for name in ("least", "most", "outer")}

Row = tuple[Share, str, str, str]


def percent(value: float, like: str) -> str:
    """Return a share as a page writes it, with as many digits."""
    return f"{100 * value:.{len(like.partition('.')[2])}f}"


@pytest.mark.parametrize("row", [*RANGE.values(), *ROWS.values()], ids=[*RANGE, *ROWS])
def test_shares_and_their_intervals_follow_from_the_counts(row: Row) -> None:
    part, value, low, high = row

    assert percent(part.value, value) == value
    assert (percent(part.low, low), percent(part.high, high)) == (low, high)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_no_other_count_of_46_rounds_to_a_published_share(row: Row) -> None:
    part, value, *_ = row

    assert [n for n in range(47) if percent(n / 46, value) == value] == [part.count]
    assert part.of == 46


def test_the_range_is_that_of_the_sentence_before_its_table() -> None:
    [(of, human, unknown, hidden)] = re.findall(
        r"^Of ([\d,]+) readers, (\d+) were seen .*, (\d+) more .* of (\d+) hide it:$", PAGE, re.M
    )
    found = open_range(
        Split(human=int(human), unknown=int(unknown), machine=int(hidden), hidden=int(hidden)),
        Split(),
        int(of.replace(",", "")),
    )
    assert found

    assert (found.least, found.most, found.outer) == tuple(part for part, *_ in RANGE.values())
    first, last = found.bounds
    assert f"between {percent(first, '')} and {percent(last, '')} % of them" in PAGE


def test_what_is_said_of_the_survey_holds() -> None:
    associations, municipalities, education = (
        ROWS[f"work for {name}"][0]
        for name in (
            "an association or a foundation",
            "a municipality or a city",
            "an educational institution",
        )
    )
    everybody = share(28, 28)
    little = share(12, 80)

    low, high = difference(associations, municipalities)
    assert f"from −{percent(-low, '')} to {percent(high, '')} percentage points" in PAGE
    low, high = difference(associations, education)
    assert f"from {percent(low, '')} to {percent(high, '')}, so yes" in PAGE
    assert f"an interval of {percent(everybody.low, '')}–100 %" in PAGE
    assert everybody.high == 1
    assert ROWS["subscribe to the newsletter"][0].low < 0.5
    assert f"between {percent(little.low, '.1')} and {percent(little.high, '.1')} %" in PAGE


def test_97_per_cent_is_no_share_of_all_who_answered() -> None:
    possible = {
        of for of in range(1, 47) for count in range(of + 1) if percent(count / of, "") == "97"
    }

    assert f"at most {max(possible)}\n  did" in PAGE


def test_the_example_of_small_groups_holds() -> None:
    pairs = {("fi", "Uusimaa"): 90, ("sv", "Lappi"): 20, ("sv", "Kainuu"): 3, ("fi", "Kainuu"): 30}

    groups = choose_groups(pairs)

    assert set(groups.languages.values()) == {"fi", "sv"}
    assert groups.values["Lappi"] == ""
    assert f"groups of at least {SMALLEST} readers" in PAGE


def test_each_key_of_json_and_each_column_of_csv_is_explained_and_no_other() -> None:
    part = PAGE.partition("## JSON and CSV")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| (.+) \|$", part, re.M)
    [item] = as_json([replace(specimens.issue(5), is_rehearsal=True)])

    explained = [name for keys, _ in rows for name in re.findall(r"`(\w+)`", keys)]

    assert sorted(explained) == sorted(item)
    words = set(re.findall(r"`(\w+)`", part))
    assert _keys_in(item) - set(item) - {"language"} <= words
    columns = as_csv([]).strip().split(",")
    joined = {f"{key}_{name}" for key in item for name in words}
    ends = {"open_rate_interval_low", "open_rate_interval_high"}
    assert set(columns) - set(item) - joined <= ends & words


def _keys_in(told: object) -> set[str]:
    """Return the names of all that is in an object; those of groups and of figures are no names."""
    if isinstance(told, dict):
        inner = [_keys_in(value) for value in told.values()]
        return set(told).union(*inner) if told else set()
    if isinstance(told, list):
        return set().union(*map(_keys_in, told))
    return set()
