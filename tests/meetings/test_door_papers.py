"""Badges and sheets for the door name everybody whole, however long their name is."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.meetings.door_papers import Guest, write_badges, write_sign_in

LONG = "Maximiliana-Aleksandriina von Hohenzollern-Sigmaringen-Kirkkonummelainen"
HEADS = ("Name", "Organisation", "Signature")


def sizes(page: str) -> list[float]:
    return [float(size) for size in re.findall(r'style="font-size:([\d.]+)pt"', page)]


def test_a_short_first_name_is_huge_and_a_long_one_shrinks_but_stays_legible() -> None:
    assert sizes(write_badges([Guest(name="Aino Berg")], "T", language="fi")) == [40, 20]
    first, rest = sizes(write_badges([Guest(name=LONG)], "T", language="fi"))
    assert (20 <= first < 30, rest) == (True, 18)


def test_the_badge_has_the_name_that_somebody_wants_on_it() -> None:
    page = write_badges(
        [Guest(name="Bo Berg", badge="Bosse", organisation="Säätiö")], "T", language="fi"
    )

    assert ">Bosse<" in page
    assert "Berg" not in page
    assert ">Säätiö<" in page


def test_the_sheet_has_a_numbered_line_for_each_and_blank_ones_below() -> None:
    page = write_sign_in(
        [Guest(name="Aino"), Guest(name="Bo")],
        "Teemapäivä",
        "3.12.2026",
        language="fi",
        heads=HEADS,
    )

    assert re.findall(r'<td class="number">(\d+)</td><td>(\w*)</td>', page) == [
        ("1", "Aino"),
        ("2", "Bo"),
        *((f"{number}", "") for number in range(3, 11)),
    ]


@given(st.text(min_size=1, max_size=80))
@settings(max_examples=40)
def test_whatever_somebody_is_called_is_text(name: str) -> None:
    page = write_badges([Guest(name=f"<b>{name}&", organisation=name)], name, language="fi")

    assert "<b>" not in page
    assert all(size >= 10 for size in sizes(page))
