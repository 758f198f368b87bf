"""The page and the text part show what the front matter says of the headline."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.checking.instruments import words_of
from newsletter.model import SHOWN_TEXTS, Edition, Variant
from newsletter.render import Look, render_edition
from newsletter.render.looks import LOOKS
from tests.render.newsletters import LETTERHEAD, fill, read_body

every_look = pytest.mark.parametrize("look", LOOKS)
_FRONT = "subject: Kysely 2026\ndate: 2026-12-15"
_ALL = """
kicker: 'R&D'
headline: Toimija <on> tarpeen
lead: 'Hei {{ name|"lukija" }}, me kysyimme.'
byline: Aino & Eino"""


def _edition(root: Path, look: str, front: str, body: str = "Leipää\n") -> Edition:
    issue = read_body(root, body, front=front)
    used = Look(folder=root / "templates", name=look)
    variant = Variant(language="fi", met=frozenset())
    return render_edition(issue, variant, LETTERHEAD, pictures={}, look=used)


@every_look
def test_every_look_shows_them_around_the_headline_in_both_parts(root: Path, look: str) -> None:
    edition = _edition(root, look, _FRONT + _ALL)

    subject, html, text = fill(edition, {"name": "Liisa", "email": "l@example.org"})

    assert subject == "Kysely 2026"
    assert "<title>Kysely 2026</title>" in html
    page = html.partition("</title>")[2]
    marks = ["R&amp;D", "Toimija &lt;on&gt; tarpeen</h1>", "Liisa, me", "Aino &amp; Eino", "Leipää"]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "Kysely 2026" not in page
    assert "R&D\n\nToimija <on> tarpeen\n====================\n\nHei Liisa, me kysyimme.\n" in text
    assert "\n\nAino & Eino\n\nLeipää\n" in text


@every_look
def test_without_them_the_subject_is_the_headline_and_nothing_is_added(
    root: Path, look: str
) -> None:
    edition = _edition(root, look, _FRONT)

    assert ">Kysely 2026</h1>" in edition.html
    assert not any(f'class="{name}"' in edition.html for name in ("kicker", "lead", "byline"))
    assert "Kysely 2026\n===========\n\nLeipää" in edition.text


@pytest.mark.parametrize("look", ["default", "letter"])
def test_any_look_shows_the_first_picture_from_edge_to_edge_if_its_style_says_so(
    tmp_path: Path, look: str
) -> None:
    (tmp_path / "templates").mkdir()
    style = tmp_path / "templates" / "style.jinja"
    body = "![Järvi](https://example.org/jarvi.jpg)\n\nLeipää\n"
    pages = []
    for value in ("false", "true"):
        style.write_text(f"{{% set wide_hero = {value} %}}", encoding="utf-8")
        pages.append(_edition(tmp_path, look, _FRONT, body).html)

    narrow, wide = pages
    assert narrow.index("</h1>") < narrow.index("jarvi.jpg")
    assert wide.index("jarvi.jpg") < wide.index("</h1>")
    assert wide.count("jarvi.jpg") == 1


@settings(max_examples=40)
@given(
    texts=st.lists(
        st.text(st.sampled_from("ab {}%#<>&'|-=[]_*"), min_size=1, max_size=60), min_size=4
    )
)
def test_no_word_of_them_is_lost_or_taken_for_markup(root: Path, texts: list[str]) -> None:
    words = dict(zip(SHOWN_TEXTS, ("a" + text for text in texts), strict=False))
    quoted = {key: text.replace("'", "''") for key, text in words.items()}
    front = "".join(f"\n{key}: '{text}'" for key, text in quoted.items())
    try:
        edition = _edition(root, "magazine", f"{_FRONT}\nliteral: true{front}")
    except Exception as err:
        assert "{{" in str(texts) or "}}" in str(texts), err  # noqa: PT017
        return

    for text in words.values():
        said = [w for w in words_of(text.replace("&", "&amp;").replace("<", "&lt;")) if w]
        assert set(said) <= set(words_of(edition.html))
        assert "".join(text.split()) in "".join(edition.text.split())


@every_look
def test_a_wide_picture_reaches_the_edges_where_it_has_the_page_to_itself(
    root: Path, look: str
) -> None:
    wide = "::: image wide https://example.org/jarvi.jpg\nJärvi\n:::"
    aside = f"::: columns\n{wide}\n\n---\n\nSanoja\n:::"

    pages = [_edition(root, look, _FRONT, f"Avaus\n\n{body}\n").html for body in (wide, aside)]

    assert 'class="picture hero"' in pages[0]
    assert "hero" not in pages[1].partition("<body")[2]
