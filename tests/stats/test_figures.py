"""Figures claim no more than is known."""

import csv
import datetime as dt
import io
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Figures
from newsletter.stats import (
    IssueFigures,
    OpenRate,
    as_csv,
    as_json,
    open_rate,
    trend,
    wilson_interval,
)

counts = st.integers(0, 2_000_000)
maybe = st.none() | counts
some_figures = st.builds(
    Figures,
    sent=maybe,
    delivered=maybe,
    opens_unique=maybe,
    opens_human=maybe,
    opens_machine=maybe,
)


def issue(figures: Figures, *, is_known: bool = True) -> IssueFigures:
    """Return a row of the report."""
    return IssueFigures(
        issue="2026-12",
        date=dt.date(2026, 12, 15),
        subject="Kirje; 12",
        figures=figures,
        as_of=dt.datetime(2026, 12, 20, 8, tzinfo=dt.UTC) if is_known else None,
    )


def leaves(value: Any) -> list[Any]:
    """Return every value that holds no others."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for item in inner for leaf in leaves(item)]
    return [value]


# --- rates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (12, 80, 0.088, 0.244),  # 15 %
        (210, 1000, 0.186, 0.236),  # 21 %
        (0, 10, 0.0, 0.278),  # nobody is not surely nobody
        (10, 10, 0.722, 1.0),  # nor everybody everybody
        (1, 1, 0.207, 1.0),  # one person says little
    ],
)
def test_the_interval_is_that_of_wilson(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=0.0006)


@given(counts, st.integers(1, 2_000_000))
def test_the_interval_holds_the_share_and_stays_within_bounds(some: int, trials: int) -> None:
    successes = min(some, trials)

    low, high = wilson_interval(successes, trials)

    assert 0 <= low <= high <= 1
    assert low - 1e-9 <= successes / trials <= high + 1e-9


def test_the_open_rate_lies_between_people_and_all() -> None:
    rate = open_rate(Figures(delivered=100, opens_unique=40, opens_human=20))

    assert (rate.low, rate.high) == (0.2, 0.4)
    assert rate.interval is not None
    assert rate.interval == pytest.approx((0.133, 0.498), abs=0.001)


def test_the_lower_bound_is_unknown_where_nobody_tells_people_from_machines() -> None:
    rate = open_rate(Figures(delivered=100, opens_unique=40))

    assert (rate.low, rate.high) == (None, 0.4)


@pytest.mark.parametrize(
    "figures",
    [
        Figures(),  # nothing is known
        Figures(sent=100, opens_unique=40),  # the denominator is not known
        Figures(delivered=100),  # opens are not known
        Figures(delivered=0, opens_unique=0),  # nobody got it
        Figures(delivered=10, opens_unique=11),  # more opened than got it
    ],
)
def test_a_rate_that_cannot_be_told_is_unknown(figures: Figures) -> None:
    assert open_rate(figures) == OpenRate(low=None, high=None, interval=None)


@given(some_figures)
def test_bounds_are_ordered_shares_whatever_a_provider_says(figures: Figures) -> None:
    rate = open_rate(figures)

    least, most = rate.interval or (0.0, 1.0)
    known = [least, *(bound for bound in (rate.low, rate.high) if bound is not None), most]
    assert all(0 <= bound <= 1 for bound in known)
    assert all(a <= b + 1e-9 for a, b in pairwise(known))


# --- JSON ---------------------------------------------------------------------------------


def test_the_keys_of_json_are_those_of_the_contract() -> None:
    (item,) = as_json([issue(Figures(sent=1))])

    assert set(item) == {
        "issue", "date", "subject", "sent", "delivered", "bounced", "opens", "open_rate",
        "clicks", "unsubscribed", "complained", "source", "as_of",
    }  # fmt: skip
    assert set(item["bounced"]) == {"hard", "soft"}
    assert set(item["opens"]) == {"total", "unique", "human", "unknown", "machine"}
    assert set(item["open_rate"]) == {"low", "high", "interval"}
    assert set(item["clicks"]) == {"total", "unique", "links"}
    assert len(item["open_rate"]["interval"]) == 2


def test_what_is_not_known_is_null_and_never_0() -> None:
    (item,) = as_json([issue(Figures(), is_known=False)])

    named = {item.pop(key) for key in ("issue", "date", "subject", "source")}
    assert "none" in named
    assert set(leaves(item)) == {None}


def test_a_known_0_stays_0() -> None:
    (item,) = as_json(
        [issue(Figures(bounced_hard=0, unsubscribed=0, delivered=10, opens_unique=0))]
    )

    assert (item["bounced"]["hard"], item["unsubscribed"]) == (0, 0)
    assert item["open_rate"]["high"] == 0
    assert item["bounced"]["soft"] is None


def test_shares_are_rounded_to_a_hundredth_of_a_percent() -> None:
    (item,) = as_json([issue(Figures(delivered=3, opens_unique=1))])

    assert item["open_rate"]["high"] == 0.3333


# --- CSV ----------------------------------------------------------------------------------


def test_csv_has_a_line_per_issue_under_a_header() -> None:
    text = as_csv([issue(Figures(sent=5, delivered=4, opens_unique=2)), issue(Figures())])

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["sent"] for row in rows] == ["5", ""]
    assert rows[0]["subject"] == "Kirje; 12"
    assert rows[0]["open_rate_high"] == "0.5"


def test_csv_leaves_empty_what_is_not_known() -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([issue(Figures(), is_known=False)])))

    filled = {name for name, value in row.items() if value}
    assert filled == {"issue", "date", "subject", "source"}


def test_csv_without_issues_is_its_header() -> None:
    empty, full = as_csv([]), as_csv([issue(Figures())])

    assert empty.splitlines() == full.splitlines()[:1]


# --- trend --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rates", "bars"),
    [
        ([], []),  # no issue yet
        ([None], [""]),  # nothing is known
        ([0.4], ["█"]),  # the only one is the highest
        ([0.0, 0.0], ["▁", "▁"]),  # nobody ever opened one
        ([0.0, 0.2, 0.4], ["▁", "▅", "█"]),  # one scale from 0
        ([0.1, None, 0.4], ["▃", "", "█"]),  # a gap stays a gap
    ],
)
def test_a_trend_is_drawn_on_one_scale(rates: list[float | None], bars: list[str]) -> None:
    assert trend(rates) == bars


@given(st.lists(st.none() | st.floats(0, 1)))
def test_every_rate_has_its_bar(rates: list[float | None]) -> None:
    bars = trend(rates)

    assert [bar == "" for bar in bars] == [rate is None for rate in rates]


@pytest.mark.parametrize("subject", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "'=1"])
def test_a_subject_is_no_formula_to_a_spreadsheet(subject: str) -> None:
    row = IssueFigures(
        issue="2026-06", date=dt.date(2026, 6, 1), subject=subject, figures=Figures(), as_of=None
    )

    [line] = csv.DictReader(io.StringIO(as_csv([row])))

    assert line["subject"] == f"'{subject}"
