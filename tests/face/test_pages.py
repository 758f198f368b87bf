"""Pages say their words in the reader's language, and nothing handed in is taken for markup."""

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, UndefinedError, nodes

from newsletter.face import LANGUAGES, Face, face_of, fill_page
from newsletter.language import say
from newsletter.settings import load_settings
from tests.conftest import Site
from tests.language.catalogs import pages

_HOSTILE = "\"><script>alert(1)</script>'{{ 7*7 }}"
_PARTS = """{% extends "layout.html" %}{% import "parts.html" as parts %}
{% block heading %}{{ words }}{% endblock %}
{% block main %}
{{ parts.notice(words, kind="problem") }}
{% call parts.form(words, label=words) %}
{{ parts.field(words, words, value=words, hint=words, error=words) }}
{{ parts.choices("n", words, [(words, words)], chosen=[words]) }}
{{ parts.button(words, name=words, value=words) }}{{ parts.hidden("h", words) }}
{% endcall %}
{{ parts.summary([(words, words)]) }}{{ parts.way(words, words) }}
{% endblock %}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pages."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/parts-of-all-kinds.html").write_text(_PARTS, encoding="utf-8")
    return tmp_path / "pages"


def _filled(face: Face, folder: Path, language: str, **values: Any) -> str:
    frame: dict[str, Any] = {"to": "/{}".format, "home": "/", "ways": (), "switches": {}}
    return fill_page(
        face, "parts-of-all-kinds.html", language, folder=folder, **{**frame, **values}
    )


def test_words_are_said_in_the_language_of_the_page(site: Site, folder: Path) -> None:
    face = face_of(load_settings(site.root))
    words = say("There is nothing here")

    said = {code: _filled(face, folder, code, words=words) for code in LANGUAGES}

    for code, heading in {
        "fi": "Täällä ei ole mitään",
        "sv": "Här finns ingenting",
        "en": "There is nothing here",
    }.items():
        assert f"<h1>{heading}</h1>" in said[code]
        assert f'<html lang="{code}">' in said[code]
        assert said[code].count("<h1>") == 1
        assert f"<title>{heading} · " in said[code]


def test_nothing_that_is_handed_in_becomes_markup(site: Site, folder: Path) -> None:
    site.settings(title=f"title = '''{_HOSTILE.replace(chr(39), '')}'''")
    face = face_of(load_settings(site.root))

    page = _filled(face, folder, "fi", words=_HOSTILE, ways=[(_HOSTILE, _HOSTILE)])

    assert "<script" not in page
    assert "49" not in re.sub(r"[-\w]+\.(css|svg)", "", page)
    assert page.count("<form") == page.count("</form>") == 1


def test_a_page_that_lacks_a_value_is_no_page(site: Site, folder: Path) -> None:
    face = face_of(load_settings(site.root))

    with pytest.raises(UndefinedError):
        _filled(face, folder, "fi")


def test_a_look_that_cannot_be_used_gives_way_and_is_told(site: Site, folder: Path) -> None:
    site.write("templates/style.jinja", "{% set light = { %}")

    face = face_of(load_settings(site.root))

    assert face.fault is not None
    assert "style.jinja" in str(face.fault)
    assert "--paper:#f3ede3" in face.assets[face.sheet].data.decode()


def test_no_page_joins_words_before_they_are_said() -> None:
    """What is joined is English in every language."""
    joined = [
        (path.name, node.lineno)
        for path in pages()
        for node in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Concat)  # noqa: S701 - only read
        for call in node.find_all(nodes.Call)
        if getattr(call.node, "name", "") in ("say", "say_many")
    ]

    assert joined == []


def test_a_long_word_of_a_heading_ends_a_line_at_its_seam(site: Site, folder: Path) -> None:
    face = face_of(load_settings(site.root))

    page = _filled(face, folder, "fi", words="Työhönvalmennusuutiskirje")

    assert "<h1>Työhön\u00advalmennus\u00aduutiskirje</h1>" in page
    assert "<title>Työhönvalmennusuutiskirje · " in page
