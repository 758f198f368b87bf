"""Derives all colours of a page from one or two of a brand, so that every text can be read.

The neutrals are the look's own, in the brand's hue; texts and buttons are the brand's colour or
what is nearest to it that can be read on every ground, also where a program makes the page dark on
its own. Lightness is that of OKLCH, in which equal steps look equal.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.colours import (
    BLACK,
    WHITE,
    Colour,
    colour_of,
    contrast,
    darkened,
    inverted,
    lightened,
    luminance,
    of_oklch,
    to_oklch,
)

Shades = Mapping[str, str]  # name -> colour

# What becomes of a text, and of its ground.
_Change = tuple[Callable[[Colour], Colour], Callable[[Colour], Colour]]
_AS_IT_IS: _Change = (lambda text: text, lambda ground: ground)
_AS_CHANGED: tuple[_Change, ...] = ((inverted, inverted), (lightened, darkened))
_NEEDED = 4.5  # contrast of text (WCAG 2.2, 1.4.3)
_GROUNDS = ("paper", "card", "tint", "box")
# How colourful the neutrals of a colourful brand are at least.
_TINGED = {"paper": 0.008, "tint": 0.02, "box": 0.02, "line": 0.02, "ink": 0.01, "soft": 0.015}
_COLOURFUL, _GREY = 0.08, 0.03  # chroma from which on neutrals are fully tinged; of a grey brand
_FAINT, _QUIET = 0.005, 0.05  # chroma between which a ground is a neutral with a hue of its own
_FARTHEST = 0.15  # the change of lightness up to which links are in the first colour
_DARK_TEXT = 0.11  # what a dark text on a button counts, as a change of lightness: white is usual
_STEP = 0.01
_YELLOW, _AMBER = (80.0, 120.0), 25.0  # degrees of hue, and by how many it turns at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of a page in a light and a dark scheme."""

    light: Shades
    dark: Shades


@dataclass(frozen=True, slots=True)
class _Tone:
    """A colour as the eye tells it apart."""

    light: float
    chroma: float
    hue: float

    @property
    def colour(self) -> Colour:
        return of_oklch(self.light, self.chroma, self.hue)

    def at(self, light: float) -> "_Tone":
        """Return the colour in another lightness; a darker yellow is amber, as its own is olive."""
        darker = max(0.0, self.light - light)
        turned = min(_AMBER, darker * 70) if self.is_yellow else 0.0
        return _Tone(light, self.chroma, self.hue - turned)

    @property
    def is_yellow(self) -> bool:
        return _YELLOW[0] < self.hue < _YELLOW[1]

    @property
    def is_grey(self) -> bool:
        return self.chroma < _GREY


def palette_of(colour: str, accent: str, paper: str, *, light: Shades, dark: Shades) -> Palette:
    """Derive the colours of a page from a brand's and those of a look.

    `accent` and `paper` may be empty. Colours that only the look knows stay as they are.
    """
    return _derived(colour, accent or colour, paper, tuple(light.items()), tuple(dark.items()))


@lru_cache(maxsize=64)
def _derived(
    colour: str,
    accent: str,
    paper: str,
    light: tuple[tuple[str, str], ...],
    dark: tuple[tuple[str, str], ...],
) -> Palette:
    first, second = _tone(colour), _tone(accent)
    return Palette(
        light=_light(first, second, dict(light), paper), dark=_dark(first, second, dict(dark))
    )


def _light(first: _Tone, second: _Tone, look: Shades, paper: str) -> Shades:
    own = _neutrals(*_cast(first, paper), look)
    if paper:
        own["paper"] = _tone(paper).colour
        if luminance(own["paper"]) > luminance(own["card"]):
            own["card"] = own["paper"]  # a card that is darker than its ground looks soiled
    is_readable = _reader([own[name] for name in _GROUNDS], _AS_CHANGED)
    link = _nearer(first, second, is_readable)
    band, on_band = _band(first, own["card"], 1.25, _AS_CHANGED) or (link, WHITE)
    return _written(
        look,
        own,
        ink=_nearest(_of(own["ink"]), is_readable),
        soft=_nearest(_of(own["soft"]), is_readable),
        accent=_nearest(second, lambda line: contrast(line, own["card"]) >= 1.3),
        link=link,
        on_link=WHITE,
        band=band,
        on_band=on_band,
    )


def _dark(first: _Tone, second: _Tone, look: Shades) -> Shades:
    own = _neutrals(*_cast(first, ""), look)
    is_readable = _reader([own[name] for name in _GROUNDS])
    link = _nearer(_glowing(first), _glowing(second), is_readable)
    on_link = _nearest(_Tone(0.2, 0.04, first.hue), _reader([link]))
    start = first.at(max(first.light, 0.85 if first.is_grey else 0.5))
    band, on_band = _band(start, own["card"], 1.8) or (link, on_link)
    return _written(
        look,
        own,
        ink=_nearest(_of(own["ink"]), is_readable),
        soft=_nearest(_of(own["soft"]), is_readable),
        accent=_glowing(second).colour,
        link=link,
        on_link=on_link,
        band=band,
        on_band=on_band,
    )


def _cast(brand: _Tone, paper: str) -> tuple[float, float]:
    """Return the hue of the neutrals, and how much of it they have; of a grey brand, nothing.

    It is the brand's; beside a ground that is a neutral itself, such as cream, it is the ground's.
    """
    ground = _tone(paper or "#ffffff")
    if _FAINT < ground.chroma < _QUIET:
        return ground.hue, 1.0
    return brand.hue - (_AMBER / 2 if brand.is_yellow else 0.0), min(1.0, brand.chroma / _COLOURFUL)


def _neutrals(hue: float, share: float, look: Shades) -> dict[str, Colour]:
    """Return the look's neutrals in a hue."""
    own = {}
    for name in (*_GROUNDS, "ink", "soft", "line"):
        tone = _tone(look[name])
        chroma = max(tone.chroma, _TINGED.get(name, 0.0)) * share
        own[name] = _Tone(tone.light, chroma, hue).colour
    if look["box"] == look["card"]:
        own["box"] = own["card"]
    if look["paper"] == look["card"]:
        own["paper"] = own["card"]
    return own


def _nearer(first: _Tone, second: _Tone, is_readable: Callable[[Colour], bool]) -> Colour:
    """Return the first colour as text, or the second where that has to change far less."""
    found = [_nearest(tone, is_readable) for tone in (first, second)]
    ways = [abs(_of(text).light - t.light) for text, t in zip(found, (first, second), strict=True)]
    return found[1] if ways[0] > _FARTHEST and ways[1] < ways[0] / 2 else found[0]


def _band(
    brand: _Tone, card: Colour, least: float, changes: tuple[_Change, ...] = ()
) -> tuple[Colour, Colour] | None:
    """Return the ground of a button or a badge, and its text; None if nobody would see it.

    `least` is its contrast to the card. The text is white, unless that changes the ground a lot.
    """
    if contrast(brand.colour, card) < least:
        return None
    dark = _Tone(0.2, min(brand.chroma, 0.05), brand.hue).colour
    texts = ((WHITE, 0.0), (dark, _DARK_TEXT), (BLACK, _DARK_TEXT + _STEP))
    found: list[tuple[float, Colour, Colour]] = []
    for change, ground in _changed(brand):
        if found and min(found)[0] <= change:
            break
        if contrast(ground, card) >= least:
            is_readable = _reader([ground], changes)
            found += [(change + n, ground, text) for text, n in texts if is_readable(text)]
    _, ground, text = min(found)
    return ground, text


def _nearest(tone: _Tone, is_right: Callable[[Colour], bool]) -> Colour:
    """Return the colour of the same hue that changes least in lightness to be right."""
    return next((c for _, c in _changed(tone) if is_right(c)), tone.colour)


def _changed(tone: _Tone) -> Iterator[tuple[float, Colour]]:
    """Yield a colour darker and lighter, step by step, and by how much."""
    yield 0.0, tone.colour
    for number in range(1, 101):
        change = number * _STEP
        for light in (tone.light - change, tone.light + change):
            if -_STEP < light < 1 + _STEP:
                yield change, tone.at(light).colour


def _glowing(tone: _Tone) -> _Tone:
    """Return a colour as it is seen on a dark ground."""
    return _Tone(max(tone.light, 0.77), min(tone.chroma, 0.14), tone.hue)


def _reader(
    grounds: Sequence[Colour], changes: tuple[_Change, ...] = ()
) -> Callable[[Colour], bool]:
    """Return what says whether a text can be read on all grounds, as they are and as changed."""
    seen = [
        (of_text, [luminance(of_ground(ground)) for ground in grounds])
        for of_text, of_ground in (_AS_IT_IS, *changes)
    ]

    def is_readable(text: Colour) -> bool:
        return all(
            _ratio(luminance(of_text(text)), level) >= _NEEDED
            for of_text, levels in seen
            for level in levels
        )

    return is_readable


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _written(look: Shades, own: Mapping[str, Colour], **texts: Colour) -> Shades:
    return {**look, **{name: str(colour) for name, colour in {**own, **texts}.items()}}


def _tone(written: str) -> _Tone:
    return _of(colour_of(written) or BLACK)


def _of(colour: Colour) -> _Tone:
    return _Tone(*to_oklch(colour))
