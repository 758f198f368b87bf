"""Whatever a stranger's template repeats thousands of times, it is judged soon and told by line."""

import time
from pathlib import Path

import pytest

from newsletter.model import Finding
from newsletter.render import Look
from newsletter.render.lint import lint_templates
from newsletter.render.looks import files_of

SOON = 6.0  # seconds of the processor; each of these took a minute or ended in a traceback
PAGE = files_of("default")["blocks/prose.mjml"].read_text(encoding="utf-8")
ENDLESS = {
    "values": ("blocks/prose.mjml", "{{" * 40_000),
    "values in quotes": ("blocks/prose.mjml", "{{ 'a" * 20_000),
    "remarks": ("blocks/prose.mjml", PAGE + "{#" * 40_000),
    "statements": ("blocks/prose.mjml", PAGE + "{% " * 40_000),
    "branches": ("blocks/prose.mjml", "{%if 1%}" * 3_000 + PAGE + "{%endif%}" * 3_000),
    "branches without an end": ("blocks/prose.mjml", "{%if 1%}" * 3_000 + PAGE),
    "loops": ("row.mjml", "{%for a in b%}" * 2_000 + "{%endfor%}" * 2_000),
    "elements": ("blocks/prose.mjml", PAGE + "<div>" * 3_000),
    "ends": ("blocks/prose.mjml", PAGE + "<div></a>" * 2_000),
}


@pytest.mark.parametrize(("name", "text"), ENDLESS.values(), ids=ENDLESS)
def test_what_is_repeated_endlessly_is_judged_soon(name: str, text: str, tmp_path: Path) -> None:
    lint_soon(tmp_path, name, text)


def test_brackets_without_an_end_in_styles_are_judged_soon(tmp_path: Path) -> None:
    lint_soon(tmp_path, "extra.css", "(" * 40_000)


def test_a_mark_of_notepad_in_front_of_a_template_is_no_word_of_it(tmp_path: Path) -> None:
    assert lint_soon(tmp_path, "blocks/prose.mjml", "\ufeff" + PAGE + "{# own #}\n") == []


def lint_soon(root: Path, name: str, text: str) -> list[Finding]:
    """Return what is wrong with the templates of a newsletter that has one of its own."""
    path = root / "templates" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    began = time.process_time()

    findings = lint_templates(Look(folder=root / "templates"))

    assert time.process_time() - began < SOON
    return list(findings)
