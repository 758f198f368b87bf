"""The plain-text part has a template of its own, which no word of the issue can break."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.model import Variant
from newsletter.render import Letterhead, Look, render_edition
from newsletter.render.looks import LOOKS
from tests.render.newsletters import LETTERHEAD, read_body

_FRONT = "subject: Kutsu\ndate: 2026-12-15"
_BODY = "Avaus [sivulla](https://example.org/a).\n\n" + "".join(
    f"## Osa {n}\n\nSanoja\n\n" for n in range(4)
)
# What signs mean in templates, HTML and terminals.
_SIGNS = st.text(st.sampled_from("ab {}%#<>&'\"\\|-=[]_*"), min_size=1, max_size=80)


def _text(
    root: Path,
    body: str = _BODY,
    *,
    front: str = _FRONT,
    look: str = "default",
    letterhead: Letterhead = LETTERHEAD,
) -> str:
    issue = read_body(root, body, front=front)
    variant = Variant(language="fi", met=frozenset())
    used = Look(folder=root / "templates", name=look)
    return render_edition(issue, variant, letterhead, pictures={}, look=used).text


def _write(root: Path, name: str, text: str) -> None:
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("look", LOOKS)
def test_a_foot_of_ones_own_stands_in_the_text_part_as_it_is_typed(
    tmp_path: Path, look: str
) -> None:
    own = (
        "{% block imprint %}{{ super() }}\n\nSäätiö sr,   Y-tunnus 1 <2> {{ '{{' }}\n{% endblock %}"
    )
    _write(tmp_path, "text.jinja", '{% extends "text.jinja" %}' + own)

    text = _text(tmp_path, look=look)

    assert "toimitus@example.org\n\nSäätiö sr,   Y-tunnus 1 <2> {{\n" in text
    assert text.startswith("Uutiskirje\njoulukuu 2026\n\nKutsu\n=====\n\nAvaus sivulla [1].\n")


def test_long_words_of_a_template_are_wrapped_and_links_numbered(tmp_path: Path) -> None:
    own = (
        "{% block imprint %}{% filter wrapped %}{{ 'sanoja ' * 20 }}{% endfilter %}\n\n"
        '{{ "Some"|linked("https://example.org/b") }}, {{ "a"|linked("https://example.org/a") }}'
        "{% endblock %}"
    )
    _write(tmp_path, "text.jinja", '{% extends "text.jinja" %}' + own)

    text = _text(tmp_path)

    assert max(map(len, text.splitlines())) <= 72
    assert "Some [2], a [1]\n" in text
    assert text.endswith("Linkit:\n[1] https://example.org/a\n[2] https://example.org/b\n")


def test_a_page_of_ones_own_may_have_a_text_part_of_its_own(tmp_path: Path) -> None:
    _write(tmp_path, "invitation.mjml", '{% extends "default.mjml" %}')
    own = '{% extends "text.jinja" %}{% block contents %}{% endblock %}'
    _write(tmp_path, "invitation.text.jinja", own)

    plain, invited = _text(tmp_path), _text(tmp_path, front=f"{_FRONT}\ntemplate: invitation")

    assert "Tässä numerossa:" in plain
    assert "Tässä numerossa:" not in invited
    assert invited.endswith(plain[plain.index("Peruuta tilaus:") :])


def test_html_of_the_issue_becomes_text_wherever_it_is_printed(tmp_path: Path) -> None:
    loop = "{% for heading in contents %}{{ heading }};{{ ('> ' ~ heading)|upper }}{% endfor %}"
    _write(tmp_path, "text.jinja", loop)

    text = _text(tmp_path, "".join(f"## R&D *{n}* <3\n\nx\n\n" for n in range(4)))

    assert "R&D 0 <3;> R&D 1 <3" not in text
    assert text.startswith("R&D 0 <3;> R&D 0 <3R&D 1 <3;")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("\n{{ nonsense }}", "nonsense"),
        ("\n{% for a in [1,2 %}", "unexpected"),
        ("\n{{ rows.__globals__ }}", "may not look at"),
        (
            "\n{% for a in range(99999) %}{{ rows()|wrapped }}{% endfor %}",
            "comes to an end",
        ),
    ],
)
def test_a_fault_in_the_template_names_file_and_line(tmp_path: Path, own: str, said: str) -> None:
    _write(tmp_path, "text.jinja", own)

    with pytest.raises(ConfigError, match=said) as caught:
        _text(tmp_path)

    (finding,) = caught.value.findings
    assert (finding.path, finding.line) == ("templates/text.jinja", 2)


@settings(max_examples=40)
@given(subject=_SIGNS, title=_SIGNS, sender=_SIGNS)
def test_no_word_can_break_the_text_part(root: Path, subject: str, title: str, sender: str) -> None:
    issue = replace(read_body(root, _BODY, front=_FRONT), subject=subject)
    letterhead = replace(LETTERHEAD, title=title, sender=sender)
    variant = Variant(language="fi", met=frozenset())

    edition = render_edition(
        issue, variant, letterhead, pictures={}, look=Look(folder=root / "templates")
    )

    words = edition.text.split()
    for said in (subject, title, sender):
        assert "".join(said.split()) in "".join(words)
    assert edition.text.endswith("Linkit:\n[1] https://example.org/a\n")
