"""What machines read of figures has the names that it always had, and claims nothing unknown."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.intervals import share
from newsletter.language import say
from newsletter.model.figures import Counts, Delivered, IssueFigures, Share, Source, Span, Split
from newsletter.stats import as_csv, as_json
from tests.stats import specimens

KEYS = {
    "issue", "date", "subject", "sent", "delivered", "bounced", "opens", "open_rate", "clicks",
    "unsubscribed", "complained", "source", "as_of",
}  # fmt: skip
COLUMNS = (
    "issue,date,subject,sent,delivered,bounced_hard,bounced_soft,opens_total,opens_unique,"
    "opens_human,opens_unknown,opens_machine,open_rate_low,open_rate_high,clicks_total,"
    "clicks_unique,unsubscribed,complained,source,as_of,open_rate_interval_low,"
    "open_rate_interval_high"
)
NOBODY = Counts(source=None, span=Span.WINDOW, as_of=None)


def unknown() -> IssueFigures:
    """Return an issue of which nothing is known but that it was sent."""
    told = specimens.issue(5)
    return replace(
        told,
        delivered=Delivered(sent=575),
        delivered_whole=Delivered(sent=575),
        shown=NOBODY,
        whole=replace(NOBODY, span=Span.WHOLE),
        why=say("nobody counted"),
        others=(),
        open_range=None,
        sections=(),
        groups={},
    )


def leaves(value: Any) -> list[Any]:
    """Return every value that holds no others."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for item in inner for leaf in leaves(item)]
    return [value]


def one(issue: IssueFigures) -> dict[str, Any]:
    [item] = as_json([issue])
    return item


# --- JSON ---------------------------------------------------------------------------------


def test_the_keys_of_the_contract_are_kept() -> None:
    item = one(specimens.issue(5))

    assert item.keys() >= KEYS
    assert item["bounced"].keys() == {"hard", "soft"}
    assert item["opens"].keys() >= {"total", "unique", "human", "unknown", "machine"}
    assert item["open_rate"].keys() >= {"low", "high", "interval"}
    assert item["clicks"].keys() >= {"total", "unique", "links"}
    assert item["clicks"]["links"][0].keys() == {"url", "clicks"}
    assert len(item["open_rate"]["interval"]) == 2


def test_json_can_be_written_whatever_it_holds() -> None:
    report = specimens.report()

    assert json.loads(json.dumps(as_json(report.issues)))[-1]["issue"] == "2026-12"


def test_what_is_not_known_is_null_and_never_0() -> None:
    item = one(unknown())

    assert item["source"] == "none"
    for key in ("opens", "open_rate", "clicks", "bounced", "links", "sections", "curve", "n"):
        assert set(leaves(item[key])) == {None}, key
    assert 0 not in [leaf for leaf in leaves(item) if not isinstance(leaf, bool)]
    assert item["sources"] == []


def test_a_known_0_stays_0() -> None:
    item = one(replace(unknown(), delivered=Delivered(sent=9, bounced_hard=0)))

    assert item["bounced"] == {"hard": 0, "soft": None}


def test_the_classes_of_opens_sum_up_to_how_many_opened() -> None:
    opens = one(specimens.issue(5))["opens"]

    assert opens["unique"] == opens["human"] + opens["unknown"] + opens["machine"]
    assert opens["hidden"] <= opens["machine"]


def test_where_nobody_is_told_apart_the_classes_are_of_times() -> None:
    shown = replace(NOBODY, source=Source.SERVICE, opens=Split(human=30, unknown=5, machine=9))

    item = one(replace(unknown(), shown=shown))

    assert (item["opens"]["unique"], item["opens"]["total"], item["opens"]["human"]) == (
        None,
        44,
        30,
    )
    assert (item["open_rate"]["high"], item["source"]) == (None, "tracking")


def test_who_cannot_tell_people_from_machines_tells_how_many_all_the_same() -> None:
    shown = replace(NOBODY, source=Source.REPORT, openers=Split(unknown=177))

    opens = one(replace(unknown(), shown=shown))["opens"]

    assert (opens["unique"], opens["human"], opens["machine"]) == (177, None, None)


def test_the_rate_goes_from_the_least_to_the_outermost_with_their_intervals() -> None:
    told = specimens.issue(5).open_range
    assert told
    assert told.least

    rate = one(specimens.issue(5))["open_rate"]

    assert (rate["low"], rate["high"]) == (
        round(told.least.value, 4),
        round(told.outer.value, 4),
    )
    assert rate["interval"] == [round(told.least.low, 4), round(told.outer.high, 4)]


@given(st.integers(1, 10_000), st.data())
def test_shares_are_rounded_to_a_hundredth_of_a_percent(of: int, data: st.DataObject) -> None:
    clicked = share(data.draw(st.integers(0, of)), of)

    section = one(replace(specimens.issue(5), sections=[_section(clicked)]))["sections"][0]

    assert section["clickers"]["share"] == pytest.approx(clicked.value, abs=0.00005001)


def _section(clickers: Share) -> Any:
    return replace(specimens.issue(5).sections[0], clickers=clickers)


# --- CSV ----------------------------------------------------------------------------------


def rows(issues: list[IssueFigures]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(issues))))


def test_csv_begins_with_the_columns_that_it_always_had() -> None:
    header = as_csv([specimens.issue(5)]).splitlines()[0]

    assert header.startswith(COLUMNS + ",")
    assert header.endswith(",rehearsal")


def test_csv_has_a_line_per_issue_under_a_header() -> None:
    told = rows(list(specimens.report(issues=3).issues))

    assert [row["issue"] for row in told] == ["2026-10", "2026-11", "2026-12"]
    assert all(float(row["open_rate_low"]) < float(row["open_rate_high"]) for row in told)


def test_csv_leaves_empty_what_is_not_known() -> None:
    [row] = rows([unknown()])

    assert {row[name] for name in ("delivered", "opens_total", "n", "openers_human")} == {""}


def test_csv_without_issues_is_its_header() -> None:
    assert as_csv([]).splitlines() == as_csv([specimens.issue(5)]).splitlines()[:1]


@pytest.mark.parametrize("subject", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "'=1"])
def test_a_subject_is_no_formula_to_a_spreadsheet(subject: str) -> None:
    [row] = rows([replace(specimens.issue(5), subject=subject)])

    assert row["subject"] == f"'{subject}"
