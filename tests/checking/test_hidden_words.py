"""Words of an issue that a template hides from some readers are told, with the template's line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.checking import check_draft
from newsletter.press import read_manuscript, render_manuscript
from newsletter.reviewing import drafts_of
from newsletter.settings import load_settings
from tests.checking.conftest import NOW
from tests.checking.desk import SETTINGS, letter

Find = Callable[[str, str], set[tuple[str, int | None]]]
TEXT = '<mj-text padding="0px {{ inset }}px" css-class="prose">\n%s\n</mj-text>'
WORDS = "{{ block.html }}"


@pytest.fixture
def places(tmp_path: Path) -> Find:
    """Return what lays a template down and returns where words are told to be lost."""

    def found(name: str, text: str) -> set[tuple[str, int | None]]:
        (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
        issue = tmp_path / "issues" / "2026-12.md"
        issue.parent.mkdir()
        issue.write_text(letter("Alku.\n\n## Kohta\n\nLoppu."), encoding="utf-8")
        own = tmp_path / "templates" / name
        own.parent.mkdir(parents=True)
        own.write_text(text, encoding="utf-8")
        settings = load_settings(tmp_path)
        manuscript = read_manuscript(settings, "2026-12")
        editions = render_manuscript(settings, manuscript, manuscript.variants())
        (draft,) = drafts_of(settings, manuscript, editions, audience=None, now=NOW)
        said = [one for one in check_draft(draft).findings if one.id == "words-lost"]
        return {(one.path, one.line) for one in said}

    return found


@pytest.mark.parametrize(
    "style",
    [
        *("display: none", "font-size: 0", "opacity: 0", "visibility: hidden"),
        *("max-height: 0; overflow: hidden", "height: 0; overflow: hidden"),
        *("text-indent: -9999px", "margin-left: -900px", "margin: 0 0 0 -900px"),
    ],
)
def test_a_style_that_hides_words_is_told_with_its_line(style: str, places: Find) -> None:
    assert places("extra.css", f"\n.prose p {{ {style} }}\n") == {("templates/extra.css", 2)}


@pytest.mark.parametrize(
    "rule",
    [
        "@media (prefers-color-scheme: dark) { .prose p { display: none !important } }",
        "@media (max-width: 600px) { .prose p { font-size: 0 !important } }",
        '@media screen { [class="prose"] p { opacity: 0 !important } }',
        "@supports (display: grid) { .prose p { visibility: hidden !important } }",
    ],
)
def test_a_rule_that_hides_words_from_some_is_told_with_its_line(rule: str, places: Find) -> None:
    assert places("extra_screen.css", f"\n{rule}\n") == {("templates/extra_screen.css", 2)}


@pytest.mark.parametrize(
    "around",
    [
        *("<template>{}</template>", "<noscript>{}</noscript>", "<div hidden>{}</div>"),
        *('<div style="display:none">{}</div>', '<div style="font-size:0">{}</div>'),
        *('<div style="opacity:0">{}</div>', '<div style="mso-hide:all">{}</div>'),
    ],
)
def test_an_element_that_hides_words_is_told_with_its_line(around: str, places: Find) -> None:
    text = TEXT % around.format(WORDS)

    assert places("blocks/prose.mjml", text) == {("templates/blocks/prose.mjml", 2)}


def test_words_that_outlook_does_not_see_are_told(places: Find) -> None:
    text = TEXT % f"<!--[if !mso]><!-->{WORDS}<!--<![endif]-->"

    assert places("blocks/prose.mjml", text) != set()


def test_words_are_not_lost_that_outlook_is_shown_in_another_way(places: Find) -> None:
    text = TEXT % f"<!--[if !mso]><!-->{WORDS}<!--<![endif]--><!--[if mso]>{WORDS}<![endif]-->"

    assert places("blocks/prose.mjml", text) == set()


@pytest.mark.parametrize(
    "rule",
    [
        "@media print { .prose p { display: none } }",
        "@media (max-width: 600px) { .prose p { margin-left: -8px !important } }",
        "@media (max-width: 600px) { .prose img { display: none !important } }",
    ],
)
def test_what_hides_no_words_on_a_screen_is_not_told(rule: str, places: Find) -> None:
    assert places("extra_screen.css", rule) == set()
