"""Six newsletters of invented houses: all checks pass, in both languages, and they stay light."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.checking.looks.css import check_unsupported
from newsletter.model import Finding, Severity
from newsletter.press import read_manuscript, render_manuscript
from newsletter.reviewing import drafts_of, review_unlisted
from newsletter.settings import load_settings
from tests.faces.houses import BY_BRAND_ALONE, ISSUE_ID, NEWSLETTERS, copy_houses, without_brand

NOW = dt.datetime(2026, 12, 14, 7, tzinfo=dt.UTC)
BLOCKS = {
    *("box", "button", "columns", "divider", "event", "figure", "gallery", "image"),
    *("literal", "only", "person", "pull", "quote"),
}
ALL_CLIENTS = (
    *("gmail", "outlook", "apple-mail", "samsung-email", "yahoo", "aol", "thunderbird"),
    *("protonmail", "orange", "gmx", "web-de", "mail-ru", "fastmail", "hey"),
)
every_newsletter = pytest.mark.parametrize("name", NEWSLETTERS)
by_brand_alone = pytest.mark.parametrize("name", BY_BRAND_ALONE)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which all of them lie."""
    return copy_houses(tmp_path_factory.mktemp("faces"))


@every_newsletter
def test_no_check_warns_in_any_language(houses: Path, name: str) -> None:
    settings = load_settings(houses / name)

    report = review_unlisted(settings, read_manuscript(settings, ISSUE_ID), now=NOW)

    found = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    assert found == []


@every_newsletter
def test_with_every_kind_of_block_a_mail_is_far_from_being_cut(houses: Path, name: str) -> None:
    """Gmail cuts at 102 kB; a brand is a kilobyte or two of it."""
    settings = load_settings(houses / name)
    manuscript = read_manuscript(settings, ISSUE_ID)

    editions = render_manuscript(settings, manuscript, manuscript.variants()).values()

    for edition in editions:
        html = len(edition.html.encode())
        carried = sum(len(picture.data) for picture in edition.pictures)
        print(f"{name}: {html:,} bytes of HTML, {carried:,} of pictures", end=" ")
        assert html <= 34_000
        assert carried <= 500_000


@by_brand_alone
def test_a_brand_needs_no_template(houses: Path, name: str) -> None:
    settings = load_settings(houses / name)

    assert settings.newsletter.look == BY_BRAND_ALONE[name]
    assert not (houses / name / "templates").exists()


@by_brand_alone
def test_the_issue_shows_every_kind_of_block(houses: Path, name: str) -> None:
    text = (houses / name / "issues" / f"{ISSUE_ID}.md").read_text(encoding="utf-8")

    assert set(re.findall(r"(?m)^::: (\w+)", text)) == BLOCKS
    assert all(sign in text for sign in ("\n| :", "[^1]:", "\n*[", "\n1. ", "\n- ", "\n> "))


@by_brand_alone
def test_a_brand_asks_of_no_mail_program_what_its_look_does_not(houses: Path, name: str) -> None:
    """Facts of caniemail.com about all mail programs in it."""
    settings = houses / name / "newsletter.toml"
    branded = settings.read_text(encoding="utf-8")

    asked = set(_unsupported(settings.parent))
    settings.write_text(without_brand(branded), encoding="utf-8")
    plain = set(_unsupported(settings.parent))
    settings.write_text(branded, encoding="utf-8")

    assert asked <= plain


def _unsupported(folder: Path) -> Iterator[str]:
    settings = load_settings(folder)
    manuscript = read_manuscript(settings, ISSUE_ID)
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    for draft in drafts_of(settings, manuscript, editions, audience=None, now=NOW):
        for finding in check_unsupported(replace(draft, clients=ALL_CLIENTS)):
            yield finding.message if isinstance(finding, Finding) else ""
