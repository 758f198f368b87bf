"""Hosts of links are written in ASCII, and not another character of a link is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.net import ascii_link, ascii_links


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://työ.fi/ä?u=https://ö.fi", "https://xn--ty-gka.fi/ä?u=https://ö.fi"),
        ("https://TYÖ.Example.org:8080/", "https://xn--ty-gka.Example.org:8080/"),
        ("//ö.fi/a", "//xn--nda.fi/a"),
        (" https://ö.fi", " https://xn--nda.fi"),
        ("https://ty%C3%B6.fi/%C3%B6", "https://xn--ty-gka.fi/%C3%B6"),
        ("https://straße.de", "https://xn--strae-oqa.de"),  # strasse.de is somebody else's
        ("https://ö。fi/", "https://xn--nda.fi/"),
        ("https://a:b@ö.fi/", "https://a:b@xn--nda.fi/"),
        ("https://☃.net/", "https://xn--n3h.net/"),
        ("mailto:a@työ.fi,b@ö.fi?cc=ä@ö", "mailto:a@xn--ty-gka.fi,b@xn--nda.fi?cc=ä@ö"),
        # what has no such host stays as it is
        ("https://www.example.org/ä%20b?c=ö#d", "https://www.example.org/ä%20b?c=ö#d"),
        ("#ö", "#ö"),
        ("ö.png", "ö.png"),
        ("cid:abc", "cid:abc"),
        ("https://[::1]/ö", "https://[::1]/ö"),
        (f"https://{'ö' * 80}.fi/", f"https://{'ö' * 80}.fi/"),
        ("https://k1aszAbC9z.ö.fi/", "https://k1aszAbC9z.xn--nda.fi/"),  # a mark of a slot
    ],
)
def test_a_host_of_other_letters_is_written_in_ascii(url: str, written: str) -> None:
    assert ascii_link(url) == written
    assert ascii_link(written) == written


def test_each_of_several_addresses_is_written_so() -> None:
    assert ascii_links("https://ö.fi/a 1x, https://ä.fi/b 2x") == (
        "https://xn--nda.fi/a 1x, https://xn--4ca.fi/b 2x"
    )


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    ascii_links(text)
    ascii_link(text)
    assert ascii_link(f"https://{text}").startswith("https://")


@given(st.text(st.characters(max_codepoint=127)))
def test_what_is_ascii_stays(text: str) -> None:
    assert ascii_link(text.replace("%", "")) == text.replace("%", "")
