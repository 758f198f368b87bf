"""The newest issue's figures to date stand beside those of its first days, on page and in mail."""

from dataclasses import replace

import pytest

from newsletter.drawing import Calendar
from newsletter.model.figures import Counts, Delivered, Span, Split
from newsletter.stats.sources import without_few
from newsletter.stats_report import render_html, render_mail
from newsletter.stats_report.until_now import until_now
from tests.stats.specimens import issue, report
from tests.stats_report.pages import LANGUAGES, face
from tests.stats_report.test_standalone import parse

CALENDAR = Calendar("en", "Europe/Helsinki")


def test_each_figure_stands_there_for_the_first_days_and_to_date() -> None:
    told = until_now(issue(20), CALENDAR)

    assert told.heads == ["Figure", "First 7 days", "To date (2026-11-30)"]
    assert {name: (early, late) for name, early, late in told.rows} == {
        "Delivered": ("614", "614"),
        "Readers who opened it": ("212–402", "229–419"),
        "Image loads": ("424–679", "458–713"),
        "Readers who followed a link": ("76–88", "76–88"),
        "Clicks": ("102–117", "102–117"),
        "Bounced": ("6", "6"),
        "Left since": ("0", "1"),
        "Complained": ("0", "0"),
        "Replied": ("3", "3"),
    }


def test_what_is_not_known_to_date_is_left_out_and_what_is_kept_back_too() -> None:
    few = without_few(issue(20))
    times = Counts(source=None, span=Span.WHOLE, as_of=None, opens=Split(human=5, unknown=1))

    assert [name for name, *_ in until_now(few, CALENDAR).rows] == [
        "Delivered", "Bounced", "Left since", "Complained", "Replied",
    ]  # fmt: skip
    told = until_now(replace(few, whole=times), CALENDAR)
    assert ["Image loads", "not known", "5–6"] in [list(row) for row in told.rows]
    nothing = replace(few, delivered_whole=Delivered(sent=620))
    assert until_now(nothing, CALENDAR).rows == []


def test_where_nobody_tells_people_from_machines_the_end_alone_is_told() -> None:
    sums = Counts(source=None, span=Span.WHOLE, as_of=None, openers=Split(unknown=60, machine=7))

    told = until_now(replace(issue(20), whole=sums), CALENDAR)

    assert {name: late for name, _, late in told.rows}["Readers who opened it"] == "at most 67"


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_mail_tell_all_of_it(language: str) -> None:
    whole = report(2, language)
    calendar = Calendar(language, whole.timezone)
    told = until_now(whole.issues[-1], calendar)

    page = " ".join("".join(parse(render_html(whole, face())).itertext()).split())
    text = " ".join(render_mail(whole)[1].split())

    for name, early, late in told.rows:
        cells = [calendar.said(cell) for cell in (name, early, late)]
        assert all(cell in page for cell in cells)
        assert f"{cells[0]}: {cells[2]} ({calendar.said(told.heads[1])}: {cells[1]})" in text
