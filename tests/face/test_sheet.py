"""The style sheet of pages has the look's colours, letters and sizes, and can always be read."""

from typing import Any

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from newsletter.colours import colour_of, contrast
from newsletter.face.sheet import scheme_of, write_sheet
from newsletter.model import Brand
from newsletter.render import LOOKS, look_named, style_values

_COLOURS = st.builds("#{:06x}".format, st.integers(0, 0xFFFFFF))
_NAMES = ["paper", "card", "ink", "soft", "line", "accent", "link", "on_link", "tint", "button"]
_ODD = st.one_of(_COLOURS, st.none(), st.integers(), st.text(max_size=20), st.just("url(x)"))


def _worst(own: dict[str, str]) -> float:
    pairs = [(text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card")]
    pairs += [("alarm", "card"), ("on_button", "button"), ("on_link", "link"), ("on_band", "band")]
    colours = {name: colour_of(value) for name, value in own.items()}
    return min(contrast(colours[one], colours[two]) for one, two in pairs)  # type: ignore[arg-type]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_of_packaged_looks_are_as_the_look_says(
    look: str, scheme: str, tmp_path: Any
) -> None:
    values = style_values(look_named(look, folder=tmp_path / "templates"), Brand())

    own = scheme_of(values, scheme)

    assert _worst(own) >= 4.5
    assert {name: own[name] for name in ("paper", "card", "ink", "link")} == {
        name: values[scheme][name] for name in ("paper", "card", "ink", "link")
    }


@given(
    values=st.fixed_dictionaries(
        {scheme: st.dictionaries(st.sampled_from(_NAMES), _ODD) for scheme in ("light", "dark")},
        optional={
            "text_font": st.one_of(st.none(), st.text(), st.just("x}body{display:none")),
            "radius": st.one_of(st.none(), st.floats(allow_nan=False), st.text()),
            "size": st.dictionaries(st.sampled_from(["text", "h1"]), _ODD),
        },
    )
)
def test_whatever_a_look_says_gives_a_sheet_that_can_be_read(values: dict[str, Any]) -> None:
    sheet = write_sheet(values)

    rules = tinycss2.parse_stylesheet(sheet, skip_whitespace=True, skip_comments=True)
    assert [rule for rule in rules if rule.type == "error"] == []
    assert sheet.count("{") == sheet.count("}")
    assert "display:none}" not in sheet.partition("@media print")[0]
    assert "url(" not in sheet
    grounds = [scheme_of(values, scheme) for scheme in ("light", "dark")]
    # Black or white is the best that any ground allows; grounds of one look are alike.
    assert all(_worst(own) >= 4.5 or _are_apart(own) for own in grounds)


def _are_apart(own: dict[str, str]) -> bool:
    """Return whether no text can be read on all grounds: one is light, and another dark."""
    grounds = [colour_of(own[name]) for name in ("paper", "card", "tint")]
    white, black = colour_of("#fff"), colour_of("#000")
    return all(
        min(contrast(one, ground) for ground in grounds) < 4.5  # type: ignore[arg-type]
        for one in (white, black)
    )
