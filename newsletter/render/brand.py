"""Lays a brand over the style of a look: its colours, letters and shapes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape, unescape
from typing import Any

from markupsafe import Markup

from newsletter.language import Wording, say
from newsletter.model import Brand, Finding, rules
from newsletter.render.palette import Palette, palette_of
from newsletter.render.typefaces import stack_of

_PILL = 99  # pixels: more than half of any button
_ROUNDED = 6
_OF_BUTTONS = ("button", "on_button", "button_edge")
_EXTENDS = re.compile(r"\{%[-+]?\s*extends\b")
_PART = re.compile(r"\{%[-+]?\s*block\b.*?\{%[-+]?\s*endblock\b", re.S)
_LINK = re.compile(
    r"\[([^\]\n]+)\]\(((?:https?://|mailto:|tel:)[^\s()]+)\)|(https?://[^\s<>()]*[\w/])"
    r"|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)


def overlaid(values: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    """Return the values of a style with those of a brand in their place."""
    return {
        **values,
        **_letters(values, brand),
        **_shapes(values, brand),
        **_colours(values, brand),
    }


def changes_of(values: Mapping[str, Any], brand: Brand) -> Iterator[Finding]:
    """Yield what a brand's colour could not be used for, given the values of the style with it."""
    light = values.get("light")
    if not brand.colour or not isinstance(light, Mapping):
        return
    if light["link"] not in (brand.colour, brand.accent):
        yield rules.BRAND_COLOUR.note(
            "words in {colour} are hard to read, so links and the title are in {link}",
            "nothing is wrong; they take the accent if you name one that is easier to read",
            colour=brand.colour,
            link=light["link"],
        )
    if light["band"] != brand.colour and light["button"] == light["band"]:
        yield rules.BRAND_COLOUR.note(
            "words on {colour} are hard to read, or hard to see, so buttons are {band}",
            "nothing is wrong; a colour that is a little darker or lighter is used as it is",
            colour=brand.colour,
            band=light["band"],
        )


def left_out(brand: Brand, html: str, text: str) -> Iterator[tuple[Wording, bool]]:
    """Yield what templates show nothing of, and whether it is the plain-text part that lacks it."""
    for is_text in (False, True):
        parts = dict(_samples(brand, is_text=is_text))
        words = (_even(text) if is_text else _words_of(html)) if parts else ""
        for part, samples in parts.items():
            if not all(_even(sample) in words for sample in samples):
                yield part, is_text


def way_to_show(source: str) -> tuple[Wording, int | None]:
    """Return how a template comes to show what it leaves out, and the line of the part at fault.

    There is a line if the template replaces one part of the page below it, not several.
    """
    if not _EXTENDS.search(source):
        return say(
            "begin it with extends and write only the parts that are otherwise, or add this one"
        ), None
    replaced = [found for found in _PART.finditer(source) if "super()" not in found[0]]
    line = source.count("\n", 0, replaced[0].start()) + 1 if len(replaced) == 1 else None
    call = "{{ super() }}"
    return say(
        "write {call} in the part that you replace, or show it there yourself", call=call
    ), line


def _samples(brand: Brand, *, is_text: bool) -> Iterator[tuple[Wording, list[str]]]:
    """Yield each part of a brand with words that stand wherever it is shown."""
    if brand.logo and not is_text:
        yield say("the logo"), [f"alt={brand.logo.alt};"]
    if brand.badge:
        yield say("the badge"), [brand.badge.words]
    if brand.social:
        yield say("the social links"), [place.name for place in brand.social]
    if brand.legal:
        yield say("the legal text"), [_LINK.split(line)[0] for line in brand.legal]


def _words_of(html: str) -> str:
    """Return the words of a page, and the alternative texts of its pictures."""
    alternatives = re.findall(r"<img[^>]*\balt=(?:\"([^\"]*)\"|'([^']*)')", html)
    said = (f"alt={one or other};" for one, other in alternatives)
    return _even(unescape(" ".join((re.sub(r"<[^>]*>", "", html), *said))))


def _even(text: str) -> str:
    return " ".join(text.split())


def with_links(line: str) -> str:
    """Return a line of a legal text as HTML, in which [words](address) and addresses are links."""
    parts, end = [], 0
    for found in _LINK.finditer(line):
        words, address, bare, mailbox = found.groups()
        target = address or bare or f"mailto:{mailbox}"
        parts += [escape(line[end : found.start()], quote=False)]
        parts += [f'<a href="{escape(target)}">{escape(words or bare or mailbox, quote=False)}</a>']
        end = found.end()
    return "".join((*parts, escape(line[end:], quote=False)))


def as_text(brand: Brand) -> Brand:
    """Return a brand whose legal text spells its links out, for the plain-text part."""
    return replace(brand, legal=tuple(_LINK.sub(_spelled_out, line) for line in brand.legal))


def _spelled_out(found: re.Match[str]) -> str:
    words, address = found[1], found[2]
    return f"{words}: {address.removeprefix('mailto:')}" if address else found[0]


def _letters(values: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    letters = {}
    if brand.text_font:
        letters["text_font"] = Markup(stack_of(brand.text_font))  # noqa: S704 - names of letters
        if values.get("head_font") == values.get("text_font"):
            letters["head_font"] = letters["text_font"]
    if brand.heading_font:
        letters["head_font"] = Markup(stack_of(brand.heading_font))  # noqa: S704 - the same
    return letters


def _shapes(values: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    shapes: dict[str, Any] = {}
    if brand.corners is not None:
        shapes["radius"] = brand.corners
    if brand.buttons == "rounded":
        shapes["button_radius"] = shapes.get("radius") or values.get("radius") or _ROUNDED
    elif brand.buttons:
        shapes["button_radius"] = _PILL if brand.buttons == "pill" else 0
    if brand.outline is not None:
        shapes["outline"] = brand.outline
    return shapes


def _colours(values: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    light, dark = values.get("light"), values.get("dark")
    if not (isinstance(light, Mapping) and isinstance(dark, Mapping)):
        return {}  # which the templates complain about
    palette = Palette(light=light, dark=dark)
    if brand.colour:
        light, dark = _written(light), _written(dark)
        palette = palette_of(brand.colour, brand.accent, brand.paper, light=light, dark=dark)
    outline = bool(values.get("outline") if brand.outline is None else brand.outline)
    return {
        "light": _with_buttons(palette.light, outline=outline),
        "dark": _with_buttons(palette.dark, outline=outline),
    }


def _written(colours: Mapping[str, Any]) -> dict[str, str]:
    """Return colours as texts, whatever a style says, without those that a brand decides."""
    return {name: str(value) for name, value in colours.items() if name not in _OF_BUTTONS}


def _with_buttons(colours: Mapping[str, str], *, outline: bool) -> dict[str, str]:
    """Return colours with those of buttons and of badges, where a style does not say them."""
    link, on_link = colours.get("link", ""), colours.get("on_link", "")
    band, on_band = colours.get("band", link), colours.get("on_band", on_link)
    own = {"band": band, "on_band": on_band}
    if outline:
        own |= {"button": colours.get("card", ""), "on_button": link, "button_edge": link}
    else:
        own |= {"button": band, "on_button": on_band, "button_edge": band}
    return {**own, **colours}
