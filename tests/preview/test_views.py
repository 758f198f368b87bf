"""A mail's HTML as mail programs show it, and its first words as inboxes do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.preview.views import Scheme, View, as_shown, snippet_of

_MAIL = """<!doctype html><html><head><title>T</title>
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>:root{color-scheme: light dark;}
@media (prefers-color-scheme: dark) { .card { background-color: #000 } }
@media screen and ( prefers-color-scheme:light ) { p { color: red } }</style>
</head><body background="https://example.org/b.png">
<div style="display:none">Preheader&nbsp;here.\u200c\u034f</div>
<p>We say <b>(prefers-color-scheme: dark)</b> &amp; more.</p>
<img src="cid:0123456789abcdef0123" alt="A chart" width="9">
<img src="https://x.example/a.png" alt="">
</body></html>"""


def _shown(*, scheme: Scheme = Scheme.LIGHT, pictures: bool = True, public_url: str = "") -> str:
    view = View(issue="2026-06", reader="", scheme=scheme, pictures=pictures)
    return as_shown(_MAIL, view, public_url=public_url)


def test_dark_answers_the_question_of_a_mail_with_yes() -> None:
    html = _shown(scheme=Scheme.DARK)

    assert "@media (min-width: 0px) { .card" in html
    assert "@media screen and (max-width: 0px) { p" in html
    assert 'name="color-scheme" content="dark"' in html
    assert "color-scheme: dark;" in html


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.INVERTED])
def test_light_and_inverted_answer_with_no(scheme: Scheme) -> None:
    html = _shown(scheme=scheme)

    assert "@media (max-width: 0px) { .card" in html
    assert "@media screen and (min-width: 0px) { p" in html
    assert 'name="supported-color-schemes" content="light"' in html


def test_what_the_author_wrote_about_it_stays() -> None:
    assert "We say <b>(prefers-color-scheme: dark)</b>" in _shown(scheme=Scheme.DARK)


def test_inverting_spares_pictures() -> None:
    assert "img,video,[background]{filter:invert(1) hue-rotate(180deg)}" in _shown(
        scheme=Scheme.INVERTED
    )


def test_embedded_and_hosted_pictures_come_from_the_preview() -> None:
    url = "https://news.example.org"
    hosted = _MAIL.replace("cid:0123456789abcdef0123", f"{url}/pictures/0123456789abcdef0123.png")
    view = View(issue="2026-06", reader="")

    assert 'src="/pictures/0123456789abcdef0123"' in _shown()
    assert 'src="/pictures/0123456789abcdef0123"' in as_shown(hosted, view, public_url=url)


def test_without_pictures_nothing_is_loaded_and_alternatives_stay() -> None:
    html = _shown(pictures=False)

    assert "/pictures/" not in html
    assert "example/a.png" not in html
    assert "background=" not in html
    assert 'alt="A chart"' in html


def test_an_inbox_shows_the_preheader_and_then_the_first_words() -> None:
    assert snippet_of(_MAIL) == "Preheader here. We say (prefers-color-scheme: dark) & more."


@given(st.text(max_size=200))
def test_a_snippet_is_one_line_of_at_most_its_length(text: str) -> None:
    snippet = snippet_of(f"<html><body><p>{text}</p></body></html>", most=50)

    assert len(snippet) <= 50
    assert "\n" not in snippet
