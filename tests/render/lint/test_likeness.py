"""A stranger's template is looked at in good time, however it is made."""

import time
from pathlib import Path

import pytest

from newsletter.render import lint_templates, look_named
from newsletter.render.looks import likeness, nearest_look

LARGEST = 190_000  # characters; larger files are not linted
SECONDS = 20  # of the processor, on a slow machine; each once took minutes, or ended in a traceback
ENDLESS = {
    "declarations that do not end": ("<!", ""),
    "instructions that do not end": ("<?", ""),
}


@pytest.mark.parametrize(("before", "after"), ENDLESS.values(), ids=ENDLESS)
def test_a_template_that_goes_on_and_on_is_linted_in_good_time(
    before: str, after: str, tmp_path: Path
) -> None:
    times = LARGEST // len(before + after)

    assert seconds_for(f"<mjml>{before * times}{after * times}", tmp_path) < SECONDS


def test_long_names_of_tags_are_linted_in_good_time(tmp_path: Path) -> None:
    name = "a" * (LARGEST // 2 - 100)

    assert seconds_for(f"<mjml><{name}></{name}b></mjml>", tmp_path) < SECONDS


def test_a_file_of_one_word_is_no_copy_of_a_look_and_that_is_known_in_good_time() -> None:
    before = time.process_time()

    assert nearest_look("default.mjml", b"%} q " * 200_000) is None
    assert time.process_time() - before < SECONDS


@pytest.mark.parametrize(("least", "expected"), [(0.5, 0.8), (0.8, 0.8), (0.9, 0.0)])
def test_likeness_is_told_where_it_is_enough(least: float, expected: float) -> None:
    assert likeness("abcde", "abcdf", least=least) == expected


def seconds_for(template: str, folder: Path) -> float:
    """Return how long the processor works to lint a template."""
    (folder / "templates").mkdir()
    (folder / "templates/page.mjml").write_text(template, encoding="utf-8")
    look = look_named("default", folder=folder / "templates")
    before = time.process_time()
    lint_templates(look)
    return time.process_time() - before
