"""An address that leads nowhere is answered with the one that was meant."""

import pytest

from newsletter.checking.instruments import suggest_link


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("htp://www.example.org/a", "https://www.example.org/a"),
        ("http//example.org", "https://example.org"),
        ("https:/example.org", "https://example.org"),
        ("hhtps;//example.org", "https://example.org"),
        ("www.example.org", "https://www.example.org"),
        ("example.org/a?b=c", "https://example.org/a?b=c"),
        ("toimitus@example.org", "mailto:toimitus@example.org"),
    ],
)
def test_the_address_that_was_meant_is_suggested(slip: str, meant: str) -> None:
    assert suggest_link(slip) == f"did you mean {meant}?"


@pytest.mark.parametrize("path", ["ohje.pdf", "file:///c:/ohje.txt", r"C:\ohje.txt", r"\\k\ohje"])
def test_a_file_is_told_to_lie_on_a_web_page(path: str) -> None:
    assert "web page" in suggest_link(path)


def test_of_others_the_form_is_told() -> None:
    assert suggest_link("tänne") == (
        "write it as https://www.example.org/..., or begin with mailto: or tel:"
    )
