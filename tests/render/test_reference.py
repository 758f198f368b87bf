"""The reference of templates is what the program does, and every name in it has words."""

from dataclasses import dataclass

import pytest

from tests.render.write_reference import (
    OWN_FILTERS,
    PAGE,
    UndocumentedError,
    documented_fields,
    reference,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A class of which a field has no words."""

    told: str  # its words
    silent: str


def test_the_page_is_as_the_program_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run: python -m tests.render.write_reference"
    )


def test_a_name_without_words_is_an_error() -> None:
    with pytest.raises(UndocumentedError, match="Silent: silent"):
        documented_fields(Silent)


@pytest.mark.parametrize("name", OWN_FILTERS)
def test_each_filter_of_our_own_is_told(name: str) -> None:
    assert f"\n| `{name}` | " in PAGE.read_text(encoding="utf-8")
