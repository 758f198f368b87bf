"""What CSS says about letters: size, weight and line height."""

import re
from collections.abc import Mapping
from typing import NamedTuple

_HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}
_SMALLER = {**_HEADINGS, "small": 5 / 6, "sup": 5 / 6, "sub": 5 / 6, "code": 0.8125, "pre": 0.8125}
_BOLD = {*_HEADINGS, "b", "strong", "th"}
_SIZES = {
    **{"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0},
    **{"large": 18.0, "x-large": 24.0, "xx-large": 32.0},
}
_RELATIVE = {"smaller": 5 / 6, "larger": 1.2}
_WEIGHTS = {"bold": True, "bolder": True, "normal": False, "lighter": False}
_UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_LENGTH = re.compile(r"([+-]?\d*\.?\d+(?:e[+-]?\d+)?)([a-z%]*)", re.I)
_FONT = re.compile(r"(?:^|.*?\s)(\d*\.?\d+(?:px|pt|em|rem|%))(?:\s*/\s*(\S+))?\s+\S", re.I | re.S)
_NORMAL = 1.2  # line height of most typefaces


class Letters(NamedTuple):
    """How the text of an element is set."""

    size: float = 16.0  # pixels
    bold: bool = False
    factor: float = _NORMAL  # line height as a multiple of the size
    line: float | None = None  # line height in pixels, if it does not follow the size

    @property
    def leading(self) -> float:
        """Return the line height as a multiple of the size."""
        if self.line is None or not self.size:
            return self.factor
        return self.line / self.size


def letters_of(tag: str, above: Letters, own: Mapping[str, str]) -> Letters:
    """Return the lettering of an element, given its parent's and its own declarations."""
    size = above.size * _SMALLER.get(tag, 1.0)
    bold = above.bold or tag in _BOLD
    height = ""
    for name, value in own.items():
        low = value.lower()
        if name == "font" and (match := _FONT.match(low)):
            size = _size(match[1], above.size) or size
            height = match[2] or "normal"
            bold = bool(re.search(r"\bbold|\b[6-9]00\b", low[: match.start(1)]))
        elif name == "font-size":
            found = _size(low, above.size)
            size = size if found is None else found
        elif name == "font-weight":
            bold = _weight(low, bold=bold)
        elif name == "line-height":
            height = low
    letters = Letters(size, bold, above.factor, above.line)
    return _with_height(letters, height) if height else letters


def fits_letters(name: str, value: str) -> bool:
    """Return whether a value is valid for a font property."""
    low = value.lower()
    if name == "font-size":
        found = _size(low, 16)
        return found is not None and found >= 0
    if name == "font":
        return bool(_FONT.match(low))
    if name == "font-weight":
        return low.isdigit() or low in _WEIGHTS
    height = pixels(low, 16)
    height = number(low, -1) if height is None else height
    return low == "normal" or height >= 0


def pixels(value: str, size: float) -> float | None:
    """Return a length in pixels, given the surrounding font size; None if that is not enough."""
    match = _LENGTH.fullmatch(value.strip())
    if not match:
        return None
    amount, unit = float(match[1]), match[2].lower()
    if unit in ("em", "%"):
        return amount * size / (1 if unit == "em" else 100)
    if unit == "rem":
        return amount * 16
    if not unit:
        return amount if amount == 0 else None
    return amount * _UNITS[unit] if unit in _UNITS else None


def number(value: str, otherwise: float) -> float:
    """Return a value that is a plain number, or else the default."""
    match = _LENGTH.fullmatch(value.strip())
    return float(match[1]) if match and not match[2] else otherwise


def _with_height(letters: Letters, height: str) -> Letters:
    if height == "normal":
        return letters._replace(factor=_NORMAL, line=None)
    factor = number(height, -1)
    if factor >= 0:
        return letters._replace(factor=factor, line=None)
    line = pixels(height, letters.size)
    return letters if line is None else letters._replace(line=line)


def _size(value: str, above: float) -> float | None:
    if value in _RELATIVE:
        return above * _RELATIVE[value]
    return _SIZES.get(value, pixels(value, above))


def _weight(value: str, *, bold: bool) -> bool:
    return int(value) >= 600 if value.isdigit() else _WEIGHTS.get(value, bold)
