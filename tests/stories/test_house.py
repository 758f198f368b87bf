"""Whoever does what docs/brand.md says gets a mail without a fault, step by step."""

import json
from pathlib import Path

import pytest

from tests.stories.house import begin, follow, steps


@pytest.mark.long
def test_each_step_of_the_page_makes_a_mail_without_a_fault(tmp_path: Path) -> None:
    site = begin(tmp_path / "kirje")
    for step in steps():
        follow(site, step)
        issues = sorted(path.stem for path in (site.root / "issues").glob("*.md"))
        for issue in issues:
            said = site.run("check", issue, "--json", code=None)
            findings = json.loads(said.stdout)
            faults = [f for f in findings if f.get("severity") in ("error", "warning")]
            assert (step.title, issue, faults) == (step.title, issue, [])

    site.run("build", "2026-12", "--out", str(tmp_path / "out"))
    page = (tmp_path / "out" / "2026-12.html").read_text(encoding="utf-8")
    text = (tmp_path / "out" / "2026-12.txt").read_text(encoding="utf-8")
    for words in ("Vinkki", "Tervetuloa!", "Y-tunnus 1234567-8", "Mastodon", "30 vuotta"):
        assert words in page
    assert "#f0a8d8" in page  # set by hand, over the brand
    for words in ("Vinkki", "Tervetuloa!", "Y-tunnus 1234567-8", "https://example.social/@saatio"):
        assert words in text
