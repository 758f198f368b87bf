"""Colours: how they are written, how one looks over another, and how well they contrast."""

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
