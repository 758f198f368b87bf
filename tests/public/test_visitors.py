"""A visitor reads in the language they chose, and every page leads to itself in the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from newsletter.face import LANGUAGES
from newsletter.public.visitors import language_for, switches_of


def _asked(query: str = "", header: str = "") -> Request:
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/u/x",
            "query_string": query.encode("utf-8", "surrogateescape"),
            "headers": [(b"accept-language", header.encode("latin-1", "replace"))],
        }
    )


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("lang=sv", "en", "sv"),  # chosen
        ("lang=sv-FI", "", "sv"),
        ("lang=tlh", "sv-FI, en;q=0.5", "sv"),  # chose none there is
        ("", "de, en;q=0.3, sv;q=0.7", "sv"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "sv;q=0, en;q=0.1", "en"),
        ("", "de", "fi"),
        ("", "", "fi"),
        ("", ";;;,q=1,*", "fi"),
    ],
)
def test_the_language_is_the_visitors_choice(query: str, header: str, language: str) -> None:
    assert language_for(_asked(query, header), otherwise="fi") == language


@given(query=st.text(max_size=80), header=st.text(max_size=700))
def test_nothing_that_is_asked_with_is_refused(query: str, header: str) -> None:
    request = _asked(query.encode("utf-8", "replace").decode(), header)

    assert language_for(request, otherwise="fi") in LANGUAGES
    assert set(switches_of(request)) == set(LANGUAGES)


def test_other_languages_of_a_page_show_the_same() -> None:
    request = _asked("q=ty%C3%B6+%22x%22&lang=fi")

    assert switches_of(request)["sv"] == "?q=ty%C3%B6+%22x%22&lang=sv"
