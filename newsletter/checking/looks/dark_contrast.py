"""Checks that text can be read with the colours that a mail itself has for dark themes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsletter.checking.instruments import (
    Draft,
    Mending,
    Page,
    Run,
    Scheme,
    Style,
    checks,
    declared_in_sheets,
    has_colours_for,
    mending_by_template,
    mending_in_sheet,
    own_values,
    pages_of,
    runs_of,
    styles_of,
)
from newsletter.colours import Colour, contrast, darkened, lightened
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule

_GROUNDS = ("background", "background-color")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """What a text and its ground are in a dark theme, and which of the two the theme changed."""

    text: Colour
    ground: Colour
    has_new_text: bool
    has_new_ground: bool


DARK_CONTRAST = Rule(
    id="dark-contrast",
    summary="Text stands out from its ground in the mail's own colours for dark themes",
    source="WCAG 2.2, 1.4.3; Media Queries 5, prefers-color-scheme",
)


@checks(DARK_CONTRAST)
def check_dark_contrast(draft: Draft) -> Iterator[Finding]:
    """Each text stands out from what is behind it where `prefers-color-scheme: dark` counts."""
    for page in pages_of(draft):
        if not has_colours_for(page, Scheme.DARK):
            continue
        seen: set[_Pair] = set()
        for run in runs_of(page, Scheme.DARK):
            light = styles_of(page)[run.element]
            pair = _Pair(
                text=run.style.seen_colour,
                ground=run.style.background,
                has_new_text=run.style.colour != light.colour,
                has_new_ground=run.style.background != light.background,
            )
            is_lost = contrast(pair.text, pair.ground) < run.style.needed_contrast
            if is_lost and pair not in seen and not run.style.picture and not _is_lost(light):
                seen.add(pair)
                yield _told(draft, page, run, pair)


DARK_OUTLOOK = Rule(
    id="dark-outlook",
    summary="Colours for Outlook on the web fit those it makes itself in the dark (a simulation)",
    source="WCAG 2.2, 1.4.3; caniemail.com, data-ogsc and data-ogsb",
)


@checks(DARK_OUTLOOK)
def check_outlook(draft: Draft) -> Iterator[Finding]:
    """What `[data-ogsc]` and `[data-ogsb]` change can be read with what Outlook changes."""
    for page in pages_of(draft):
        if not has_colours_for(page, Scheme.OUTLOOK):
            continue
        seen: set[_Pair] = set()
        for run in runs_of(page, Scheme.OUTLOOK):
            light = styles_of(page)[run.element]
            pair = _in_outlook(run.style, light)
            is_lost = contrast(pair.text, pair.ground) < run.style.needed_contrast
            is_ours = pair.has_new_text or pair.has_new_ground
            if is_lost and is_ours and pair not in seen and not run.style.picture:
                seen.add(pair)
                names = ("color",) if pair.has_new_text else _GROUNDS
                where = _mending_in_sheet(draft, page, run.element, Scheme.OUTLOOK, names)
                finding = DARK_OUTLOOK.warning(
                    "in the dark of Outlook on the web, “{text}” is hard to read: {colour} on "
                    "{background} comes to a contrast of {ratio:.1f} (simulation)",
                    "give [data-ogsc] and [data-ogsb] colours that fit each other; {place}",
                    text=run.text[:40],
                    colour=str(pair.text),
                    background=str(pair.ground),
                    ratio=contrast(pair.text, pair.ground),
                    place=where.words,
                )
                yield _placed(finding, page, run, where)


def _told(draft: Draft, page: Page, run: Run, pair: _Pair) -> Finding:
    where = _mending(draft, page, run, pair)
    finding = DARK_CONTRAST.error(
        "in dark themes “{text}” is hard to read: {colour} on {background} has a contrast of "
        "{ratio:.3} to 1, {needed:g} is needed",
        _cure(pair, where.words),
        text=run.text[:40],
        colour=str(pair.text),
        background=str(pair.ground),
        ratio=int(contrast(pair.text, pair.ground) * 100) / 100,
        needed=run.style.needed_contrast,
    )
    return _placed(finding, page, run, where)


def _cure(pair: _Pair, place: Wording) -> Wording:
    if pair.has_new_text and not pair.has_new_ground:
        return say(
            "give this ground a dark one beside it, in extra_screen.css under "
            "“@media (prefers-color-scheme: dark)”, with !important; {place}",
            place=place,
        )
    if pair.has_new_ground and not pair.has_new_text:
        return say(
            "give this text a light colour beside it, in extra_screen.css under "
            "“@media (prefers-color-scheme: dark)”, with !important; {place}",
            place=place,
        )
    return say("make the dark colours of style.jinja differ more; {place}", place=place)


def _placed(finding: Finding, page: Page, run: Run, where: Mending) -> Finding:
    """Return a finding at the line of the template, or where the words stand in the issue."""
    return where.told(finding) if where.path else finding.at(page.line_of(run.element))


def _mending(draft: Draft, page: Page, run: Run, pair: _Pair) -> Mending:
    """Return where the colour stands that does not fit; styles are the templates' alone."""
    if pair.has_new_text and not pair.has_new_ground:
        return mending_by_template(draft, page, *_ground_of(page, run.element))
    if pair.has_new_ground and not pair.has_new_text:
        return mending_by_template(draft, page, run.element, "color")
    return _mending_in_sheet(draft, page, run.element, Scheme.DARK, ("color",))


def _mending_in_sheet(
    draft: Draft, page: Page, element: Any, scheme: Scheme, names: tuple[str, ...]
) -> Mending:
    """Return where a style stands that a scheme's rules give an element, or one around it."""
    before, sheets = declared_in_sheets(page), declared_in_sheets(page, scheme)
    while element is not None:
        for declaration in reversed(sheets.get(element, ())):
            if declaration.name in names and declaration not in before.get(element, ()):
                return mending_in_sheet(draft, page, declaration.name, declaration.value)
        element = element.getparent()
    return mending_in_sheet(draft, page)


def _ground_of(page: Page, element: Any) -> tuple[Any, str]:
    """Return the nearest element around a text that has a ground, and the style that gives it."""
    around = element
    while around is not None:
        own = own_values(page, around)
        declared = [name for name in own if name in _GROUNDS]
        if declared or around.get("bgcolor"):
            return around, declared[-1] if declared else ""
        around = around.getparent()
    return element, ""


def _is_lost(light: Style) -> bool:
    """Return whether a text cannot be read in the light either, which another rule tells."""
    return contrast(light.seen_colour, light.background) < light.needed_contrast


def _in_outlook(style: Style, light: Style) -> _Pair:
    """Return the colours that Outlook shows: its own, where the mail says nothing for it."""
    has_new_text, has_new_ground = (
        style.colour != light.colour,
        style.background != light.background,
    )
    return _Pair(
        text=style.seen_colour if has_new_text else lightened(light.seen_colour),
        ground=style.background if has_new_ground else darkened(light.background),
        has_new_text=has_new_text,
        has_new_ground=has_new_ground,
    )
