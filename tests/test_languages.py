"""A language is understood however people and programs write it."""

import pytest

from newsletter.language import language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""),  # not known
        ("fi", "fi"),  # the code
        (" FI ", "fi"),  # in capitals
        ("fin", "fi"),  # three letters
        ("swe", "sv"),  # ... of Swedish
        ("eng", "en"),  # ... of English
        ("se", "sv"),  # Sweden's country code
        ("sme", "sme"),  # Northern Sami has no other
        ("sv-FI", "sv"),  # with a country
        ("sv_FI", "sv"),  # as programs write it
        ("fi_FI.UTF-8", "fi"),  # as systems write it
        ("swe-FI", "sv"),  # both
        ("suomi", "fi"),  # in Finnish
        ("Svenska", "sv"),  # in Swedish
        ("English", "en"),  # in English
        ("Finnish (Finland)", "fi"),  # as a menu shows it
        ("uk", "uk"),  # Ukrainian, not the United Kingdom
        ("fi/sv", None),  # two
        ("Klingon", None),
        ("f", None),
        ("12", None),
    ],
)
def test_a_language_has_one_code(text: str, code: str | None) -> None:
    assert language_of(text) == code
