"""Draws the picture by which social media announce an issue that has none of its own."""

import datetime as dt
import io
from collections.abc import Mapping
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from newsletter.language.phrases import format_day

_SIZE = (1200, 630)  # pixels, as Open Graph's readers show them
_EDGE, _BAND = 90, 22
_SIZES = (84, 72, 60, 50)  # of the subject: the largest at which it fits
_MOST_LINES = 4


def draw_card(
    subject: str, title: str, day: dt.date, language: str, colours: Mapping[str, str]
) -> bytes:
    """Return a PNG with the subject of an issue, in the colours of the newsletter."""
    written = format_day(day, "long", language)
    return _drawn(
        subject[:300], title[:100], written, colours["card"], colours["ink"], colours["band"]
    )


@lru_cache(maxsize=64)
def _drawn(subject: str, title: str, day: str, ground: str, ink: str, band: str) -> bytes:
    image = Image.new("RGB", _SIZE, ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, _SIZE[0], _BAND), fill=band)
    draw.text((_EDGE, 80), title, font=ImageFont.load_default(38), fill=band)
    lines, size = _fitting(draw, subject)
    for number, line in enumerate(lines):
        place = (_EDGE, 180 + number * round(size * 1.2))
        draw.text(place, line, font=ImageFont.load_default(size), fill=ink)
    draw.text((_EDGE, 530), day, font=ImageFont.load_default(34), fill=ink)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _fitting(draw: ImageDraw.ImageDraw, subject: str) -> tuple[list[str], int]:
    """Return the lines of a subject, and the size at which they fit."""
    for size in _SIZES:
        lines = _lines(draw, subject, size)
        if len(lines) <= _MOST_LINES and size * 1.2 * len(lines) <= 330:
            return lines, size
    return [*lines[: _MOST_LINES - 1], "…"], size


def _lines(draw: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    font, most = ImageFont.load_default(size), _SIZE[0] - 2 * _EDGE
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=font) <= most:
            lines[-1] = longer
        else:
            while len(word) > 8 and draw.textlength(word, font=font) > most:
                word = word[:-2]  # noqa: PLW2901 - of a word that no line can hold
            lines.append(word)
    return lines
