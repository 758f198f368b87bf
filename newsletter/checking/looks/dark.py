"""Checks what becomes of the issue in dark themes, most of which change colours on their own.

Programs differ and do not document what they do, so two models represent them: Android's `invert`,
which inverts every colour, and its `makeLight` and `makeDark`, which change text and background
separately (frameworks/base/libs/hwui/CanvasTransform.cpp).
"""

import io
import math
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from PIL import Image

from newsletter import colours
from newsletter.checking.instruments import (
    Colour,
    Draft,
    Named,
    Page,
    Run,
    checks,
    contrast,
    first_of_each,
    grounds_in_dark,
    luminance,
    mending,
    mending_of_file,
    once,
    pages_of,
    runs_of,
    sheets_of,
    template_files,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Picture, Rule

_Change = Callable[[Colour], Colour]
_LEAST = 3  # contrast of an edge to its ground (WCAG 2.2, 1.4.11)
_SURFACE = colours.colour_of("#121212") or colours.BLACK  # the background of most dark themes
# What a theme does, as the end of “a dark theme that …”; how it changes text and backgrounds.
_MODELS: tuple[tuple[Wording, _Change, _Change], ...] = (
    (say("inverts all colours"), colours.inverted, colours.inverted),
    (say("changes text and background separately"), colours.lightened, colours.darkened),
)


DARK_HALF_COLOUR = Rule(
    id="dark-half-colour",
    summary="Whoever chooses the colour of a text chooses its ground too",
    source="WCAG 2.2, failure F24",
)


@checks(DARK_HALF_COLOUR)
def check_halves(draft: Draft) -> Iterator[Finding]:
    """No text has a colour without a background, or a background without a colour."""
    for page, run in _told_once(draft, lambda r: (r.style.colour_set, r.style.background_set)):
        style = run.style
        if style.colour_set == style.background_set:
            continue
        where = mending(
            draft, page, run.element, "color" if style.colour_set else "background-color"
        )
        finding = DARK_HALF_COLOUR.warning(
            "“{text}” has a colour but no background of its own: a dark theme gives it one "
            "that may not fit"
            if style.colour_set
            else "“{text}” has a background but no colour of its own: a dark theme gives it one "
            "that may not fit",
            "set color and background-color together; {place}",
            text=run.text[:40],
            place=where.words,
        )
        yield where.told(finding)


DARK_INVERSION_CONTRAST = Rule(
    id="dark-inversion-contrast",
    summary="Text can be read where a dark theme changes its colours (a simulation)",
    source="WCAG 2.2, 1.4.3; Android, CanvasTransform.cpp",
)


@checks(DARK_INVERSION_CONTRAST)
def check_inversion(draft: Draft) -> Iterator[Finding]:
    """Text stays readable in two models of dark themes."""
    for page, run in _told_once(draft, _pair):
        text, background = _pair(run)[:2]
        if contrast(text, background) < run.style.needed_contrast or run.style.picture:
            continue  # the rule a11y-contrast reports these
        for change, of_text, of_ground in _MODELS:
            ratio = contrast(of_text(text), of_ground(background))
            if ratio < run.style.needed_contrast:
                where = mending(draft, page, run.element, "color")
                finding = DARK_INVERSION_CONTRAST.warning(
                    "“{text}” is hard to read in a dark theme that {change}: {colour} on "
                    "{background} comes to a contrast of {ratio:.1f} (simulation)",
                    "make the one darker or the other lighter; {place}",
                    text=run.text[:40],
                    change=change,
                    colour=str(text),
                    background=str(background),
                    ratio=ratio,
                    place=where.words,
                )
                yield where.told(finding)
                break


DARK_LOGO = Rule(
    id="dark-logo",
    summary="Pictures with a clear ground show on a dark one",
    source="WCAG 2.2, 1.4.11; #121212 is this program's choice",
)


@checks(DARK_LOGO)
def check_logos(draft: Draft) -> Iterator[Finding]:
    """The edge of a transparent picture stands out on a dark background."""
    for source, line in draft.issue.picture_sources:
        picture = draft.pictures.get(source)
        if picture and _shows_on(draft, _SURFACE, picture) < _LEAST:
            yield _fault_of_logo(draft, picture).at(line)
    for picture in template_files(draft):
        if _shows_on(draft, _SURFACE, picture) < _LEAST:
            lost = next(_lost_in_dark(draft, picture), None)
            if lost is None:
                where, fault = mending_of_file(draft, picture.digest), _settled_fault(picture)
            else:
                where, fault = lost.mending(draft), _fault_of_logo(draft, picture)
            yield where.explained(fault)


def _lost_in_dark(draft: Draft, picture: Picture) -> Iterator[Named]:
    """Yield where dark styles give a picture no fitting ground, and show no other in its place."""
    for page in pages_of(draft):
        for element in page.elements("img"):
            ground = grounds_in_dark(page).get(element)
            address = element.get("src", "")
            if picture.digest in address and (ground is None or not _fits(draft, ground, picture)):
                yield Named(address=address, page=page, element=element)


def _fits(draft: Draft, ground: str, picture: Picture) -> bool:
    colour = colours.colour_of(ground)
    return not ground or (colour is not None and _shows_on(draft, colour, picture) >= _LEAST)


def _fault_of_logo(draft: Draft, picture: Picture) -> Finding:
    return DARK_LOGO.warning(
        "this picture has a transparent background and a dark edge: in a dark theme "
        "it disappears (contrast {ratio:.1f} to {surface}, 3 is needed)",
        "fill its background with white, or draw a light line around it",
        ratio=_shows_on(draft, _SURFACE, picture),
        surface=str(_SURFACE),
    )


def _settled_fault(picture: Picture) -> Finding:
    return DARK_LOGO.note(
        "“{file}” has a dark edge and a clear ground: programs that darken mails on their own, as "
        "Gmail does, know nothing of the page's dark styles, and show it on a dark ground",
        "draw a light line around it, which nobody sees on a light ground",
        file=picture.source,
    )


def _shows_on(draft: Draft, ground: Colour, picture: Picture) -> float:
    """Return the contrast of a picture's edge to a ground; endless for one without clear parts."""
    light = _light_of_edge(draft, picture)
    if light is None:
        return math.inf
    lighter, darker = sorted((light, luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


DARK_META = Rule(
    id="dark-meta",
    summary="A page that speaks of dark themes has colours for them, and the other way round",
    source="caniemail.com, html-meta-color-scheme, css-at-media-prefers-color-scheme",
)


@checks(DARK_META)
def check_meta(draft: Draft) -> Iterator[Finding]:
    """The meta element and the dark styles come together."""
    for page in pages_of(draft):
        metas = [e for e in page.elements("meta") if "color-scheme" in e.get("name", "").lower()]
        has_meta = any("dark" in (meta.get("content") or "").lower() for meta in metas)
        dark = any(
            "prefers-color-scheme" in query and "dark" in query
            for sheet in sheets_of(page)
            for rule in sheet.rules
            for query in rule.within
        )
        if has_meta and not dark:
            finding = DARK_META.note(
                "the page says that it has colours for dark themes, and has none",
                "add @media (prefers-color-scheme: dark) to screen.css, or drop the meta",
            )
            yield mending(draft, page, page.root).told(finding)
        elif dark and not has_meta:
            finding = DARK_META.note(
                "the page has colours for dark themes, and does not say so",
                'add <meta name="color-scheme" content="light dark"> to the template',
            )
            yield mending(draft, page, page.root).told(finding)
        stark = next((run for run in runs_of(page) if _is_stark(run)), None)
        if stark:
            where = mending(draft, page, stark.element, "color")
            finding = DARK_META.note(
                "pure black on pure white becomes as stark a white on black in dark themes",
                "soften one of the two a little; {place}",
                place=where.words,
            )
            yield finding if page.line_of(stark.element) else where.told(finding)
            return


def _told_once(draft: Draft, kind: Callable[[Run], Any]) -> Iterator[tuple[Page, Run]]:
    return ((page, run) for page in pages_of(draft) for run in first_of_each(page, kind))


def _pair(run: Run) -> tuple[Colour, Colour, float]:
    return run.style.seen_colour, run.style.background, run.style.needed_contrast


def _is_stark(run: Run) -> bool:
    style = run.style
    return (
        style.colour_set
        and style.background_set
        and (style.colour, style.background) == (colours.BLACK, colours.WHITE)
    )


@once
def _light_of_edge(_: Draft, picture: Picture) -> float | None:
    """Return the median luminance of the pixels next to transparent ones; None without any."""
    if picture.media_type == "image/jpeg":
        return None
    with Image.open(io.BytesIO(picture.data)) as image:
        if not image.has_transparency_data:
            return None
        image.thumbnail((160, 160))
        small = image.convert("RGBA")
    width, height = small.size
    pixels = small.load()
    if pixels is None:
        return None
    found = []
    for x in range(width):
        for y in range(height):
            red, green, blue, alpha = _rgba(pixels[x, y])
            if alpha > 200 and _next_to_transparent(pixels, x, y, width, height):
                found.append(luminance(Colour(red / 255, green / 255, blue / 255)))
    return median(found) if found else None


def _rgba(pixel: Any) -> tuple[int, int, int, int]:
    red, green, blue, alpha = pixel
    return red, green, blue, alpha


def _next_to_transparent(pixels: Any, x: int, y: int, width: int, height: int) -> bool:
    around = ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
    return any(
        not (0 <= left < width and 0 <= top < height) or pixels[left, top][3] < 200
        for left, top in around
    )
