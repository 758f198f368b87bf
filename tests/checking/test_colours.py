"""Colours are read, laid over one another, compared and turned round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.colours import (
    BLACK,
    WHITE,
    Colour,
    colour_of,
    contrast,
    darkened,
    inverted,
    lightened,
    over,
)

parts = st.integers(0, 255).map(lambda value: value / 255)
colours = st.tuples(parts, parts, parts).map(lambda three: Colour(*three))


@pytest.mark.parametrize(
    ("written", "colour"),
    [
        ("#fff", "#ffffff"),
        ("RebeccaPurple", "#663399"),
        ("rgb(0, 128, 0)", "#008000"),
        ("rgb(0 128 0 / 50%)", "#008000"),
        ("hsl(120, 100%, 25%)", "#008000"),
        (" #1D5C57 ", "#1d5c57"),
    ],
)
def test_a_colour_is_read_however_it_is_written(written: str, colour: str) -> None:
    assert str(colour_of(written)) == colour


@pytest.mark.parametrize(
    "written",
    [
        *("", "inherit", "currentcolor", "var(--x)", "none", "#ggg"),
        *("color()", "color(srgb)", "color(from red srgb)"),  # half of a value
        *("lab(50% 0 0)", "color(display-p3 1 0 0)"),  # of other spaces: not worked out here
    ],
)
def test_what_is_no_colour_is_none(written: str) -> None:
    assert colour_of(written) is None


# Worked examples of WCAG's own understanding documents and of its tools.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000", "#fff", 21.0), ("#777777", "#fff", 4.478), ("#767676", "#fff", 4.542)],
)
def test_contrast_is_as_wcag_has_it(one: str, other: str, ratio: float) -> None:
    assert contrast(colour_of(one) or BLACK, colour_of(other) or BLACK) == pytest.approx(
        ratio, abs=0.001
    )


@given(one=colours, other=colours)
def test_contrast_has_no_direction_and_an_end(one: Colour, other: Colour) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.001


@given(colour=colours, background=colours)
def test_what_is_opaque_hides_its_ground_and_what_is_clear_shows_it(
    colour: Colour, background: Colour
) -> None:
    assert over(colour, background) == pytest.approx(colour)
    assert over(colour._replace(alpha=0.0), background) == pytest.approx(background)


@given(grey=parts)
def test_a_grey_turned_round_twice_is_itself(grey: float) -> None:
    colour = Colour(grey, grey, grey)

    assert inverted(inverted(colour)) == pytest.approx(colour, abs=0.002)


@given(colour=colours)
def test_a_dark_theme_never_darkens_text_or_lightens_grounds(colour: Colour) -> None:
    # A little is lost where a colour does not fit the screen.
    assert contrast(lightened(colour), BLACK) >= contrast(colour, BLACK) - 0.6
    assert contrast(darkened(colour), WHITE) >= contrast(colour, WHITE) - 0.6
