"""Each part of a page is traced to the line of the template that wrote it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.checking import Draft, check_draft
from newsletter.checking.instruments import Page, origin_of, pages_of, style_origin_of
from newsletter.model import Origin, Severity
from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import LOOKS, PACKAGED
from newsletter.reviewing import drafts_of
from newsletter.settings import load_settings
from tests.browser.every_block import ISSUE_ID, make_site
from tests.checking.conftest import NOW


@pytest.mark.parametrize("look", LOOKS)
def test_every_element_of_every_block_is_traced_to_a_template(tmp_path: Path, look: str) -> None:
    root = make_site(tmp_path, look).root

    for draft, page in _pages_in(root):
        elements = [e for e in page.root.find("body").iter() if isinstance(e.tag, str)]
        origins = [origin_of(draft, page, element) for element in elements]
        assert [e.tag for e, origin in zip(elements, origins, strict=True) if not origin] == []
        heading = page.root.find(".//h1")
        expected = _line_in(PACKAGED / "default.mjml", "<h1>")  # other looks extend it
        assert origin_of(draft, page, heading) == Origin(
            path="default.mjml", line=expected, is_packaged=True
        )


def test_what_an_own_template_writes_is_traced_to_its_line(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    own = root / "templates" / "default.mjml"
    own.parent.mkdir(exist_ok=True)
    shutil.copy(PACKAGED / "default.mjml", own)
    text = own.read_text(encoding="utf-8")
    text = text.replace(
        "<p>{{ words.reason }}",
        '<p>Ours\n<img\n src="https://example.org/a.png"></p><p>{{ words.reason }}',
    )
    text = text.replace(
        '<mj-spacer height="8px" />',
        '<mj-spacer height="8px" />\n<mj-image src="https://example.org/b.png" />',
    )
    own.write_text(text, encoding="utf-8")

    for draft, page in _pages_in(root):
        ours, theirs = _images(page, "a.png"), _images(page, "b.png")
        assert [origin_of(draft, page, e) for e in (ours, theirs)] == [
            Origin(path="templates/default.mjml", line=_line_in(own, "<img")),
            Origin(path="templates/default.mjml", line=_line_in(own, "b.png")),
        ]


def test_a_style_is_traced_to_the_rule_that_gives_it(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    own = root / "templates" / "extra.css"
    own.parent.mkdir(exist_ok=True)
    own.write_text(".prose p { color: #123456 }\n.prose h1 { color: #123456 }\n", encoding="utf-8")
    sheet = root / "templates" / "extra_screen.css"
    sheet.write_text("@media print {\n .prose p { widows: 7 }\n}\n", encoding="utf-8")

    for draft, page in _pages_in(root):
        heading = page.root.find(".//h1")
        assert [
            style_origin_of(draft, page, "color", "#123456", heading),
            style_origin_of(draft, page, "widows", "7"),
        ] == [
            Origin(path="templates/extra.css", line=2),
            Origin(path="templates/extra_screen.css", line=2),
        ]


def test_a_fault_is_told_on_the_line_of_the_template_that_made_it(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    own = root / "templates" / "extra.css"
    own.parent.mkdir(exist_ok=True)
    own.write_text(
        "\n.footer p { color: #eeeeee }\n.prose h2 { color: #eeeeee }\n", encoding="utf-8"
    )

    for draft, _ in _pages_in(root):
        said = [f for f in check_draft(draft).findings if f.id == "a11y-contrast"]
        footer, heading = sorted(said, key=lambda finding: finding.path == draft.path)
        assert (footer.path, footer.line) == ("templates/extra.css", 2)
        assert (heading.path, heading.line is not None) == (draft.path, True)
        assert "templates/extra.css:3" in heading.hint


def test_what_follows_texts_that_were_joined_is_traced_to_its_own_line(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    own = root / "templates" / "default.mjml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(
        '{% extends "default.mjml" %}\n{% block end %}\n'
        "<mj-section><mj-column>\n<mj-text><p>Ours</p></mj-text>\n</mj-column></mj-section>"
        "{% endblock %}\n",
        encoding="utf-8",
    )

    for draft, page in _pages_in(root):
        ours = next(p for p in page.elements("p") if p.text == "Ours")
        origins = {origin_of(draft, page, element) for element in (ours, ours.getparent())}
        assert origins == {Origin(path="templates/default.mjml", line=4)}


@pytest.mark.parametrize("around", ["{}", "<mj-raw>{}</mj-raw>"])
def test_values_outside_of_a_text_are_told_where_a_template_prints_them(
    tmp_path: Path, around: str
) -> None:
    root = make_site(tmp_path, "default").root
    own = root / "templates" / "blocks" / "prose.mjml"
    own.parent.mkdir(exist_ok=True, parents=True)
    own.write_text(f"{{# words #}}\n{around.format('{{ block.html }}')}\n", encoding="utf-8")

    for draft, _ in _pages_in(root):
        said = [f for f in check_draft(draft).findings if f.id == "template-words"]
        assert {(f.path, f.line) for f in said} == {("templates/blocks/prose.mjml", 2)}


@pytest.mark.parametrize(
    "picture",
    [
        '<mj-image alt="Talo" width="100px" />',
        '<mj-image src="" alt="Talo" width="100px" />',
        '<mj-image scr="brand/house.png" alt="Talo" width="100px" />',
        '<mj-image src="{{ look.nothing|default }}" alt="Talo" width="100px" />',
        '<mj-text><p><img alt="Talo" width="100"></p></mj-text>',
    ],
)
def test_a_picture_without_a_file_is_an_error_on_its_line(picture: str, tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    own = root / "templates" / "default.mjml"
    own.parent.mkdir(exist_ok=True)
    text = (PACKAGED / "default.mjml").read_text(encoding="utf-8")
    spacer = '<mj-spacer height="8px" />'
    own.write_text(text.replace(spacer, f"{spacer}\n{picture}", 1), encoding="utf-8")

    for draft, _ in _pages_in(root):
        [said] = [f for f in check_draft(draft).findings if f.id == "image-missing"]
        assert (said.severity, said.path, said.line) == (
            Severity.ERROR,
            "templates/default.mjml",
            _line_in(own, picture),
        )
        assert "src=" in said.hint


def _pages_in(root: Path) -> Iterator[tuple[Draft, Page]]:
    settings = load_settings(root)
    manuscript = read_manuscript(settings, ISSUE_ID)
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    for draft in drafts_of(settings, manuscript, editions, audience=None, now=NOW):
        yield from ((draft, page) for page in pages_of(draft))


def _images(page: Page, ending: str) -> Any:
    return next(image for image in page.elements("img") if image.get("src").endswith(ending))


def _line_in(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)
