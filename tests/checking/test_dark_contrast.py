"""A mail that cannot be read in dark themes is an error, with the line of the template.

That the looks themselves can be read there, `test_looks` holds with everything else.
"""

from pathlib import Path

import pytest

from newsletter.checking import check_draft
from newsletter.model import Finding, Severity
from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import LOOKS, PACKAGED, files_of
from newsletter.reviewing import drafts_of
from newsletter.settings import load_settings
from tests.browser.every_block import ISSUE_ID, make_site
from tests.checking.conftest import NOW


def found(root: Path, rule: str = "dark-contrast") -> list[Finding]:
    """Return the findings of a rule about an issue that shows every block."""
    settings = load_settings(root)
    manuscript = read_manuscript(settings, ISSUE_ID)
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    [draft] = drafts_of(settings, manuscript, editions, audience=None, now=NOW)
    return [finding for finding in check_draft(draft).findings if finding.id == rule]


def own(root: Path, name: str, old: str, new: str, *, look: str = "default") -> int:
    """Change a template of the newsletter's own; return the line that changed."""
    path = root / "templates" / name
    if not path.exists():
        lay(files_of(look).get(name, PACKAGED / name), path)
    before, found, after = path.read_text(encoding="utf-8").partition(old)
    assert found
    path.write_text(f"{before}{new}{after}", encoding="utf-8")
    return before.count("\n") + 1


def lay(source: Path, path: Path) -> None:
    """Copy a template into the newsletter's folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source.read_bytes())


@pytest.mark.parametrize("look", LOOKS)
def test_ink_that_is_too_dark_in_the_dark_palette_is_an_error(look: str, tmp_path: Path) -> None:
    root = make_site(tmp_path, look).root
    path = root / "templates" / "style.jinja"
    lay(files_of(look)["style.jinja"], path)
    light, _, dark = path.read_text(encoding="utf-8").partition("set dark")
    ink = dark.partition('"ink": "')[2][:7]
    path.write_text(f"{light}set dark{dark.replace(ink, '#303030')}", encoding="utf-8")

    findings = found(root)

    assert findings
    assert {finding.severity for finding in findings} == {Severity.ERROR}
    assert any("#303030 on" in finding.message for finding in findings)
    assert {finding.path for finding in findings} == {"templates/style.jinja"}
    [line] = {finding.line for finding in findings}
    assert line
    assert '"ink": "#303030"' in path.read_text(encoding="utf-8").split("\n")[line - 1]


def test_a_light_ground_of_its_own_needs_a_dark_one_beside_it(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    line = own(root, "blocks/pull.mjml", "<p class", '\n<p style="background:#fff3c4" class')

    [finding] = found(root)

    assert (finding.severity, finding.path) == (Severity.ERROR, "templates/blocks/pull.mjml")
    assert finding.line == line + 1
    assert "on #fff3c4" in finding.message
    assert "prefers-color-scheme" in str(finding.hint)


def test_with_a_dark_one_beside_it_all_is_well(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    own(root, "blocks/pull.mjml", 'class="aloud', 'class="note aloud')
    (root / "templates" / "extra.css").write_text(".prose .note { background-color: #fff3c4 }\n")
    (root / "templates" / "extra_screen.css").write_text(
        "@media (prefers-color-scheme: dark) {\n"
        "  .prose .note { background-color: #3d3413 !important }\n}\n"
    )

    assert found(root) == []


def test_a_colour_for_outlook_alone_needs_its_ground(tmp_path: Path) -> None:
    root = make_site(tmp_path, "default").root
    (root / "templates").mkdir()
    (root / "templates" / "extra_screen.css").write_text(
        "\n[data-ogsc] .prose p { color: #333333 !important }"
    )

    findings = found(root, "dark-outlook")

    assert [(f.severity, f.path, f.line) for f in findings][:1] == [
        (Severity.WARNING, "templates/extra_screen.css", 2)
    ]
