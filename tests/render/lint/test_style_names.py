"""A name in style.jinja that nothing reads is told, with the one that is meant."""

from pathlib import Path

import pytest

from newsletter.render import Look
from newsletter.render.lint import lint_templates

PAGE = '{% extends "next:default.mjml" %}{% block end %}{{ look.house }}{% endblock %}'


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ('\n{% set drak = {"ink": "#ffffff"} %}', [(2, "drak", "did you mean “dark”?")]),
        ('{% set drak = dict(look.dark, ink="#ffffff") %}', [(1, "drak", "did you mean “dark”?")]),
        ("{% set zzzzz = {} %}", [(1, "zzzzz", "take it out")]),
        ("{% set radious = 8 %}", [(1, "radious", "did you mean “radius”?")]),
        ('{% set dark = {"inkk": "#ffffff"} %}', [(1, "dark.inkk", "did you mean “dark.ink”?")]),
        ('{% set dark = {"ink": "#ffffff"} %}', []),
        ('{% set house = {"ink": "#7a0f5c"} %}', []),  # which a template reads
        ('{% set wine = "#7a0f5c" %}{% set dark = {"ink": wine} %}', []),  # which the file reads
    ],
)
def test_a_name_that_nothing_reads_is_told_once(
    style: str, told: list[tuple[int, str, str]], tmp_path: Path
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "style.jinja").write_text(style, encoding="utf-8")
    (folder / "default.mjml").write_text(PAGE, encoding="utf-8")

    found = lint_templates(Look(folder=folder))

    assert [(f.line, f.message, f.hint) for f in found if f.path.endswith("style.jinja")] == [
        (line, f"no template uses “{name}”", hint) for line, name, hint in told
    ]
