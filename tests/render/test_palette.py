"""A brand's colours become a palette in which every text can be read, whatever the colour is."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.colours import Colour, colour_of, contrast, of_oklch, to_oklch
from newsletter.render.looks import LOOKS, files_of
from newsletter.render.palette import Palette, Shades, palette_of

TEXTS = ("ink", "soft", "link")
GROUNDS = ("paper", "card", "tint", "box")
PAIRS = (*product(TEXTS, GROUNDS), ("on_link", "link"), ("on_band", "band"))
STEPS = [round(number * 255 / 9) for number in range(10)]
EVERYWHERE = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in product(STEPS, repeat=3)]  # a thousand
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@cache
def style_of(look: str) -> tuple[Shades, Shades]:
    """Return the light and the dark colours of a look."""
    source = files_of(look)["style.jinja"].read_text(encoding="utf-8")
    module: Any = jinja2.Environment(autoescape=True).from_string(source).module
    return module.light, module.dark


def derived(look: str, colour: str, accent: str = "", paper: str = "") -> Palette:
    """Return the palette of a brand in a look."""
    light, dark = style_of(look)
    return palette_of(colour, accent, paper, light=light, dark=dark)


def weak_pairs(palette: Palette) -> Iterator[str]:
    """Yield what cannot be read."""
    for scheme, shades in (("light", palette.light), ("dark", palette.dark)):
        for text, ground in PAIRS:
            found = contrast(seen(shades[text]), seen(shades[ground]))
            if found < 4.5:
                yield f"{scheme}: {text} on {ground}: {found:.2f}"


def seen(written: str) -> Colour:
    """Return a colour that is written as a palette writes it."""
    found = colour_of(written)
    assert found is not None, written
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_every_text_and_button_of_a_thousand_brands_can_be_read(look: str) -> None:
    weak = {c: told for c in EVERYWHERE if (told := [*weak_pairs(derived(look, c))])}

    assert weak == {}


@given(st.sampled_from(list(LOOKS)), colours, colours, st.sampled_from(["", "#ffffff", "#e8d9c0"]))
def test_a_second_colour_and_a_ground_of_ones_own_change_nothing_of_that(
    look: str, colour: str, accent: str, paper: str
) -> None:
    assert [*weak_pairs(derived(look, colour, accent, paper))] == []


# What the eye expects: the brand itself wherever it can be read.
@pytest.mark.parametrize("colour", ["#7a0f5c", "#003580", "#c8102e", "#0a0a0a"])
def test_a_colour_that_can_be_read_is_used_as_it_is(colour: str) -> None:
    light = derived("default", colour).light

    assert (light["link"], light["band"], light["on_band"]) == (colour, colour, "#ffffff")


@pytest.mark.parametrize("colour", ["#ffd400", "#39ff14", "#f5a9b8"])
def test_a_bright_colour_is_a_button_with_dark_words(colour: str) -> None:
    light = derived("default", colour).light

    assert light["band"] == colour
    assert to_oklch(seen(light["on_band"]))[0] < 0.3
    assert to_oklch(seen(light["link"]))[0] < 0.6


@pytest.mark.parametrize("colour", ["#ffffff", "#fafafa", "#fffefb"])
def test_a_button_that_nobody_would_see_takes_the_colour_of_links(colour: str) -> None:
    light = derived("default", colour).light

    assert light["band"] == light["link"]


def test_links_take_the_second_colour_where_the_first_would_be_another() -> None:
    assert derived("default", "#ffd400", "#003580").light["link"] == "#003580"
    assert derived("default", "#7a0f5c", "#003580").light["link"] == "#7a0f5c"


def test_neutrals_are_in_the_hue_of_the_brand_and_those_of_a_grey_one_are_grey() -> None:
    _, chroma, hue = to_oklch(seen(derived("default", "#003580").light["box"]))

    assert chroma > 0.01
    assert abs(hue - to_oklch(seen("#003580"))[2]) < 15
    assert to_oklch(seen(derived("default", "#808080").light["box"]))[1] < 0.002


def test_beside_a_cream_ground_neutrals_are_cream_and_beside_a_loud_one_the_brands() -> None:
    wine, cream, yellow = "#6b2430", "#f7f1e8", "#ffd60a"

    beside_cream = derived("magazine", wine, "", cream).light["box"]
    beside_yellow = derived("magazine", wine, "", yellow).light["box"]

    assert abs(to_oklch(seen(beside_cream))[2] - to_oklch(seen(cream))[2]) < 15
    assert abs(to_oklch(seen(beside_yellow))[2] - to_oklch(seen(wine))[2]) < 15


def test_where_the_page_has_no_card_the_brand_has_none() -> None:
    light = derived("letter", "#00a651").light

    assert light["paper"] == light["card"]
    assert light["box"] == light["card"]


def test_the_ground_may_be_a_brands_own() -> None:
    assert derived("default", "#003580", "", "#ffffff").light["paper"] == "#ffffff"


@given(colours)
def test_a_colour_comes_back_from_oklch_as_it_was(colour: str) -> None:
    assert str(of_oklch(*to_oklch(seen(colour)))) == colour


@given(st.floats(0.1, 0.99), st.floats(0, 0.5), st.floats(0, 360))
def test_a_colour_beyond_all_screens_keeps_its_lightness(
    light: float, chroma: float, hue: float
) -> None:
    assert abs(to_oklch(of_oklch(light, chroma, hue))[0] - light) < 0.02
