"""Draws the picture by which social media announce an issue that has none of its own."""

import datetime as dt
import io
from collections.abc import Mapping
from functools import lru_cache
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFont

from newsletter.language.phrases import format_day

_SIZE = (1200, 630)  # pixels, as Open Graph's readers show them
_EDGE, _BAND = 90, 22
_SIZES = (84, 72, 60, 50)  # of the subject: the largest at which it fits
_MOST_LINES, _ROOM = 4, 330
# The typeface that comes with Pillow has the letters of ASCII alone.
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-"}
    | {"…": "...", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ß": "ss", "\xa0": " "}
)


def draw_card(
    subject: str, title: str, day: dt.date, language: str, colours: Mapping[str, str]
) -> bytes:
    """Return a PNG with the subject of an issue, in the colours of the newsletter."""
    written = format_day(day, "long", language)
    shades = colours["card"], colours["ink"], colours["band"]
    return _drawn(subject[:300], title[:100], written, *shades)


@lru_cache(maxsize=64)
def _drawn(subject: str, title: str, day: str, ground: str, ink: str, band: str) -> bytes:
    image = Image.new("RGB", _SIZE, ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, _SIZE[0], _BAND), fill=band)
    _write(draw, (_EDGE, 80), _lines(title, 38)[0], 38, band)
    lines, size = _fitting(subject)
    for number, line in enumerate(lines):
        _write(draw, (_EDGE, 180 + number * round(size * 1.2)), line, size, ink)
    _write(draw, (_EDGE, 530), day, 34, ink)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _write(
    draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, ink: str
) -> None:
    """Write a line, the marks of its letters drawn above them."""
    font, letters = ImageFont.load_default(size), ""
    for sign in _taken_apart(text):
        if not combining(sign):
            letters += sign
        elif letters:
            left, top, right, _ = font.getbbox(letters[-1])
            start = font.getlength(letters) - font.getlength(letters[-1])
            _mark(draw, sign, place[0] + start + (left + right) / 2, place[1] + top, size, ink)
    draw.text(place, letters, font=font, fill=ink)


def _mark(
    draw: ImageDraw.ImageDraw, sign: str, middle: float, top: float, size: int, ink: str
) -> None:
    unit = size / 12
    base = top - unit * 0.9
    if sign == "\u0308":  # two dots
        for side in (-1.4, 1.4):
            centre = middle + side * unit
            spot = (centre - unit * 0.55, base - unit * 1.1, centre + unit * 0.55, base)
            draw.ellipse(spot, fill=ink)
    elif sign == "\u030a":  # a ring
        ring = (middle - unit, base - unit * 1.6, middle + unit, base + unit * 0.4)
        draw.ellipse(ring, outline=ink, width=max(2, round(unit * 0.5)))
    else:  # an acute and a grave lean; of all others it is told that there is one
        lean = {"\u0301": 1, "\u0300": -1}.get(sign, 0) * unit * 0.8
        stroke = (middle - lean, base, middle + lean, base - unit * 1.2)
        flat: tuple[float, ...] = (
            middle - unit,
            base - unit * 0.5,
            middle + unit,
            base - unit * 0.5,
        )
        if sign == "\u030c":  # a caron
            high = base - unit * 1.2
            flat = (middle - unit, high, middle, base - unit * 0.2, middle + unit, high)
        draw.line(stroke if lean else flat, fill=ink, width=max(2, round(unit * 0.7)))


def _fitting(subject: str) -> tuple[list[str], int]:
    """Return the lines of a subject, and the size at which they fit."""
    for size in _SIZES:
        lines = _lines(subject, size)
        if len(lines) <= _MOST_LINES and size * 1.2 * len(lines) <= _ROOM:
            return lines, size
    return [*lines[: _MOST_LINES - 1], "…"], size


def _lines(text: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _fits(longer, size):
            lines[-1] = longer
        else:
            while len(word) > 8 and not _fits(word, size):
                word = word[:-2]  # noqa: PLW2901 - of a word that no line can hold
            lines.append(word)
    return lines or [""]


def _fits(text: str, size: int) -> bool:
    letters = "".join(sign for sign in _taken_apart(text) if not combining(sign))
    return ImageFont.load_default(size).getlength(letters) <= _SIZE[0] - 2 * _EDGE


def _taken_apart(text: str) -> str:
    """Return letters and their marks one after the other, as far as they can be written."""
    apart = normalize("NFD", text.translate(_PLAIN))
    return "".join(sign for sign in apart if " " <= sign <= "~" or combining(sign))
