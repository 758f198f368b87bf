"""What the program's own looks make of every block passes every check, in every language."""

from pathlib import Path

import pytest

from newsletter.checking import check_draft
from newsletter.model import Severity
from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import LOOKS
from newsletter.reviewing import drafts_of
from newsletter.settings import load_settings
from tests.browser.every_block import ISSUE_ID, URL, make_site
from tests.checking.conftest import NOW
from tests.conftest import REPOSITORY

# Of an issue with a poll, and nothing else.
MUST_BE_SERVED = (
    f"issues/{ISSUE_ID}.md: warning: pictures, archive and unsubscribe links lead to {URL} "
    "(“newsletter serve” answers there: pictures, the archive, and whoever leaves; leave "
    "public_url out unless it runs) [public-url]"
)
EVERY_CLIENT = (
    '["aol", "apple-mail", "fastmail", "gmail", "gmx", "hey", "mail-ru", "orange", "outlook",'
    ' "protonmail", "samsung-email", "thunderbird", "web-de", "yahoo"]'
)


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("clients", ["", f"\n[check]\nclients = {EVERY_CLIENT}\n"])
def test_every_block_in_every_look_raises_no_finding(
    tmp_path: Path, look: str, clients: str
) -> None:
    root = make_site(tmp_path, look, is_served=True).root
    path = root / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8") + clients, encoding="utf-8")

    assert findings_in(root, ISSUE_ID) == [MUST_BE_SERVED]


@pytest.mark.parametrize("issue_id", ["2021-05", "2021-06"])
def test_the_sample_raises_no_finding(issue_id: str) -> None:
    assert findings_in(REPOSITORY, issue_id) == []


def findings_in(root: Path, issue_id: str) -> list[str]:
    """Return the warnings and errors of an issue, without those about who gets it."""
    settings = load_settings(root)
    manuscript = read_manuscript(settings, issue_id)
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    drafts = drafts_of(settings, manuscript, editions, audience=None, now=NOW)
    return [
        str(finding)
        for draft in drafts
        for finding in check_draft(draft).findings
        if finding.severity is not Severity.NOTE
    ]
