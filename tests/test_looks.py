"""The packaged looks: complete, readable in light and dark, and known to the settings."""

import re
from typing import Any

import jinja2
import pytest

from newsletter.model import PACKAGED_LOOKS
from newsletter.render.looks import LOOKS, files_of

every_look = pytest.mark.parametrize("look", LOOKS)
TEXTS = ("ink", "soft", "link")
GROUNDS = ("paper", "card", "tint", "box")


def palettes(look: str) -> dict[str, dict[str, str]]:
    """Return the light and the dark colours of a look."""
    source = files_of(look)["style.jinja"].read_text(encoding="utf-8")
    module: Any = jinja2.Environment(autoescape=True).from_string(source).module
    return {"light": module.light, "dark": module.dark}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, section 1.4.3)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", colour))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _inverted(colour: str) -> str:
    return "#" + "".join(f"{255 - int(p, 16):02x}" for p in re.findall("[0-9a-f]{2}", colour))


@every_look
def test_every_text_can_be_read_on_every_ground(look: str) -> None:
    weak = {
        (scheme, text, ground): round(found, 2)
        for scheme, colours in palettes(look).items()
        for text in TEXTS
        for ground in GROUNDS
        if (found := contrast(colours[text], colours[ground])) < 4.5
    }

    assert weak == {}


@every_look
def test_buttons_can_be_read(look: str) -> None:
    for colours in palettes(look).values():
        assert contrast(colours["on_link"], colours["link"]) >= 4.5


@every_look
def test_light_colours_stay_readable_when_a_program_inverts_them(look: str) -> None:
    colours = {name: _inverted(colour) for name, colour in palettes(look)["light"].items()}

    for text in TEXTS:
        assert contrast(colours[text], colours["card"]) >= 4.5, text


@every_look
def test_a_look_has_a_template_for_every_block(look: str) -> None:
    assert {"default.mjml", "row.mjml", "prose.css", "screen.css", "style.jinja"} <= set(
        files_of(look)
    )
    assert files_of(look).keys() >= files_of("default").keys()


def test_the_settings_know_every_look() -> None:
    assert tuple(LOOKS) == PACKAGED_LOOKS
