"""Words of the issue that a style hides are an error, with the line of the template."""

from pathlib import Path

import pytest

from newsletter.render.looks import LOOKS
from tests.browser.every_block import make_site
from tests.checking.test_dark_contrast import found

RULE = "words-lost"
STYLES = {
    "not displayed": ("extra.css", ".prose p { display: none }"),
    "of no size": ("extra.css", ".prose p { font-size: 0 }"),
    "clear": ("extra.css", ".prose p { opacity: 0 }"),
    "cut to nothing": ("extra.css", ".prose p { max-height: 0; overflow: hidden }"),
    "in the dark": (
        "extra_screen.css",
        "@media (prefers-color-scheme: dark) { .prose p { display: none !important } }",
    ),
    "on phones": (
        "extra_screen.css",
        "@media (max-width: 600px) { .prose p { display: none !important } }",
    ),
    "on any screen": ("extra_screen.css", "@media screen { p { opacity: 0 !important } }"),
    "where grids are known": (
        "extra_screen.css",
        "@supports (display: grid) { .prose p { visibility: hidden !important } }",
    ),
}


@pytest.mark.parametrize(("name", "css"), STYLES.values(), ids=STYLES)
def test_words_that_a_style_hides_are_told_with_its_line(
    name: str, css: str, tmp_path: Path
) -> None:
    root = make_site(tmp_path, "default").root
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / name).write_text(f"/* own */\n{css}\n", encoding="utf-8")

    findings = found(root, RULE)

    assert (f"templates/{name}", 2) in {(finding.path, finding.line) for finding in findings}


def test_words_that_are_pushed_out_of_sight_are_told(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / "extra.css").write_text(".prose p { text-indent: -9999px }\n", "utf-8")

    assert found(root, RULE) != []


@pytest.mark.parametrize(
    "around", ["template", "noscript", 'div style="display:none"', 'div style="opacity:0"']
)
def test_words_within_an_element_that_hides_them_are_told(around: str, tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    path = root / "templates" / "blocks" / "prose.mjml"
    path.parent.mkdir(parents=True, exist_ok=True)
    tag = around.partition(" ")[0]
    path.write_text(
        f'<mj-text css-class="prose">\n<{around}>{{{{ block.html }}}}</{tag}></mj-text>\n',
        encoding="utf-8",
    )

    findings = found(root, RULE)

    assert "templates/blocks/prose.mjml" in {finding.path for finding in findings}


@pytest.mark.parametrize("look", LOOKS)
def test_no_look_of_the_package_hides_words(look: str, tmp_path: Path) -> None:
    assert found(make_site(tmp_path, look).root, RULE) == []
