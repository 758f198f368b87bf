"""Where a provider tells of clicks, links and sections are told apart by what may be people's."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from newsletter.cli.figure_page import print_issue
from newsletter.cli.telling import speak
from newsletter.ledger import Ledger
from newsletter.model import HitKind, Share, StatsReport
from newsletter.preview.told_figures import describe_figures
from newsletter.stats import as_json
from newsletter.stats_report import render_mail
from tests.stats.sent import (
    BEGUN,
    DAY,
    UNKNOWN,
    copies_of,
    has_link,
    is_counted,
    is_seen,
    issue_goes_out,
    people_join,
    report,
)
from tests.stats.specimens import HELSINKI

READERS = 100
FOLLOWED = {1: 10, 2: 0, 3: 50}  # link -> readers of whom it is not known
NAMES = {1: "Alku", 2: "Kurssit", 3: "Uutiset"}


@pytest.fixture
def told(ledger: Ledger) -> StatsReport:
    """Three months of which a provider told each click."""
    with ledger.write() as connection:
        people_join(connection, READERS)
        for months in (2, 1, 0):
            at = BEGUN - dt.timedelta(days=30 * months)
            send = issue_goes_out(connection, f"{at:%Y-%m}", begun=at)
            copies = copies_of(connection, send)
            for link, count in FOLLOWED.items():
                has_link(connection, send, link, NAMES[link])
                these = dict.fromkeys(copies[:count], UNKNOWN)
                copies = copies[count:]
                if count:
                    is_counted(
                        connection, send, at, "unknown", count, kind=HitKind.CLICKED, link=link
                    )
                    is_seen(connection, send, these, HitKind.CLICKED, link=link)
    return report(ledger, BEGUN + 20 * DAY)


def test_the_preview_ranks_and_colours_links_by_all_who_may_be_people(told: StatsReport) -> None:
    shown = describe_figures(told.issues[-1], "en", "Europe/Helsinki")

    assert shown["measure"] == "Readers, at most"
    assert [(link["url"][-1], link["label"], link["heat"]) for link in shown["links"]] == [
        ("3", "at most 50 readers, 50%", 1),
        ("1", "at most 10 readers, 10%", 10 / 50),
        ("2", "0 readers, 0%", 0),
    ]
    [clicked] = [fact for fact in shown["facts"] if fact["name"] == "Followed a link"]
    assert clicked["value"] == "0–60"
    assert clicked["remark"] == "0–69%, people or machines, nobody tells which"


def test_the_mail_lists_them_in_that_order(told: StatsReport) -> None:
    text = " ".join(render_mail(told)[1].split())

    assert "Lukijoita, enintään Link 3: 50 (Uutiset)" in text
    assert text.index("Link 3: 50") < text.index("Link 1: 10") < text.index("Link 2: 0")
    assert "Klikkasi linkkiä: 0–60" in text


def test_the_terminal_too(told: StatsReport) -> None:
    speak("en", Path("/"))
    out = StringIO()

    print_issue(Console(file=out, width=160, no_color=True), told.issues[-1], HELSINKI)

    rows = [line.split() for line in out.getvalue().splitlines()]
    assert [row[4] for row in rows if row[1:2] == ["Link"]] == ["0–50", "0–10", "0"]


def test_a_section_has_from_nobody_to_all_who_may_be_people(told: StatsReport) -> None:
    newest = told.issues[-1]

    assert {part.name: _counts(part.clickers, part.clickers_most) for part in newest.sections} == {
        "Alku": (0, 10),
        "Kurssit": (0, 0),
        "Uutiset": (0, 50),
    }
    [json] = as_json([newest])
    most = {part["name"]: part["clickers_most"]["share"] for part in json["sections"]}
    assert most == {"Alku": 0.1, "Kurssit": 0.0, "Uutiset": 0.5}


def test_the_section_that_is_followed_the_most_is_told_with_a_word_on_machines(
    told: StatsReport,
) -> None:
    best = [(one.name, one.readers.unknown, one.is_ahead) for one in told.best_read]

    assert best == [("Uutiset", 150, True), ("Alku", 30, False), ("Kurssit", 0, False)]
    [said] = [line for line in told.statements if "Uutiset" in line]
    assert said == (
        "“Uutiset” is followed the most of the sections that come back, but nobody tells how much "
        "of that is by machines: in 3 issues at most 60% of readers followed a link there."
    )


def _counts(*shares: Share | None) -> tuple[int, ...]:
    return tuple(share.count for share in shares if share)
