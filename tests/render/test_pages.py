"""A page of one's own replaces parts of the look's page, and takes over all the rest."""

import re
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.model import Edition, Variant
from newsletter.render import Look, render_edition
from newsletter.render.looks import LOOKS
from tests.render.newsletters import LETTERHEAD, read_body

every_look = pytest.mark.parametrize("look", LOOKS)
_FRONT = "subject: Kutsu\ndate: 2026-12-15"
_BODY = "Avaus\n\n" + "".join(f"## Osa {n}\n\nSanoja\n\n" for n in range(4))
_SHOWN = {  # words of the page -> the part that shows them
    "Uutiskirje</p>": "nameplate",
    'role="banner"': "masthead",
    "Kutsu</h1>": "headline",
    "Avaus": "opening",
    "Sanoja": "rows",
    "Peruuta tilaus": "foot",
}

INVITATION = """\
{%- extends "default.mjml" -%}
{% block contents %}{% endblock %}
{% block h1 %}<h1>Kutsu: {{ headline }}</h1>{% endblock %}
"""


def _page(root: Path, look: str, *, template: str = "invitation", body: str = _BODY) -> Edition:
    issue = read_body(root, body, front=f"{_FRONT}\ntemplate: {template}")
    variant = Variant(language="fi", met=frozenset())
    return render_edition(
        issue, variant, LETTERHEAD, pictures={}, look=Look(folder=root / "templates", name=look)
    )


def _emptied(name: str) -> str:
    return f"{{% block {name} %}}{{% endblock %}}"


def _write(root: Path, name: str, text: str) -> None:
    path = root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@every_look
def test_a_page_of_ones_own_says_only_what_is_otherwise(tmp_path: Path, look: str) -> None:
    _write(tmp_path, "invitation.mjml", INVITATION)

    page, whole = _page(tmp_path, look).html, _page(tmp_path, look, template="default").html

    assert ">Kutsu: Kutsu</h1>" in page
    assert 'class="contents"' in whole
    assert 'class="contents"' not in page
    assert page[page.index("Peruuta") :] == whole[whole.index("Peruuta") :]


@every_look
@pytest.mark.parametrize("name", ["nameplate", "masthead", "headline", "opening", "rows", "foot"])
def test_every_look_has_the_same_parts_to_replace(tmp_path: Path, look: str, name: str) -> None:
    """A page made for one look fits all others."""
    _write(tmp_path, "invitation.mjml", f'{{% extends "default.mjml" %}}{_emptied(name)}')

    page, whole = _page(tmp_path, look).html, _page(tmp_path, look, template="default").html

    lost = {w for w, part in _SHOWN.items() if w in whole and w not in page and part == name}
    assert lost == {w for w, part in _SHOWN.items() if part == name}


@every_look
def test_a_page_may_be_built_on_the_one_of_the_same_name(tmp_path: Path, look: str) -> None:
    own = '{% extends "default.mjml" %}{% block imprint %}{{ super() }}<p>Lisää</p>{% endblock %}'
    _write(tmp_path, "default.mjml", own)

    page = _page(tmp_path, look, template="default").html

    assert page.count("Lisää") == 1
    assert "Peruuta tilaus" in page


def test_a_style_sheet_may_be_added_to_the_one_it_stands_in_for(tmp_path: Path) -> None:
    plain = _page(tmp_path, "magazine", template="default").html
    _write(tmp_path, "extra.css", '{% include "next:extra.css" %}\n.prose p { color: #123456 }\n')

    page = _page(tmp_path, "magazine", template="default").html

    assert "#123456" in page
    assert plain.count("letter-spacing") == page.count("letter-spacing") > 0


def test_a_page_that_is_built_on_nothing_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "invitation.mjml", '{% extends "invitation.mjml" %}')

    with pytest.raises(ConfigError, match="no folder behind this one has a template “invitation"):
        _page(tmp_path, "default")


@pytest.mark.parametrize("sign", ["{% extends", "{%- extends", "{%+ extends", "{%extends"])
def test_a_page_is_known_however_it_begins(tmp_path: Path, sign: str) -> None:
    _write(tmp_path, "invitation.mjml", f'{sign} "default.mjml" %}}')

    assert Look(folder=tmp_path / "templates").pages() == ["default", "invitation"]


def test_a_template_that_asks_for_the_next_of_the_next_without_end_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "invitation.mjml", f'{{% include "{"next:" * 150_000}row.mjml" %}}')

    with pytest.raises(ConfigError, match="no folder behind this one"):
        _page(tmp_path, "default")


@every_look
def test_a_page_moves_all_of_its_texts_with_one_number(tmp_path: Path, look: str) -> None:
    page = tmp_path / "templates" / "invitation.mjml"
    page.parent.mkdir()
    page.write_text('{% extends "default.mjml" %}\n{% set inset = 44 %}\n', encoding="utf-8")
    body = f"{_BODY}::: box\nLaatikko\n:::\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

    html = _page(tmp_path, look, body=body).html

    sides = set(re.findall(r"padding:\d+(?:px)? (\d+)px", html))
    assert "44" in sides
    assert ("24" if look == "letter" else "32") not in sides
