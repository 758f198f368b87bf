"""The Nu HTML checker finds nothing in our mail but what mail cannot do without."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import LOOKS
from newsletter.settings import load_settings
from tests.browser.every_block import make_site
from tests.conftest import REPOSITORY
from tests.fidelity.nu import JAR, ask_nu
from tests.fidelity.pages import ISSUES

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is missing"),
    pytest.mark.skipif(not JAR.is_file(), reason="run “make proofs”"),
]
LANGUAGES = ("fi", "sv", "en")

_OBSOLETE = "The “{}” attribute on the “{}” element is obsolete. {}"
_USE_CSS = "Use CSS instead."
_NO_PROPERTY = "CSS: “{0}”: Property “{0}” doesn't exist."

# Exactly what may be said, and why it cannot be otherwise.
NEEDED = {
    # Outlook for Windows draws with Word: it lays tables out by their attributes, whatever CSS
    # says. MJML therefore writes both.
    _OBSOLETE.format("align", "table", _USE_CSS),
    _OBSOLETE.format("align", "td", _USE_CSS),
    _OBSOLETE.format("align", "th", _USE_CSS),
    _OBSOLETE.format("bgcolor", "td", _USE_CSS),
    _OBSOLETE.format("cellpadding", "table", _USE_CSS),
    _OBSOLETE.format("cellspacing", "table", _USE_CSS),
    _OBSOLETE.format("valign", "td", _USE_CSS),
    _OBSOLETE.format("valign", "tr", _USE_CSS),
    _OBSOLETE.format("width", "table", _USE_CSS),
    # Outlook's own properties: no gaps beside tables, the padding of a button, hidden words.
    _NO_PROPERTY.format("mso-table-lspace"),
    _NO_PROPERTY.format("mso-table-rspace"),
    _NO_PROPERTY.format("mso-padding-alt"),
    _NO_PROPERTY.format("mso-hide"),
    # Safari and Apple Mail take a list without bullets for none, unless its role says so.
    "The “list” role is unnecessary for element “ul”.",
    # The first name of color-scheme, which Apple's older mail programs still go by.
    _NO_PROPERTY.format("supported-color-schemes"),
    # The namespaces of VML and Office, without which Outlook reads neither in comments.
    "Attribute “xmlns:v” not allowed here.",
    "Attribute “xmlns:o” not allowed here.",
    # Outlook for Windows jumps to a named anchor alone, not to an id.
    "Element “a” is missing required attribute “href”.",
    "The “name” attribute is never allowed on the “a” element.",
    _OBSOLETE.format(
        "name", "a", "Consider putting an “id” attribute on the nearest container instead."
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str, str]]:
    """How often it says what about which page, with an extract."""
    folder = tmp_path_factory.mktemp("nu")
    files = []
    for name, html in _pages(folder):
        files.append(folder / f"{name}.html")
        files[-1].write_text(html, encoding="utf-8")
    assert len(files) == len(LOOKS) * len(ISSUES) * len(LANGUAGES)
    return Counter(
        (message["message"], Path(message["url"]).stem, message.get("extract", ""))
        for message in ask_nu(files)
    )


def test_it_finds_nothing_else(said: Counter[tuple[str, str, str]]) -> None:
    assert [found for found in said if found[0] not in NEEDED] == []


def test_all_that_it_may_say_it_says(said: Counter[tuple[str, str, str]]) -> None:
    assert {message for message, _, _ in said} >= NEEDED


def _pages(folder: Path) -> Iterator[tuple[str, str]]:
    for look in LOOKS:
        site = make_site(folder / look, look)
        shutil.copytree(REPOSITORY / "issues", site.root / "issues", dirs_exist_ok=True)
        settings = load_settings(site.root)
        for issue_id in ISSUES:
            read = read_manuscript(settings, issue_id)
            for language in LANGUAGES:
                issues = {language: replace(read.lead, language=language)}
                manuscript = replace(read, issues=issues, default_language=language)
                (edition,) = render_manuscript(settings, manuscript, manuscript.variants()).values()
                yield f"{look}-{issue_id}.{language}", edition.html
