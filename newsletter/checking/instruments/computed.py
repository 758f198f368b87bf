"""The computed style of every element of a page: colours, sizes, and what is hidden.

It sees style attributes, the presentational attributes of HTML, and rules of style sheets outside
any query, or for dark themes where these are asked for. It does not see states, variables,
`inherit` and the like, or what another query turns on.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.lettering import (
    Letters,
    fits_letters,
    letters_of,
    number,
    pixels,
)
from newsletter.checking.instruments.page import Page
from newsletter.checking.instruments.selecting import declared_in_sheets
from newsletter.checking.instruments.sheets import Declaration, Scheme, canvas_of, declarations_of
from newsletter.colours import BLACK, WHITE, Colour, colour_of, over

LARGE, _LARGE_BOLD = 24.0, 18.66  # pixels: 18 and 14 points
_OUT_OF_SIGHT = -600.0  # pixels, the width of a mail
_NEVER_SEEN = {"head", "script", "style", "title", "template", "noscript", "meta", "link"}
_INHERITED = {"inherit", "initial", "unset", "revert", "currentcolor"}
_PLAIN = Letters()
_LETTERING = {"font", "font-size", "font-weight", "line-height"}
BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th"),
        *("tr", "ul", "caption"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The computed style of an element."""

    colour: Colour = BLACK  # of its text
    colour_set: bool = False  # whether the author set it, here or on an ancestor
    link_colour: Colour = BLACK  # of links without a style
    background: Colour = WHITE  # what is behind the text, opaque
    background_set: bool = False  # whether the author set it
    picture: bool = False  # whether a picture is behind the text, with no colour under it
    letters: Letters = _PLAIN
    underlined: bool = False
    hidden: bool = False
    gone: bool = False  # hidden together with everything in it
    visible: bool = True  # an invisible element may have visible children
    opacity: float = 1.0

    @property
    def needed_contrast(self) -> float:
        """Return the contrast that a text needs to be readable (WCAG 2.2, 1.4.3)."""
        size, is_bold = self.letters.size, self.letters.bold
        return 3.0 if size >= LARGE or (is_bold and size >= _LARGE_BOLD) else 4.5

    @property
    def seen_colour(self) -> Colour:
        """Return the colour in which a text is seen, opaque."""
        alpha = self.colour.alpha * self.opacity
        return over(Colour(*self.colour[:3], alpha=alpha), self.background)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A piece of visible text within one element."""

    element: Any
    text: str  # runs of white space made single spaces
    style: Style


@once
def styles_of(
    page: Page, scheme: Scheme = Scheme.LIGHT, *, bare: bool = False
) -> Mapping[Any, Style]:
    """Return the style of every element in a scheme; `bare` leaves style sheets out."""
    from_sheets = {} if bare else declared_in_sheets(page, scheme)
    found: dict[Any, Style] = {}
    alike: dict[tuple[Any, ...], Style] = {}  # most elements get the same style as one before them
    text, ground, link = canvas_of(page, scheme)
    root = Style(colour=text, background=ground, link_colour=link)
    for element in page.elements():
        parent = element.getparent()
        above = found[parent] if parent is not None else root
        from_sheet = from_sheets.get(element, ())
        key = (id(above), from_sheet, *_style_key(element))
        if key not in alike:
            alike[key] = _computed_style(element, above, own_values(page, element, from_sheet))
        found[element] = alike[key]
    return found


@once
def runs_of(page: Page, scheme: Scheme = Scheme.LIGHT) -> tuple[Run, ...]:
    """Return every piece of text that is visible in a scheme, in reading order."""
    return tuple(_runs(page, scheme))


def first_of_each(page: Page, kind: Callable[[Run], Any]) -> Iterator[Run]:
    """Yield the first piece of text of each kind."""
    seen: set[Any] = set()
    for run in runs_of(page):
        if (key := kind(run)) not in seen:
            seen.add(key)
            yield run


def own_values(
    page: Page, element: Any, from_sheets: tuple[Declaration, ...] = ()
) -> dict[str, str]:
    """Return the declarations that apply to an element itself; style attributes beat style sheets.

    As in browsers, a declaration with an invalid value does not override a valid one.
    """
    inline = declarations_of(page, element)
    if not from_sheets:
        said = sorted(inline, key=lambda s: s.important) if len(inline) > 1 else inline
    else:
        plain = [s for s in (*from_sheets, *inline) if not s.important]
        said = [*plain, *(s for s in (*from_sheets, *inline) if s.important)]
    # A later declaration takes its place in the order too: background after background-color.
    own: dict[str, str] = {}
    for declaration in said:
        if _can_be_read(declaration.name, declaration.value):
            own.pop(declaration.name, None)
            own[declaration.name] = declaration.value
    return own


def block_of(element: Any) -> Any:
    """Return the nearest ancestor, or the element itself, that begins on a line of its own."""
    while element.tag not in BLOCKS and element.getparent() is not None:
        element = element.getparent()
    return element


def _runs(page: Page, scheme: Scheme) -> Iterator[Run]:
    styles = styles_of(page, scheme)
    for element, style in styles.items():
        if style.hidden:
            continue
        for text in (element.text, *(child.tail for child in element)):
            if text and (words := " ".join(text.split())):
                yield Run(element, words, style)


def _style_key(element: Any) -> tuple[Any, ...]:
    """Return what an element's style depends on besides its parent and style sheets."""
    attributes = element.attrib
    return (
        element.tag,
        bool(element.text and element.text.strip()),
        "href" in attributes,
        *(attributes.get(name) for name in ("style", "bgcolor", "background", "color", "text")),
    )


def _can_be_read(name: str, value: str) -> bool:
    low = value.lower()
    if name in ("color", "background-color"):
        return low in _INHERITED or colour_of(value) is not None
    if name == "background":
        words = low.split()
        plain = bool(words) and words[0] in (*_INHERITED, "none")
        return plain or _shows_picture(value) or _colour_within(value) is not None
    return name not in _LETTERING or fits_letters(name, value)


def _computed_style(element: Any, above: Style, own: Mapping[str, str]) -> Style:
    tag = element.tag
    letters = letters_of(tag, above.letters, own)
    colour, colour_set = _colour(element, above, own)
    background, background_set, picture = _background(element, colour, above, own)
    opacity = above.opacity * number(own.get("opacity", ""), 1.0)
    gone = above.gone or tag in _NEVER_SEEN or opacity < 0.05
    gone = gone or own.get("display", "").lower() == "none" or _is_away(own)
    visibility = own.get("visibility", "").lower()
    visible = visibility == "visible" or (
        above.visible and visibility not in ("hidden", "collapse")
    )
    is_flat = letters.size == 0 and bool(element.text and element.text.strip())
    return Style(
        colour=colour,
        colour_set=colour_set,
        link_colour=above.link_colour,
        background=background,
        background_set=background_set,
        picture=picture,
        letters=letters,
        underlined=_is_underlined(tag, above, own),
        hidden=gone or not visible or is_flat,
        gone=gone,
        visible=visible,
        opacity=opacity,
    )


def _is_away(own: Mapping[str, str]) -> bool:
    """Return whether an element is cut to nothing, or pushed out of sight."""
    if "hidden" in own.get("overflow", "").lower() and any(
        pixels(own.get(name, ""), 16) == 0
        for name in ("max-height", "height", "max-width", "width")
    ):
        return True
    pushed = (pixels(own.get(name, ""), 16) or 0 for name in ("text-indent", "margin-left"))
    return any(length <= _OUT_OF_SIGHT for length in pushed)


def _colour(element: Any, above: Style, own: Mapping[str, str]) -> tuple[Colour, bool]:
    """Return the colour of an element's text, and whether the author set it."""
    value = own.get("color") or (element.tag == "font" and element.get("color"))
    value = value or (element.tag == "body" and element.get("text"))
    colour = colour_of(value) if value else None
    if colour is not None:
        return colour, True
    is_link = element.tag == "a" and element.get("href") is not None
    if is_link and (value or "").lower() not in _INHERITED:
        return above.link_colour, False
    return above.colour, above.colour_set


def _background(
    element: Any, text: Colour, above: Style, own: Mapping[str, str]
) -> tuple[Colour, bool, bool]:
    """Return what is behind an element, whether the author set it, and whether it is a picture."""
    colour = colour_of(element.get("bgcolor") or "")
    picture = bool(element.get("background"))
    for name, value in own.items():
        if name == "background":
            colour = _colour_within(value)
            picture = _shows_picture(value)
        elif name == "background-color":
            colour = text if value.lower() == "currentcolor" else colour_of(value)
        elif name == "background-image":
            picture = _shows_picture(value)
    if colour is None or not colour.alpha:
        return above.background, above.background_set, picture or above.picture
    opaque = colour.alpha > 0.99
    background = over(colour, above.background)
    return background, above.background_set or opaque, above.picture and not opaque


def _shows_picture(value: str) -> bool:
    return "url(" in value.lower() or "gradient(" in value.lower()


def _colour_within(value: str) -> Colour | None:
    """Return the colour among the values of `background`."""
    whole = colour_of(value)
    if whole is not None:
        return whole
    parts = re.findall(r"[\w-]+\([^()]*\)|[^\s,/()]+", value)
    return next((c for part in parts if (c := colour_of(part)) is not None), None)


def _is_underlined(tag: str, above: Style, own: Mapping[str, str]) -> bool:
    value = own.get("text-decoration", own.get("text-decoration-line", "")).lower()
    if value and value not in ("inherit", "initial", "unset"):
        return "underline" in value or (above.underlined and tag != "a")
    return above.underlined or tag in ("a", "u", "ins")
