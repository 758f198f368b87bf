"""Words on charts can be read, and what is drawn can be told apart, in any newsletter's colours."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.colours import Colour, colour_of, contrast, to_oklch
from newsletter.drawing.tints import STEPS, tints_of
from newsletter.face.sheet import scheme_of

_SCHEMES = ("light", "dark")
_COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def tint(tints: Mapping[str, str], name: str) -> Colour:
    """Return a colour of a chart."""
    found = colour_of(tints[name])
    assert found is not None
    return found


@pytest.mark.parametrize("scheme", _SCHEMES)
@given(link=_COLOURS)
def test_words_can_be_read_in_any_colours(scheme: str, link: str) -> None:
    tints = tints_of(scheme_of({scheme: {"link": link}}, scheme), scheme)

    for name in ("words", "axis"):
        assert contrast(tint(tints, name), tint(tints, "ground")) >= 4.5
    assert contrast(tint(tints, "on-band"), tint(tints, "band")) >= 4.5
    for step in range(STEPS + 1):
        assert contrast(tint(tints, f"on-heat-{step}"), tint(tints, f"heat-{step}")) >= 4.5


@pytest.mark.parametrize("scheme", _SCHEMES)
@given(link=_COLOURS)
def test_marks_stand_out_and_steps_differ_by_how_light_they_are(scheme: str, link: str) -> None:
    """So whoever sees colours otherwise, or a print without any, tells them apart as well."""
    tints = tints_of(scheme_of({scheme: {"link": link}}, scheme), scheme)

    assert contrast(tint(tints, "mark"), tint(tints, "ground")) >= 3  # WCAG 2.2, 1.4.11
    for kind, number in (("heat", STEPS), ("gain", 4), ("loss", 4)):
        lights = [to_oklch(tint(tints, f"{kind}-{n}"))[0] for n in range(1, number + 1)]
        apart = [second - first for first, second in pairwise(lights)]
        assert min(map(abs, apart)) > 0.05
        assert len({step > 0 for step in apart}) == 1  # in one direction
