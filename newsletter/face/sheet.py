"""Writes the style sheet of pages on the web from the style of a look."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from newsletter.colours import BLACK, WHITE, Colour, colour_of, contrast

_NEEDED = 4.5  # contrast of text (WCAG 2.2, 1.4.3)
_LIGHT = {
    "paper": "#f3ede3",
    "card": "#fffdf9",
    "ink": "#2a2522",
    "soft": "#5f554d",
    "line": "#d8cbb8",
    "accent": "#b4532a",
    "link": "#1d5c57",
    "on_link": "#ffffff",
    "tint": "#f1ebe0",
}
_DARK = {
    "paper": "#171513",
    "card": "#221f1c",
    "ink": "#efe8dd",
    "soft": "#c3b8aa",
    "line": "#4a433b",
    "accent": "#e39a74",
    "link": "#8ecfc5",
    "on_link": "#12211f",
    "tint": "#2e2a25",
}
_ALARM = {"light": "#a3221b", "dark": "#ffb4a9"}
_FONTS = re.compile(r"[\w\s,.&+'-]{1,400}")  # a list of typefaces, and nothing that ends one
_SANS = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Arial, sans-serif"
_SIZES = {  # what pages have of a look's sizes: the usual, the least, the most
    "text": (17, 15, 20),
    "small": (15, 14, 18),
    "brand": (21, 17, 30),
    "h1": (32, 24, 38),
    "h1_phone": (28, 22, 32),
    "h2": (23, 19, 27),
    "h3": (19, 17, 22),
}


def write_sheet(values: Mapping[str, Any], name: str = "face.css") -> str:
    """Return the style sheet of pages, or with "bar.css" the one of what stands around a mail.

    What a style lacks, or says in a way of its own, is the default's. Texts that could
    not be read on their ground are black or white.
    """
    radius = _whole(values.get("radius"), 6, most=40)
    return _template(name).render(
        light=scheme_of(values, "light"),
        dark=scheme_of(values, "dark"),
        text_font=_fonts(values.get("text_font"), _SANS),
        head_font=_fonts(values.get("head_font"), "Georgia, 'Times New Roman', serif"),
        radius=radius,
        button_radius=_whole(values.get("button_radius"), radius, most=99),
        size=_sizes(values.get("size")),
    )


def scheme_of(values: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return the colours of the light or the dark scheme."""
    given = values.get(name)
    said = given if isinstance(given, Mapping) else {}
    own = {key: _colour(said.get(key), usual) for key, usual in _usual(name).items()}
    for key in ("band", "button"):
        own[key] = _colour(said.get(key), str(own["link"]))
        own[f"on_{key}"] = _colour(said.get(f"on_{key}"), str(own["on_link"]))
    own["button_edge"] = _colour(said.get("button_edge"), str(own["button"]))
    own["alarm"] = _colour(None, _ALARM[name])
    own["on_alarm"] = own["card"]
    _make_legible(own)
    return {key: str(colour) for key, colour in own.items()}


def _make_legible(own: dict[str, Colour]) -> None:
    """Put black or white in place of texts that cannot be read."""
    grounds = [own["paper"], own["card"], own["tint"]]
    for key in ("ink", "soft", "link", "alarm"):
        own[key] = _legible(own[key], grounds)
    for key in ("band", "button", "link", "alarm"):
        own[f"on_{key}"] = _legible(own[f"on_{key}"], [own[key]])
    if contrast(own["button_edge"], own["card"]) < 3:  # WCAG 2.2, 1.4.11
        own["button_edge"] = own["link"]


def _legible(text: Colour, grounds: list[Colour]) -> Colour:
    def worst(one: Colour) -> float:
        return min(contrast(one, ground) for ground in grounds)

    return text if worst(text) >= _NEEDED else max((BLACK, WHITE), key=worst)


def _usual(name: str) -> Mapping[str, str]:
    return _LIGHT if name == "light" else _DARK


def _colour(said: Any, usual: str) -> Colour:
    found = colour_of(said) if isinstance(said, str) else None
    if found is None or found.alpha < 1:
        found = colour_of(usual)
    assert found is not None  # noqa: S101 - ours are colours
    return found


def _fonts(said: Any, usual: str) -> str:
    is_list = isinstance(said, str) and _FONTS.fullmatch(said) and said.count("'") % 2 == 0
    return str(said) if is_list else usual


def _sizes(said: Any) -> dict[str, int]:
    own = said if isinstance(said, Mapping) else {}
    return {
        name: max(least, _whole(own.get(name), usual, most=most))
        for name, (usual, least, most) in _SIZES.items()
    }


def _whole(said: Any, usual: int, *, most: int) -> int:
    is_number = isinstance(said, int | float) and not isinstance(said, bool) and said >= 0
    return round(min(said, most)) if is_number else usual


@lru_cache
def _template(name: str) -> Template:
    folder = Path(__file__).parent / "pages"
    environment = Environment(  # noqa: S701 - CSS, of values that are checked above
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(name)
