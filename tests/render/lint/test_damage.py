"""Whatever a slip does to a template, nothing crashes, and no word is lost in silence."""

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.model import Finding, Severity
from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import LOOKS, files_of
from newsletter.reviewing import review
from newsletter.settings import load_settings
from tests.render.lint.corpus import ISSUE, ISSUE_ID, SETTINGS, write

NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
FILES = [
    (look, name)
    for look in LOOKS
    for name, path in files_of(look).items()
    if path.suffix in (".mjml", ".css", ".jinja")
]
# What a hand may slip on: a tag, an attribute, a brace, a sign.
PARTS = re.compile(r"</?[\w-]+|\s[\w-]+=\"[^\"]*\"|\{\{|\}\}|\{%|%\}|[{};:\"<>#]|\w+")
WORDS = ("Alku", "Kohta", "Tervetuloa", "Muista", "Mitä", "minä", "osaan")


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a look, a file of it, and what a slip made of the file."""
    look, name = draw(st.sampled_from(FILES))
    text = files_of(look)[name].read_text(encoding="utf-8")
    parts = [found.span() for found in PARTS.finditer(text)]
    start, end = parts[draw(st.integers(0, len(parts) - 1))]
    after, last = parts[draw(st.integers(0, len(parts) - 1))]
    match draw(st.sampled_from(("taken out", "twice", "swapped"))):
        case "taken out":
            return look, name, text[:start] + text[end:]
        case "twice":
            return look, name, text[:end] + text[start:]
        case _:
            (start, end), (after, last) = sorted([(start, end), (after, last)])
            moved = text[:start] + text[after:last] + text[end:after] + text[start:end]
            return look, name, moved + text[max(last, end) :]


@pytest.fixture
def newsletter(tmp_path: Path) -> Path:
    write(tmp_path, f"issues/{ISSUE_ID}.md", ISSUE)
    return tmp_path


@pytest.mark.long
@budget(max_examples=60)
@given(damaged())
def test_words_are_never_lost_in_silence(newsletter: Path, slip: tuple[str, str, str]) -> None:
    look, name, text = slip
    write(newsletter, "newsletter.toml", SETTINGS.format(look=look))
    write(newsletter, f"templates/{name}", text)

    html, found = checked(newsletter)
    (newsletter / "templates" / name).unlink()

    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    assert html or errors
    assert html or any(finding.path for finding in errors)
    lost = [word for word in WORDS if word not in shown_words(html)]
    assert errors or not lost, found


def checked(root: Path) -> tuple[str, Sequence[Finding]]:
    """Return the page of the issue, none if it cannot be made, and what is found."""
    settings = load_settings(root)
    manuscript = read_manuscript(settings, ISSUE_ID)
    try:
        editions = render_manuscript(settings, manuscript, manuscript.variants())
    except ConfigError as err:
        return "", err.findings
    report = review(settings, manuscript, editions, audience=None, now=NOW)
    [edition] = editions.values()
    return edition.html, report.findings


def shown_words(html: str) -> str:
    """Return what a page shows, as browsers read it."""
    if not html:
        return ""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    body = page.find("body")
    assert body is not None
    return " ".join(body.itertext())
