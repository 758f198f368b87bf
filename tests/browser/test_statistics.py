"""What readers do with issues in a browser is what the log, the terminal, JSON and report tell."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import open_mail
from tests.browser.issues_read import (
    ARRIVED,
    COUNTED,
    FIRST,
    LINKS,
    LISTED,
    MAILED,
    POSTED,
    PULLED,
    READERS,
    REHEARSED,
    SECOND,
    follows_of,
    issues_read,
    loads_of,
)
from tests.conftest import Site

CLASSES = ("human", "unknown", "machine")
OURS = (*REHEARSED, COUNTED)  # that the service counts


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A newsletter whose issues were read, and whose provider was asked."""
    with issues_read(browser, tmp_path_factory.mktemp("read")) as read:
        read.run("stats", "--pull")
        yield read


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, dict[str, Any]]:
    """What is told to programs, by issue."""
    return {row["issue"]: row for row in json.loads(site.run("stats", "--json").stdout)}


def split(*counts: int) -> dict[str, int]:
    """Return counts by class; no machine of these hides a reader."""
    return dict(zip(CLASSES, counts, strict=True)) | {"hidden": 0}


@pytest.mark.parametrize("issue", OURS)
def test_nothing_counts_but_readers_who_open_a_mail_and_follow_its_links(
    told: dict[str, dict[str, Any]], issue: str
) -> None:
    """No test, no preview, no page of the archive, and nothing that the provider tells besides."""
    loads, follows = loads_of(issue), follows_of(issue)

    row = told[issue]

    assert {name: row["loads"][name] for name in CLASSES} == {n: loads[n] for n in CLASSES}
    assert row["follows"] == split(follows.total(), 0, 0)
    assert {link["words"]: link["times"]["human"] for link in row["links"]} == {
        words: follows[words] for words in LINKS
    }
    assert [one["counted_by"] for one in row["sources"]] == ["service"]
    assert (row["sent"], row["n"], row["openers"]["human"]) == (READERS, None, None)
    assert row.get("rehearsal", False) is (issue in REHEARSED)


def test_what_arrived_and_what_is_listed_both_stand_and_are_not_added(
    told: dict[str, dict[str, Any]], site: Site
) -> None:
    come, listed = ARRIVED[POSTED], LISTED[POSTED]

    shown, other = told[POSTED]["sources"]
    first, second = lines_of(site, "stats", "--sources")[POSTED]

    assert (shown["counted_by"], other["counted_by"]) == ("webhooks", "report")
    assert shown["openers"] == told[POSTED]["openers"] == split(come.opened, 0, 0)
    assert shown["clickers"] == told[POSTED]["clickers"] == split(0, come.clicked, 0)
    # A list does not say by which program a mail was opened, so it is not known by whom.
    assert other["openers"] == split(0, listed.opened, 0)
    assert other["clickers"] == split(0, listed.clicked, 0)
    assert {"✓", f"{come.opened}", f"{come.opened} ×", f"0–{come.clicked}"} <= first
    assert {f"0–{listed.opened}", f"0–{listed.opened} ×", f"0–{listed.clicked}"} <= second
    assert "✓" not in second


def test_an_issue_of_which_the_provider_tells_when_asked_alone(
    told: dict[str, dict[str, Any]],
) -> None:
    row, listed = told[PULLED], LISTED[PULLED]

    assert [one["counted_by"] for one in row["sources"]] == ["report"]
    assert (row["n"], row["delivered"]) == (READERS, READERS)
    assert row["openers"] == split(0, listed.opened, 0)
    assert row["clickers"] == split(0, listed.clicked, 0)


def test_the_log_has_the_issues_that_were_mailed_as_programs_are_told_of_them(
    told: dict[str, dict[str, Any]], site: Site
) -> None:
    with (site.root / "statistics.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["issue"]: row for row in csv.DictReader(file)}

    assert list(rows) == list(MAILED)
    for issue, row in rows.items():
        known = told[issue]
        for of, name in product(("openers", "loads", "clickers", "follows"), CLASSES):
            column = {"follows": "clicks"}.get(of, of)
            assert row[f"{column}_{name}"] == _cell(known[of][name]), (issue, of, name)
        assert (row["counted_by"], row["sent"]) == (known["counted_by"], str(READERS))
        low, high = (_share(end) for end in known["open_rate"]["interval"])
        assert (row["opened_from"], row["opened_to"]) == (low, high)


def _cell(count: int | None) -> str:
    return "" if count is None else str(count)


def _share(end: float | None) -> str:
    return "" if end is None else f"{end:.4f}"


def test_the_terminal_tells_the_same(told: dict[str, dict[str, Any]], site: Site) -> None:
    lines = lines_of(site, "stats")
    page = site.run("stats", FIRST).stdout

    for issue in OURS:
        loads, follows = loads_of(issue), follows_of(issue)
        least, most = loads["human"], loads["human"] + loads["unknown"]
        name = f"{issue} (rehearsal)" if issue in REHEARSED else issue
        assert {_span(least, most), f"{follows.total()} ×"} <= lines[name][0]
    for issue in (POSTED, PULLED):
        low, high = told[issue]["open_rate"]["interval"]
        assert f"{100 * low:.0f}–{100 * high:.0f}%" in lines[issue][0]
    for words in LINKS:
        assert re.search(rf" {words} .*  {follows_of(FIRST)[words]} ×", page), words


def _span(least: int, most: int) -> str:
    return f"{least} ×" if least == most else f"{least}–{most} ×"


def lines_of(site: Site, *arguments: str) -> dict[str, list[set[str]]]:
    """Return the cells of lines of a wide terminal, by what they begin with."""
    site.environment["COLUMNS"] = "200"
    found: dict[str, list[set[str]]] = {}
    for line in site.run(*arguments).stdout.splitlines():
        name, *cells = re.split(r"\s{2,}", line.rstrip())
        found.setdefault(name, []).append(set(cells))
    return found


def test_the_report_tells_the_same_in_a_browser(site: Site, browser: Browser) -> None:
    rehearsed = tables(browser, site.root / "rehearsed.html")
    site.run("stats", POSTED, "--html", str(site.root / "posted.html"))
    mailed = tables(browser, site.root / "posted.html")

    assert rehearsed["Image loads of each issue"] == [
        [
            issue,
            loads["human"],
            loads["unknown"],
            loads["human"] + loads["unknown"],
            loads["machine"],
        ]
        for issue in REHEARSED
        for loads in [loads_of(issue)]
    ]
    links = {
        cells[1].partition("\n")[0]: cells[0] for cells in rehearsed["Clicks, likely of people"]
    }
    assert links == {words: follows_of(SECOND)[words] for words in LINKS}

    come, listed = ARRIVED[POSTED], LISTED[POSTED]
    compared = [cells[2:6] for cells in mailed[f"What each source counted of {POSTED}"]]
    assert compared == [
        [come.opened, 0, 0, f"0–{come.clicked}"],
        [0, listed.opened, 0, f"0–{listed.clicked}"],
    ]
    bounds = [cells[1:3] for cells in mailed[f"How many opened {POSTED}"]]
    assert bounds == [[come.opened, READERS]] * 3
    [oppaat] = [cells for cells in mailed["Readers, at most"] if cells[1].startswith("oppaat")]
    assert (oppaat[0], f"unknown {come.clicked}," in oppaat[1]) == (come.clicked, True)


def tables(browser: Browser, page: Path) -> dict[str, list[list[Any]]]:
    """Return the tables of a report as a browser shows them, by what they are called."""
    window = open_mail(browser, page, width=1200)
    shown = window.evaluate(
        """() => {
            document.querySelectorAll('details').forEach(one => one.open = true);
            const words = one => one.innerText.replaceAll('\u00ad', '').trim();
            const rows = table => [...table.tBodies[0].rows].map(row => [...row.cells].map(words));
            return [...document.querySelectorAll('table')].map(
                table => [words(table.caption), rows(table)]);
        }"""
    )
    return {name: [list(map(_number, cells)) for cells in rows] for name, rows in shown}


def _number(cell: str) -> int | str:
    found = re.fullmatch(r"(\d+)(?: times?)?", cell)
    return int(found[1]) if found else cell
