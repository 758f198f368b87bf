"""The style of a page is worked out once: what an own `style.jinja` lacks, its look supplies."""

import re
from pathlib import Path

import pytest

from newsletter.model import Severity
from newsletter.render.looks import files_of
from tests.render.sites import page, refused, rendered, with_template

PACKAGED = files_of("default")["style.jinja"].read_text(encoding="utf-8")


def test_a_short_style_leaves_the_rest_to_the_look_in_silence(tmp_path: Path) -> None:
    text = '\n{% set light = {"link": "#7a0f5c"} %}{% set radius = 11 %}'
    with_template(tmp_path, "style.jinja", text)

    edition = rendered(tmp_path, "::: button https://example.org\nTule\n:::")

    assert "#7a0f5c" in edition.html
    assert "#f3ede3" in edition.html  # the paper of the look
    assert "border-radius:11px" in edition.html
    assert edition.findings == ()


def test_a_value_that_an_older_copy_lacks_is_that_of_the_look_and_told_by_name(
    tmp_path: Path,
) -> None:
    older = re.sub(r'\n *"(?:paper|tint)": "[^"]*",', "", PACKAGED)
    older = re.sub(r"\{%-? set radius = .*?%\}", "", older)
    with_template(tmp_path, "style.jinja", older)

    edition = rendered(tmp_path)

    assert "#f3ede3" in edition.html  # the paper of the look
    [finding] = edition.findings
    assert (finding.id, finding.severity) == ("style-values", Severity.NOTE)
    assert (finding.path, finding.line) == ("templates/style.jinja", _line_of("set dark", older))
    named = finding.message.partition(": ")[2].partition(";")[0].split(", ")
    assert named == ["dark.paper", "dark.tint", "light.paper", "light.tint", "radius"]


def _line_of(words: str, text: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_style_with_every_value_lacks_nothing(tmp_path: Path) -> None:
    with_template(tmp_path, "style.jinja", PACKAGED.replace("#1d5c57", "#7a0f5c"))

    edition = rendered(tmp_path)

    assert "#7a0f5c" in edition.html
    assert edition.findings == ()


def test_a_style_may_look_at_what_the_look_below_it_says(tmp_path: Path) -> None:
    with_template(
        tmp_path, "style.jinja", "{% set light = dict(look.light, ink=look.light.link) %}"
    )

    assert "color:#1d5c57" in rendered(tmp_path).html


USES = {
    "as it stands": "{{ look.light.link }}",
    "imported": '{% import "style.jinja" as look %}{{ look.light.link }}',
    "imported by another name": '{% import "style.jinja" as s %}{{ s.light.link }}',
    "imported in part": '{% from "style.jinja" import light, dark as d %}{{ light.link }}',
    "in a loop": '{% for a in [1] %}{% import "style.jinja" as look %}{{ look.light.link }}'
    "{% endfor %}",
    "in a macro": '{% macro m() %}{% import "style.jinja" as look %}{{ look.light.link }}'
    "{% endmacro %}{{ m() }}",
    "in an included file": '{% include "mine.mjml" %}',
    "in a file of macros": '{% import "mine.mjml" as mine %}{{ mine.colour() }}',
    "in a macro imported by name": '{% from "mine.mjml" import colour %}{{ colour() }}',
}
MINE = '{% import "style.jinja" as look %}{% macro colour() %}{{ look.light.link }}{% endmacro %}'


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_the_one_style_is_known_wherever_a_template_asks(use: str, tmp_path: Path) -> None:
    with_template(tmp_path, "style.jinja", '{% set light = {"accent": "#ff0000"} %}')
    with_template(tmp_path, "mine.mjml", f"{MINE}{{{{ look.light.link }}}}")
    with_template(tmp_path, "default.mjml", page(f"<mj-text><p>[{use}]</p></mj-text>"))

    assert "<p>[#1d5c57]</p>" in rendered(tmp_path).html.replace("\n", "")


def test_a_macro_of_another_file_may_write_any_text(tmp_path: Path) -> None:
    with_template(
        tmp_path, "mine.mjml", "{% macro named() %}{{ title }} & {{ '<co>' }}{% endmacro %}"
    )
    with_template(
        tmp_path,
        "default.mjml",
        page('<mj-text><p>{% import "mine.mjml" as mine %}{{ mine.named() }}</p></mj-text>'),
    )

    assert "Uutiskirje &amp; &lt;co&gt;" in rendered(tmp_path).html


def test_a_value_that_no_style_has_is_named_with_its_line(tmp_path: Path) -> None:
    with_template(tmp_path, "default.mjml", page("\n<mj-text>{{ look.lihgt }}</mj-text>"))

    finding = refused(tmp_path)

    assert (finding.path, finding.line) == ("templates/default.mjml", 6)
    assert finding.message == "style.jinja has no “lihgt”"
    assert finding.hint == "did you mean “light”?"


@pytest.mark.parametrize("text", ["{% set light = 1 %}", "{% set size = [] %}", "{% set light %}"])
def test_a_style_of_another_form_is_an_error_and_no_traceback(text: str, tmp_path: Path) -> None:
    with_template(tmp_path, "style.jinja", text)

    assert refused(tmp_path).id == "template"


@pytest.mark.parametrize(
    "text",
    [
        "{% set light = 1 %}",
        "{% set size = [] %}",
        "{% set dark %}#000000{% endset %}",
        '{% set radius = {"box": 4} %}',
    ],
)
def test_a_table_in_place_of_a_value_and_the_reverse_are_told_where_they_stand(
    text: str, tmp_path: Path
) -> None:
    with_template(tmp_path, "style.jinja", f"\n\n{text}")

    finding = refused(tmp_path)

    assert (finding.path, finding.line) == ("templates/style.jinja", 3)
    assert "is of another kind here than in the look" in finding.message
