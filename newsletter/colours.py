"""Colours: how they are written, how one looks over another, and how well they contrast."""

from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

from tinycss2.color4 import Color, parse_color


class Colour(NamedTuple):
    """A colour in sRGB; each part from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def __str__(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in self[:3])


BLACK = Colour(0.0, 0.0, 0.0)
WHITE = Colour(1.0, 1.0, 1.0)
_D65 = (0.95047, 1.0, 1.08883)


@lru_cache(maxsize=2048)  # a page has few colours, and names each of them many times
def colour_of(text: str) -> Colour | None:
    """Return the colour in a value of CSS or HTML; None for an invalid one and `currentcolor`."""
    try:
        found = parse_color(text.strip())
        if not isinstance(found, Color):
            return None
        parts = list(found.to("srgb"))  # red, green, blue, alpha
    except ValueError:  # `color()` with too few values: tinycss2 1.5 expects them all
        return None
    except NotImplementedError:  # a colour in another colour space, such as lab()
        return None
    return Colour(*(min(1.0, max(0.0, part or 0.0)) for part in parts))


def over(colour: Colour, background: Colour) -> Colour:
    """Return what a colour, perhaps half transparent, looks like on an opaque background."""
    a = colour.alpha
    return Colour(*(c * a + g * (1 - a) for c, g in zip(colour[:3], background[:3], strict=True)))


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two opaque colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour, from 0 to 1."""
    red, green, blue = (_linear(part) for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def inverted(colour: Colour) -> Colour:
    """Return a colour with its CIE L* lightness inverted."""
    light, a, b = _to_lab(colour)
    return _from_lab(100 - light, a, b)


def lightened(colour: Colour) -> Colour:
    """Return what Android's forced dark theme makes of a text colour.

    frameworks/base/libs/hwui/CanvasTransform.cpp, `makeLight`.
    """
    light, a, b = _to_lab(colour)
    return _from_lab(max(light, min(110 - light, 100)), a, b)


def darkened(colour: Colour) -> Colour:
    """Return what Android's forced dark theme makes of a background colour (`makeDark`)."""
    light, a, b = _to_lab(colour)
    return _from_lab(min(light, 110 - light), a, b)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _curved(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _to_lab(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (_linear(part) for part in colour[:3])
    xyz = (
        0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        0.0193339 * red + 0.1191920 * green + 0.9503041 * blue,
    )
    x, y, z = (_bent(value / white) for value, white in zip(xyz, _D65, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _from_lab(light: float, a: float, b: float) -> Colour:
    middle = (light + 16) / 116
    bent = (middle + a / 500, middle, middle - b / 200)
    x, y, z = (_straight(value) * white for value, white in zip(bent, _D65, strict=True))
    return Colour(
        _curved(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
        _curved(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
        _curved(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
    )


def _bent(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _straight(value: float) -> float:
    return value**3 if value > 6 / 29 else (116 * value - 16) * 27 / 24389


def to_oklch(colour: Colour) -> tuple[float, float, float]:
    """Return lightness (0 to 1), chroma and hue (in degrees) as the eye tells them apart: OKLCH.

    bottosson.github.io/posts/oklab; CSS Color 4, section 9.
    """
    red, green, blue = (_linear(part) for part in colour[:3])
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, hypot(a, b), degrees(atan2(b, a)) % 360


def of_oklch(light: float, chroma: float, hue: float) -> Colour:
    """Return a colour of eight bits; a chroma that no screen shows gives way to the most it can."""
    light = min(1.0, max(0.0, light))
    most, least = chroma, 0.0
    parts = _linear_parts(light, chroma, hue)
    if not _is_shown(parts):
        for _ in range(12):
            chroma = (most + least) / 2
            if _is_shown(parts := _linear_parts(light, chroma, hue)):
                least = chroma
            else:
                most = chroma
        parts = _linear_parts(light, least, hue)
    return Colour(*(round(_curved(part) * 255) / 255 for part in parts))


def _linear_parts(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_shown(parts: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in parts)
