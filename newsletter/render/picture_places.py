"""Finds where a finished page shows pictures from files, and how wide each is shown.

Only MJML knows how wide a place is, so a page is looked at when MJML has run and its styles are
written into it. Comments that only Outlook reads are looked at, too: its backgrounds stand there.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import unquote

from newsletter.model import Picture
from newsletter.render.picture_files import PAGE_WIDTH
from newsletter.render.picture_targets import Target

# Points of a background whose size nobody sets: it is as large as its file, on screens of any
# width.
_ANY_WIDTH = 1000
_SCHEME = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:|//|#", re.IGNORECASE)
# An address in styles; fonts and imported sheets are none of pictures.
_IN_STYLES = re.compile(
    r"@font-face\s*\{[^{}]*|@(?:import|namespace)\b[^;{}@]*"
    r"|(?P<before>url\(\s*)(?P<address>\"[^\"]*\"|'[^']*'|[^)\"'\s]*)",
    re.IGNORECASE,
)
_IN_COMMENT = re.compile(
    r"(?P<before>\s(?:src|background)\s*=\s*|url\(\s*)(?P<address>\"[^\"]*\"|'[^']*'|[^)\"'\s]*)",
    re.IGNORECASE,
)
_WITH_STYLE = "//*[contains(translate(@style, 'URL', 'url'), 'url(')]"
_FOR_OUTLOOK = "//comment()[starts-with(., '[if')]"
_NUMBER = r"(\d{1,5}(?:\.\d{1,5})?)"
_SHARE = re.compile(rf"\s*{_NUMBER}%\s*")
_WHOLE = re.compile(rf"\b(?:cover|contain)\b|(?:/|background-size:)\s*{_NUMBER}%", re.IGNORECASE)
_SIZE = re.compile(rf"(?:/|background-size:)\s*{_NUMBER}px", re.IGNORECASE)
_COLUMN = re.compile(r"\bmj-column-per-(\d+)(?:-(\d+))?")
_DENSITY = re.compile(rf"{_NUMBER}[xw]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on a page that shows a picture from a file."""

    source: str  # the file as the template names it
    width: int  # points for which the picture must do; 0 if another place says it
    height: int = 0  # points, where that alone is said
    show: Callable[[Picture, Target], None]  # writes where mail programs find it


def places_in(page: Any) -> Iterator[Place]:
    """Yield each place of a page that shows a picture from a file."""
    for image in page.iter("img"):
        yield from _places_of_image(image)
    for choice in page.iter("source"):
        yield from _places_of_choice(choice)
    for element in page.xpath("//*[@background]"):
        if names_file(address := element.get("background")):
            show = partial(_show_attribute, element, "background")
            yield Place(source=path_of(address), width=_width_of_ground(element), show=show)
    for element in page.xpath(_WITH_STYLE):
        yield from _places_in_text(_Style(element), _IN_STYLES, _width_of_ground(element))
    for sheet in page.iter("style"):
        yield from _places_in_text(_Text(sheet), _IN_STYLES, _ANY_WIDTH)
    for comment in page.xpath(_FOR_OUTLOOK):  # what it shows, others show elsewhere
        yield from _places_in_text(_Text(comment), _IN_COMMENT, 0)


def names_file(address: str | None) -> bool:
    """Return whether an address is a path, and so leads nowhere in a mail."""
    bare = (address or "").strip()
    return bool(bare) and not _SCHEME.match(bare)


def path_of(address: str) -> str:
    """Return the path that an address names."""
    return unquote(address.strip())


def room_of(element: Any, *, itself: bool = False) -> int | None:
    """Return how many points wide the inside of an element's surroundings is, if they say so."""
    steps: list[tuple[float, float]] = []  # share and padding of each element on the way out
    for outer in ([element] if itself else []) + list(element.iterancestors()):
        declared = _declared(outer)
        widths = (declared.get("width"), declared.get("max-width"), outer.get("width"))
        if width := next(filter(None, map(_pixels, widths)), None):
            room = float(width)
            for share, padding in reversed(steps):
                room = room * share - padding
            return max(1, min(round(room), _ANY_WIDTH))
        steps.append((_share_of(outer, declared), _padding_of(declared)))
    return None


# --- pictures -----------------------------------------------------------------------------


def _places_of_image(image: Any) -> Iterator[Place]:
    """Yield the place of an image; of several files for it, the densest is the picture."""
    sources = [*_densest_first(image.get("srcset", "")), image.get("src", "")]
    address = next(filter(names_file, sources), None)
    if address is not None:
        asked = _asked_width(image)
        width = asked or min(room_of(image) or PAGE_WIDTH, _most(image))
        height = 0 if asked else _asked_height(image)
        show = partial(_show_image, image, asked, width, height)
        yield Place(source=path_of(address), width=width, height=height, show=show)


def _places_of_choice(choice: Any) -> Iterator[Place]:
    """Yield the place of another picture for some screens, as wide as the one beside it."""
    address = next(filter(names_file, _densest_first(choice.get("srcset", ""))), None)
    if address is not None:
        beside = next(choice.getparent().iter("img"), choice)
        width = _asked_width(beside) or room_of(beside) or PAGE_WIDTH
        yield Place(source=path_of(address), width=width, show=partial(_show_choice, choice))


def _densest_first(srcset: str) -> list[str]:
    found = sorted(_candidates(srcset), key=lambda pair: -pair[0])
    return [address for _, address in found]


def _candidates(srcset: str) -> Iterator[tuple[float, str]]:
    """Yield density, or width, and address of each file of a srcset (HTML standard, 4.8.4.2.1)."""
    address, said = "", 1.0
    for word in srcset.split():
        if address:
            density, comma, following = word.partition(",")
            found = _DENSITY.fullmatch(density)
            said = float(found[1]) if found else said
        else:
            address, comma, following = word.strip(","), "," * word.endswith(","), ""
        if comma:
            yield said, address
            address, said = following.strip(","), 1.0
    if address:
        yield said, address


def _show_image(
    image: Any, asked: int | None, room: int, height: int, picture: Picture, target: Target
) -> None:
    """Write where an image is, and its true size in pixels; it is never enlarged unasked."""
    if height:
        asked = min(room, max(1, round(height * picture.width / picture.height)))
    show_image(image, picture, target, width=asked or min(picture.width, room))


def show_image(image: Any, picture: Picture, target: Target, *, width: int) -> None:
    """Write where an image is, and its size in pixels."""
    image.set("src", target.source)
    if target.choices:
        image.set("srcset", target.choices)
    else:
        image.attrib.pop("srcset", None)
    image.set("width", str(width))
    image.set("height", str(max(1, round(picture.height * width / picture.width))))
    if picture.is_clear:  # looks give pictures a ground that would show through
        image.set("class", " ".join(filter(None, (image.get("class"), "clear"))))


def _show_choice(choice: Any, _: Picture, target: Target) -> None:
    choice.set("srcset", target.choices or target.source)


def _asked_width(image: Any) -> int | None:
    """Return how wide an image shall be, if its template says so."""
    declared = _declared(image)
    for said in (image.get("width"), declared.get("width")):
        if width := _pixels(said):
            return min(width, _most(image))
        if said and (share := _SHARE.fullmatch(said)):
            room = room_of(image) or PAGE_WIDTH
            return max(1, min(round(room * float(share[1]) / 100), _most(image)))
    return None


def _asked_height(image: Any) -> int:
    return _pixels(image.get("height")) or _pixels(_declared(image).get("height")) or 0


def _most(image: Any) -> int:
    return _pixels(_declared(image).get("max-width")) or _ANY_WIDTH


# --- backgrounds --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    """The styles of an element."""

    element: Any

    @property
    def text(self) -> str:
        return str(self.element.get("style"))

    def write(self, text: str) -> None:
        self.element.set("style", text)


@dataclass(frozen=True, slots=True)
class _Text:
    """What stands in a style sheet or a comment."""

    element: Any

    @property
    def text(self) -> str:
        return str(self.element.text or "")

    def write(self, text: str) -> None:
        self.element.text = text


def _places_in_text(text: _Style | _Text, pattern: re.Pattern[str], width: int) -> Iterator[Place]:
    found = (one for one in pattern.finditer(text.text) if one["before"])
    addresses = (_bare(one["address"]) for one in found)
    for address in dict.fromkeys(filter(names_file, addresses)):
        show = partial(_show_in_text, text, pattern, address)
        yield Place(source=path_of(address), width=width, show=show)


def _show_in_text(
    text: _Style | _Text, pattern: re.Pattern[str], address: str, _: Picture, target: Target
) -> None:
    def with_target(found: re.Match[str]) -> str:
        written = found["address"]
        if not found["before"] or _bare(written) != address:
            return found[0]
        quote = written[:1] if written[:1] in ("'", '"') else ""
        return f"{found['before']}{quote}{target.source}{quote}"

    text.write(pattern.sub(with_target, text.text))


def _bare(address: str | None) -> str:
    return unescape((address or "").strip("\"'"))


def _show_attribute(element: Any, name: str, _: Picture, target: Target) -> None:
    element.set(name, target.source)


def _width_of_ground(element: Any) -> int:
    """Return for how many points a background must do."""
    style = element.get("style", "")
    if size := _SIZE.search(style):
        return min(max(1, round(float(size[1]))), _ANY_WIDTH)
    return (room_of(element, itself=True) or _ANY_WIDTH) if _WHOLE.search(style) else _ANY_WIDTH


# --- room ---------------------------------------------------------------------------------


def _share_of(element: Any, declared: dict[str, str]) -> float:
    """Return which share of its surroundings an element is wide."""
    if column := _COLUMN.search(element.get("class") or ""):
        return float(f"{column[1]}.{column[2] or 0}") / 100
    said = declared.get("width") or element.get("width") or ""
    share = _SHARE.fullmatch(said)
    return min(1, float(share[1]) / 100) if share else 1


def _padding_of(declared: dict[str, str]) -> float:
    parts = declared.get("padding", "0").split()
    right = _pixels(parts[min(1, len(parts) - 1)]) if parts else 0
    left = _pixels(parts[3]) if len(parts) == 4 else right
    left = _pixels(declared.get("padding-left")) or left
    right = _pixels(declared.get("padding-right")) or right
    return (left or 0) + (right or 0)


def _declared(element: Any) -> dict[str, str]:
    if not isinstance(element.tag, str):
        return {}
    pairs = (part.partition(":") for part in (element.get("style") or "").split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip() for name, _, value in pairs
    }


def _pixels(said: str | None) -> int | None:
    """Return a whole number of pixels; None for other lengths."""
    found = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", said or "")
    return int(found[1]) or None if found else None
