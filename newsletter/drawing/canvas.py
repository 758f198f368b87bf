"""Draws shapes and words as SVG, in colours that the page around them names."""

import unicodedata
from collections.abc import Iterable, Mapping

from markupsafe import Markup

SIZE = 12  # of letters, pixels
Look = dict[str, str | float]  # further attributes of a shape
# Widths of Arial's letters in thousandths of their size; those of like typefaces differ little.
_WIDTHS = {
    191: "'",
    222: "ijl‘’",
    278: " .,:;!/\\ftI[]|\N{NO-BREAK SPACE}",
    333: "-r()“”`",
    500: "ckvsxyzJš",
    556: "0123456789abdeghnopqu?L–#$_«»",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%æ",
    944: "W",
    1000: "…—@Æ",
}
_WIDTH = {sign: width / 1000 for width, signs in _WIDTHS.items() for sign in signs}
_OTHER = 1.06  # as much wider than Arial the typefaces of readers may be
_SHY = "\u00ad"


def picture(parts: Iterable[Markup], *, size: tuple[float, float], named: str, kind: str) -> Markup:
    """Return a drawing; `named` are the ids of the elements that say what it shows."""
    width, height = size
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}" font-family="var(--text-font)" font-size="{}">{}</svg>'
    ).format(kind, _number(width), _number(height), named, SIZE, Markup("").join(parts))


def box(x: float, y: float, width: float, height: float, fill: str, **more: str | float) -> Markup:
    """Return a rectangle, filled with a colour of the page's."""
    place: Look = {"x": x, "y": y, "width": width, "height": height, "fill": _colour(fill)}
    return _tag("rect", {**place, **more})


def stroke(
    x: float, y: float, to_x: float, to_y: float, colour: str, **more: str | float
) -> Markup:
    """Return a line."""
    place: Look = {"x1": x, "y1": y, "x2": to_x, "y2": to_y, "stroke": _colour(colour)}
    return _tag("line", {**place, **more})


def words(x: float, y: float, text: str, colour: str = "words", **more: str | float) -> Markup:
    """Return a line of text that begins at a place; by `anchor` it ends there, or has it amid."""
    return _tag("text", {"x": x, "y": y, "fill": _colour(colour), **more}, clean(text))


def wide(text: str, size: float = SIZE) -> float:
    """Return how wide a line of text is in Arial."""
    return sum(map(_share, text)) * size


def fitted(text: str, room: float, size: float = SIZE) -> str:
    """Return a text cut to the room there is, with an ellipsis."""
    text = clean(text)
    if _fits(text, room, size):
        return text
    end = len(text)
    while end and not _fits(text[:end] + "…", room, size):
        end -= 1
    return text[:end].rstrip() + "…"


def in_lines(text: str, room: float, size: float = SIZE, *, most: int = 2) -> list[str]:
    """Return a text in so many lines at most, the last one cut where more would be needed."""
    lines: list[str] = []
    rest = clean(text).split()
    while rest and len(lines) < most - 1:
        line = [rest.pop(0)]
        while rest and _fits(" ".join([*line, rest[0]]), room, size):
            line.append(rest.pop(0))
        lines.append(fitted(" ".join(line), room, size))
    return [*lines, fitted(" ".join(rest), room, size)] if rest else lines


def clean(text: str) -> str:
    """Return a text in one line, without signs that no page may have or that cannot be seen."""
    kept = "".join(s for s in text if s != _SHY and unicodedata.category(s) not in _UNFIT)
    return " ".join(kept.split())


_UNFIT = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})


def _fits(text: str, room: float, size: float) -> bool:
    return wide(text, size) * _OTHER <= room


def _share(sign: str) -> float:
    """Return how wide a letter is, in parts of the size; one with an accent is as its letter."""
    if unicodedata.combining(sign):
        return 0.0
    base = unicodedata.normalize("NFD", sign)[0]
    if base in _WIDTH:
        return _WIDTH[base]
    return 1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.7


def _colour(name: str) -> str:
    return name if name == "none" else f"var(--{name})"


def _tag(name: str, values: Mapping[str, str | float], text: str = "") -> Markup:
    attributes = Markup("").join(
        Markup(' {}="{}"').format(_ATTRIBUTES.get(key, key.replace("_", "-")), _number(value))
        for key, value in values.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, attributes, text)


_ATTRIBUTES = {"anchor": "text-anchor", "weight": "font-weight", "size": "font-size"}


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
