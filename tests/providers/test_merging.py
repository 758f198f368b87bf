"""An edition in a provider's template language: slots become placeholders, all else is text."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composing.letters import write_letter
from newsletter.composing.slots import Gap
from newsletter.model import Edition, Letter, Slot, Stationery
from newsletter.providers import PROVIDERS
from newsletter.providers.brevo import Brevo

_SYNTAX = Brevo.capabilities.merge
_MERGING = [name for name, provider in PROVIDERS.items() if provider.capabilities.merge]
_STATIONERY = Stationery(
    key="0" * 32,
    folder="2026-12",
    sender=("N", "n@example.org"),
    reply_to="r@example.org",
    tag="2026-12",
    list_id="n.example.org",
)


def _edition(text: str, *slots: Slot) -> Edition:
    return Edition(
        issue_id="x", variant="fi", language="fi", subject=text, html=text, text=text, slots=slots
    )


def _params(letter: Letter, gaps: Mapping[str, Gap], name: str) -> dict[str, str]:
    """Return the values a reader of this name has for the placeholders of a letter."""
    return {
        key: gaps[value].escape(name) if value in gaps else value
        for key, value in letter.params.items()
    }


def _render(template: str, params: Mapping[str, str]) -> str:
    """Render as Brevo does: placeholders once, comments gone; anything else would be an error."""
    left = re.sub(r"\{\{ params\.\w+ \}\}", "", template)
    assert not re.search(r"\{[{%#]", left)
    return re.sub(r"\{\{ params\.(\w+) \}\}", lambda m: params[m[1]], template)


@given(st.text(alphabet="{}%# a", max_size=20), st.text(alphabet="{}%# a", max_size=8))
def test_braces_of_any_kind_arrive_as_they_are(text: str, name: str) -> None:
    slot = Slot(marker="zq0z", name="name")

    letter, gaps = write_letter(_edition(f"{text}zq0z{text}", slot), _STATIONERY, _SYNTAX)

    assert _render(letter.text, _params(letter, gaps, name)) == f"{text}{name}{text}"


def test_one_slot_with_two_fallbacks_has_two_placeholders() -> None:
    slots = (
        Slot(marker="zq0z", name="name", fallback="you"),
        Slot(marker="zq1z", name="name", fallback="friend"),
        Slot(marker="zq2z", name="name", fallback="you"),
    )

    letter, gaps = write_letter(_edition("zq0z zq1z zq2z", *slots), _STATIONERY, _SYNTAX)

    first, second, third = re.findall(r"params\.(\w+)", letter.text)
    assert first == third != second
    assert gaps[letter.params[first]].slot.fallback == "you"
    assert gaps[letter.params[second]].slot.fallback == "friend"


def test_without_a_template_language_marks_stand_where_readers_differ() -> None:
    slot = Slot(marker="zq0z", name="name")

    letter, gaps = write_letter(_edition("{{x}} zq0z %", slot), _STATIONERY, None)

    before, mark, after = letter.text.split(" ")
    assert (before, after) == ("{{x}}", "%")
    assert gaps[mark].slot == slot
    assert letter.params == {}


@pytest.mark.parametrize("name", _MERGING)
def test_names_of_placeholders_are_ours_whatever_the_columns_are_called(name: str) -> None:
    syntax = PROVIDERS[name].capabilities.merge
    slots = (Slot(marker="zq0z", name="työ_paikka"), Slot(marker="zq1z", name="brace"))

    letter, _ = write_letter(_edition("zq0z zq1z", *slots), _STATIONERY, syntax)

    assert [key for key in letter.params if not re.fullmatch(r"[a-z]+_?[a-z0-9]*", key, re.I)] == []
    assert "työ_paikka" not in letter.text


@given(st.text(alphabet="zw0123456789abcdef", max_size=40))
def test_a_mark_occurs_nowhere_in_the_texts(text: str) -> None:
    slot = Slot(marker="zq0z", name="name")

    letter, gaps = write_letter(_edition(f"{text}zq0z", slot), _STATIONERY, None)

    mark = letter.text.removeprefix(text)
    assert gaps[mark].slot.name == "name"
    assert [mark for mark in gaps if mark in text] == []
