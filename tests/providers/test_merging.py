"""An edition in a provider's template language: slots become placeholders, all else is text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.compose import merge_edition
from newsletter.model import Edition, Slot
from newsletter.providers.brevo import Brevo

_SYNTAX = Brevo.capabilities.merge


def _edition(text: str, *slots: Slot) -> Edition:
    return Edition(
        issue_id="x", variant="fi", language="fi", subject=text, html=text, text=text, slots=slots
    )


def _render(template: str, params: dict[str, str]) -> str:
    """Render as Brevo does: placeholders once, comments gone; anything else would be an error."""
    left = re.sub(r"\{\{ params\.\w+ \}\}", "", template)
    assert not re.search(r"\{[{%#]", left)
    return re.sub(r"\{\{ params\.(\w+) \}\}", lambda m: params[m[1]], template)


@given(st.text(alphabet="{}%# a", max_size=20), st.text(alphabet="{}%# a", max_size=8))
def test_braces_of_any_kind_arrive_as_they_are(text: str, name: str) -> None:
    assert _SYNTAX
    slot = Slot(marker="zq0z", name="name")
    edition = _edition(f"{text}zq0z{text}", slot)

    merged = merge_edition(edition, _SYNTAX)

    params = {key: gap.escape(name) for key, gap in merged.gaps.items()}
    params |= merged.constants
    assert _render(merged.text, params) == f"{text}{name}{text}"


def test_one_slot_with_two_fallbacks_has_two_placeholders() -> None:
    assert _SYNTAX
    slots = (
        Slot(marker="zq0z", name="name", fallback="you"),
        Slot(marker="zq1z", name="name", fallback="friend"),
        Slot(marker="zq2z", name="name", fallback="you"),
    )

    merged = merge_edition(_edition("zq0z zq1z zq2z", *slots), _SYNTAX)

    first, second, third = re.findall(r"params\.(\w+)", merged.text)
    assert first == third != second
    assert merged.gaps[first].slot.fallback == "you"
    assert merged.gaps[second].slot.fallback == "friend"
