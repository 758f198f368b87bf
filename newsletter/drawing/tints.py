"""The colours of charts: tints of the newsletter's own, told apart by how light they are.

So they are told apart by whoever sees colours otherwise, too, and on paper without colours.
"""

from collections.abc import Mapping

from newsletter.colours import BLACK, WHITE, Colour, colour_of, contrast, of_oklch, over, to_oklch

_OPPOSITE = 180  # degrees around the circle of hues
STEPS = 5  # of the heat layer, beside the one for none at all
_HEAT = {"light": (0.93, 0.86, 0.77, 0.66, 0.53), "dark": (0.36, 0.45, 0.55, 0.66, 0.80)}
_BALANCE = {  # of answers for and against, the strongest last; one side is the darker throughout
    "light": {"for": (0.72, 0.45), "against": (0.86, 0.66)},
    "dark": {"for": (0.62, 0.80), "against": (0.38, 0.50)},
}
_STACK = {"light": (0.50, 0.68, 0.82, 0.92), "dark": (0.74, 0.60, 0.46, 0.34)}


def tints_of(colours: Mapping[str, str], scheme: str) -> dict[str, str]:
    """Return the colours of charts on a card of a scheme's colours, "light" or "dark"."""
    card, ink, link = (_known(colours[name]) for name in ("card", "ink", "link"))
    _, chroma, hue = to_oklch(link)
    tints = {"mark": link, "axis": _known(colours["soft"]), "grid": _known(colours["line"])}
    tints["band"] = _known(colours["band"])
    tints["on-band"] = _known(colours["on_band"])
    tints["ground"] = card
    tints["words"] = ink
    tints["veil"] = over(link._replace(alpha=0.22), card)
    tints["filler"] = over(ink._replace(alpha=0.16), card)
    for step, light in enumerate(_HEAT[scheme], 1):
        tint = of_oklch(light, min(chroma, 0.015 + 0.013 * step), hue)
        tints |= {f"heat-{step}": tint, f"on-heat-{step}": _legible(tint)}
    tints |= {"heat-0": card, "on-heat-0": ink}
    for step, light in enumerate(_STACK[scheme], 1):
        tints[f"gain-{step}"] = of_oklch(light, min(chroma, 0.10), hue)
        tints[f"loss-{step}"] = of_oklch(light, min(chroma, 0.01), hue)
    for side, lights in _BALANCE[scheme].items():
        for step, light in enumerate(lights, 1):
            tint = of_oklch(light, min(chroma, 0.10), hue + (0 if side == "for" else _OPPOSITE))
            tints |= {f"{side}-{step}": tint, f"on-{side}-{step}": _legible(tint)}
    for step, alpha in enumerate((0.16, 0.34), 1):
        tints |= {f"beside-{step}": over(ink._replace(alpha=alpha), card), f"on-beside-{step}": ink}
    return {name: str(colour) for name, colour in tints.items()}


def _known(text: str) -> Colour:
    found = colour_of(text)
    assert found is not None  # noqa: S101 - a face has colours alone
    return found


def _legible(ground: Colour) -> Colour:
    return max((BLACK, WHITE), key=lambda words: contrast(words, ground))
