"""A chart says the same to the eye, to a screen reader and in its table.

Drawings are read back by the lines of their own scale, and compared with the words and the cells.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from newsletter.drawing import Calendar, Chart, percent, percent_range
from newsletter.model.figures import Delivered, MonthOfGrowth, Split
from newsletter.stats import open_range
from newsletter.stats_report.charts import (
    Head,
    draw_bounds,
    draw_curve,
    draw_growth,
    draw_heat,
    draw_loads,
    draw_losses,
    draw_ranges,
)
from newsletter.stats_report.followed import READERS, followed_in
from tests.stats.specimens import report
from tests.stats_report.drawn import by_part, number_of, scale_of, shapes_in, texts_in
from tests.stats_report.pages import of_times_alone

CALENDAR = Calendar("en", "Europe/Helsinki")
HEAD = Head(title="Kirje", subject="Aihe")
ISSUES = report(24, "en").issues
MONTHS = report(24, "en").growth


def told(chart: Chart | None) -> Chart:
    """Return a chart that must be there."""
    assert chart is not None
    return chart


def cells(chart: Chart) -> dict[str, Sequence[str]]:
    """Return the rows of a chart's table by their names."""
    return {str(row[0]): [str(cell) for cell in row[1:]] for row in chart.grid.rows}


@pytest.mark.parametrize("width", [0, 1])
def test_ranges_of_issues(width: int) -> None:
    chart = told(draw_ranges(ISSUES, CALENDAR))
    picture = chart.pictures[width]
    value = scale_of(picture)

    seen = {
        issue: percent_range((value(bar.lower), value(bar.upper)))
        for issue, bar in by_part(picture, "range")
    }
    least = {issue: percent(value(line.upper)) for issue, line in by_part(picture, "least")}
    most = {issue: percent(value(line.upper)) for issue, line in by_part(picture, "most")}

    assert seen == {issue: row[1] for issue, row in cells(chart).items()}
    assert least == {issue: row[2] for issue, row in cells(chart).items()}
    assert most == {issue: row[3] for issue, row in cells(chart).items()}


def test_ranges_in_words() -> None:
    chart = told(draw_ranges(ISSUES, CALENDAR))
    ranges = {issue: row[1] for issue, row in cells(chart).items()}

    named = dict(re.findall(r"(\d{4}-\d\d): (\S+?)\.", chart.alternative))

    assert "24 issues" in chart.alternative
    assert named == {issue: ranges[issue] for issue in named}
    assert len(named) == 3  # newest, lowest, highest
    middle = {issue: sum(map(number_of, ranges[issue].split("–"))) for issue in ranges}
    lowest, highest = list(named)[1:]
    assert middle[lowest] == min(middle.values())
    assert middle[highest] == max(middle.values())


def test_an_issue_without_a_range_has_no_bar_and_a_word_for_it() -> None:
    issues = [replace(ISSUES[0], open_range=None), *ISSUES[1:3]]

    chart = told(draw_ranges(issues, CALENDAR))

    assert [issue for issue, _ in by_part(chart.pictures[0], "range")] == ["2025-02", "2025-03"]
    assert "?" in [words for _, _, words in texts_in(chart.pictures[0])]
    assert cells(chart)["2025-01"][1] == "not known"
    assert "1 issue has no bar" in chart.alternative
    assert "not known, or not told" in [key.words for key in chart.keys]


def test_hours_that_have_not_come_are_in_no_table_and_no_words() -> None:
    early = replace(ISSUES[-1].shown, curve=[5, 0, 3, 0, 0, 0, 1], half_after=None)
    chart = told(draw_curve(replace(ISSUES[-1], shown=early), CALENDAR))

    assert [list(map(str, row[1:])) for row in chart.grid.rows] == [
        ["5", "0", "3", "0", "0", "0", "8"],
        ["1", "", "", "", "", "", "9"],
    ]
    assert "So far 7 of 72 hours have begun." in chart.alternative
    assert "Half of all" not in chart.alternative


@pytest.mark.parametrize("width", [0, 1])
def test_hours_of_the_curve(width: int) -> None:
    chart = told(draw_curve(ISSUES[-1], CALENDAR))
    picture = chart.pictures[width]
    value = scale_of(picture)

    seen = {int(hour): round(value(bar.upper)) for hour, bar in by_part(picture, "hour")}

    rows = [cell for row in cells(chart).values() for cell in row[:6]]
    assert seen == {hour: int(cell) for hour, cell in enumerate(rows) if cell != "0"}
    assert f"{sum(seen.values()):,} opens altogether" in chart.alternative
    busiest = max(seen, key=seen.__getitem__)
    assert f"Most in hour {busiest + 1}: {seen[busiest]}." in chart.alternative


@pytest.mark.parametrize("width", [0, 1])
def test_half_of_the_opens_is_marked_where_it_is_said_to_be(width: int) -> None:
    chart = told(draw_curve(ISSUES[-1], CALENDAR))
    picture = chart.pictures[width]
    [(_, mark)] = by_part(picture, "half")
    hours = {number_of(words): x for x, _, words in texts_in(picture) if words.endswith(" h")}

    at = 72 * (mark.left - hours[0]) / (hours[72] - hours[0])

    assert f"within {round(at)} h." in chart.alternative


@pytest.mark.parametrize("width", [0, 1])
def test_losses_of_issues(width: int) -> None:
    chart = told(draw_losses(ISSUES, CALENDAR))
    picture = chart.pictures[width]
    value = scale_of(picture)

    for n in range(1, 5):
        seen = {
            issue: round(value(bar.upper) - value(bar.lower))
            for issue, bar in by_part(picture, f"loss-{n}")
        }
        written = {issue: int(row[n + 1]) for issue, row in cells(chart).items()}
        assert seen == {issue: number for issue, number in written.items() if number}
        assert (
            f"Altogether {chart.keys[n - 1].words}: {sum(written.values())}." in chart.alternative
        )


@pytest.mark.parametrize("width", [0, 1])
def test_growth_of_the_list(width: int) -> None:
    months = [replace(month, joined={"form": 3, "import": n % 5}) for n, month in enumerate(MONTHS)]
    chart = told(draw_growth(months, CALENDAR))
    picture = chart.pictures[width]
    sizes = scale_of(picture, between=(0, 130))
    rows = dict(zip([month.month for month in months], cells(chart).values(), strict=True))

    seen = {month: round(sizes(bar.upper)) for month, bar in by_part(picture, "size")}

    assert seen == pytest.approx({month: int(row[-1]) for month, row in rows.items()}, abs=4)
    for at, part in enumerate(("gain-1", "gain-2", "loss-1", "loss-2", "loss-3")):
        bars = {month: bar.lower - bar.upper for month, bar in by_part(picture, part)}
        written = {month: int(row[at]) for month, row in rows.items() if row[at] != "0"}
        assert set(bars) == set(written)
        heights = {bars[month] / written[month] for month in bars}
        assert max(heights, default=0) - min(heights, default=0) < 0.1
    for month in rows:
        stack = [shape for shape in shapes_in(picture) if shape.of == month][1:]
        assert sum(one.lower - one.upper for one in stack) == pytest.approx(
            max(one.lower for one in stack) - min(one.upper for one in stack), abs=0.1
        )  # one on the other, without a gap
    assert f"{int(rows['2026-12'][-1]):,}." in chart.alternative


def test_a_month_that_dwarfs_the_others_is_cut_and_its_number_told() -> None:
    first = MonthOfGrowth(
        month="2024-12", joined={"import": 5000}, left=0, bounced=0, complained=0, at_end=5000
    )

    chart = told(draw_growth([first, *MONTHS], CALENDAR))

    assert [shape.part for shape in shapes_in(chart.pictures[0]) if shape.part == "cut"] == ["cut"]
    assert "5,000" in [words for _, _, words in texts_in(chart.pictures[0])]
    assert any(shape.part == "gain-2" for shape in shapes_in(chart.pictures[0]))


@pytest.mark.parametrize("width", [0, 1])
def test_bounds_of_an_issue(width: int) -> None:
    chart = told(draw_bounds(ISSUES[-1], CALENDAR))
    picture = chart.pictures[width]
    right = max(shape.right for shape in shapes_in(picture))
    [(_, band)] = by_part(picture, "range")
    line = {number_of(w): x for x, y, w in texts_in(picture) if w in ("0%", "50%", "100%")}
    left, size = line[0] + 8, line[1] - line[0] - 16

    def share(x: float) -> float:
        return (x - left) / size

    assert right <= line[1]
    assert 'fill="var(--mark)"' not in picture  # nothing is drawn as if it were sure
    assert percent_range((share(band.left), share(band.right))) in chart.alternative
    rows = list(cells(chart).values())
    for n, (interval, mark) in enumerate(
        zip(by_part(picture, "interval"), by_part(picture, "bound"), strict=True)
    ):
        ends = percent_range((share(interval[1].left), share(interval[1].right)))
        assert [percent(share(mark[1].left)), ends] == rows[n][2:]
        assert f"{rows[n][2]}, {rows[n][0]} of {rows[n][1]}, interval {ends}" in chart.alternative


def test_links_of_the_mail_in_small() -> None:
    followed = [one for one in followed_in(ISSUES[-1], "fi") if one.at]
    heat = draw_heat(followed, READERS, name="heat", head=HEAD, calendar=CALENDAR)
    rows = {bar.of: (bar.upper, bar.lower) for bar in shapes_in(heat.picture)}
    words = texts_in(heat.picture)

    for one in followed:
        upper, lower = rows[str(one.at)]
        inside = [text for _, y, text in words if upper < y < lower]
        assert inside[-1] == one.told
        assert inside[0].rstrip("…") in one.words
        assert f"{one.words}: {one.told}" in heat.alternative
    assert sorted(rows, key=lambda at: rows[at]) == [str(one.at) for one in followed]


@pytest.mark.parametrize("times", [1, 100])  # 100: numbers so long that they take two lines
def test_the_legend_says_which_numbers_have_a_colour(times: int) -> None:
    followed = [
        replace(one, number=times * (one.number or 0))
        for one in followed_in(ISSUES[-1], "fi")
        if one.at
    ]
    heat = draw_heat(followed, READERS, name="heat", head=HEAD, calendar=CALENDAR)
    bars = re.findall(r'fill="var\(--heat-(\d)\)"[^>]*data-of="(\d+)"', heat.picture)
    steps = {int(at): int(step) for step, at in bars}
    below = max(y for _, y, words in texts_in(heat.picture) if words == READERS.words)
    named: dict[float, str] = {}
    for x, _, words in (text for text in texts_in(heat.picture) if text[1] > below):
        named[x] = named.get(x, "") + words
    ends = [[number_of(end) for end in words.split("–")] for _, words in sorted(named.items())]

    assert [end[0] for end in ends][:2] == [0, 1]
    assert ends[-1][-1] == max(one.number or 0 for one in followed)
    for one in followed:
        low, high = ends[steps[one.at]][0], ends[steps[one.at]][-1]
        assert low <= (one.number or 0) <= high


@pytest.mark.parametrize("width", [0, 1])
def test_image_loads_where_nobody_is_told_apart(width: int) -> None:
    chart = told(draw_loads(of_times_alone().issues, CALENDAR))
    picture = chart.pictures[width]
    value = scale_of(picture)

    for n in (1, 2):
        seen = {
            issue: round(value(bar.upper) - value(bar.lower))
            for issue, bar in by_part(picture, f"gain-{n}")
        }
        assert seen == {issue: int(row[n - 1]) for issue, row in cells(chart).items()}
    both = {issue: int(row[2]) for issue, row in cells(chart).items()}
    assert f"Most, {max(both, key=both.__getitem__)}: {max(both.values())}." in chart.alternative
    assert f"Fewest, {min(both, key=both.__getitem__)}: {min(both.values())}." in chart.alternative


def test_where_nobody_tells_people_from_machines_only_an_upper_bound_is_told() -> None:
    sums = open_range(Split(unknown=300), Split(unknown=40), 600)
    assert sums is not None
    high = percent(sums.bounds[1])
    issue = replace(ISSUES[-1], open_range=sums)

    ranges, bounds = told(draw_ranges([issue], CALENDAR)), told(draw_bounds(issue, CALENDAR))

    assert cells(ranges)[issue.issue][1:] == [f"at most {high}", "not known", "not known", "50%"]
    assert f"Newest, {issue.issue}: at most {high}." in ranges.alternative
    assert [bar.lower for _, bar in by_part(ranges.pictures[0], "range")] == [250]  # from 0
    assert list(by_part(ranges.pictures[0], "least")) == []
    assert list(cells(bounds)) == ["opened, by people or machines"]
    assert f"at most {high}" in [words for _, _, words in texts_in(bounds.pictures[1])]


def test_nothing_is_drawn_where_nobody_left_but_it_is_said() -> None:
    nothing = Delivered(sent=60, bounced_hard=0, bounced_soft=0, unsubscribed=0)

    chart = told(draw_losses([replace(ISSUES[0], delivered=nothing)], CALENDAR))

    assert chart.pictures == ()
    assert "No mail bounced" in chart.alternative
    assert cells(chart)["2025-01"][2:6] == ["0", "0", "0", "not known"]


def test_the_first_list_is_not_cut_where_nobody_else_joined() -> None:
    first = MonthOfGrowth(
        month="2026-12", joined={"import": 60}, left=0, bounced=0, complained=0, at_end=60
    )

    chart = told(draw_growth([first], CALENDAR))

    assert [shape.part for shape in shapes_in(chart.pictures[0])] == ["size", "gain-1"]
