"""What lies in the folder of issues is taken for one, or refused in words, and never waited for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.content import find_issues, list_heads, read_issue, variants_of
from newsletter.content.issuefiles import MOST
from newsletter.errors import FindingsError
from newsletter.model import Severity

TEXT = "---\nsubject: Kysely\ndate: 2026-12-15\n---\nHei!\n"


@pytest.mark.parametrize(
    "name", ["README.md", "readme.md", "CHANGELOG.md", "-x.md", "2026-12.luonnos.md"]
)
def test_what_tells_of_the_folder_is_no_issue(name: str, issues: Path) -> None:
    (issues / name).write_text(TEXT)
    (issues / "2026-12.md").write_text(TEXT)

    assert find_issues(issues) == ["2026-12"]
    assert list(variants_of(issues, "2026-12", "fi")) == ["fi"]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("2026-12.sv.md", "sv"),
        ("2026-12.swe.md", "sv"),
        ("2026-12.se.md", "sv"),
        ("2026-12.SV.md", "sv"),
        ("2026-12.svenska.md", "sv"),
        ("2026-12.sv-FI.md", "sv-FI"),
        ("2026-12.sv_fi.md", "sv-FI"),
        ("2026-12.eng.md", "en"),
        ("2026-12.en-gb.md", "en-GB"),
    ],
)
def test_a_file_may_name_its_language_in_any_usual_way(
    name: str, language: str, issues: Path
) -> None:
    (issues / name).write_text(TEXT)

    assert list(variants_of(issues, "2026-12", "fi")) == [language]


def test_an_issue_behind_a_link_is_followed(issues: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text(TEXT)
    (issues / "2026-12.md").symlink_to(tmp_path / "draft.txt")

    issue = read_issue(issues / "2026-12.md", root=issues.parent, language="fi")

    assert (issue.id, issue.path) == ("2026-12", "issues/2026-12.md")
    assert [head.subject for head in list_heads(issues.parent, language="fi")] == ["Kysely"]


def loop(path: Path) -> None:
    """Lay down two links that lead to each other."""
    path.symlink_to(path.with_suffix(".loop"))
    path.with_suffix(".loop").symlink_to(path)


def huge(path: Path) -> None:
    """Lay down a file of more bytes than an issue can have, none of which are on the disk."""
    path.touch()
    os.truncate(path, MOST + 1)


@pytest.mark.parametrize(
    ("lay", "words"),
    [
        (loop, "leads only to itself"),
        (os.mkfifo, "not a text file"),
        (Path.mkdir, "not a text file"),
        (lambda path: path.symlink_to("/dev/zero"), "not a text file"),
        (lambda path: path.symlink_to("none.md"), "not there"),
        (huge, "2,000,001 bytes"),
    ],
    ids=["loop", "pipe", "folder", "device", "broken link", "huge"],
)
def test_what_is_no_file_of_text_is_told_and_never_waited_for(
    lay: Callable[[Path], None], words: str, issues: Path
) -> None:
    lay(issues / "2026-12.md")

    with pytest.raises(FindingsError) as caught:
        read_issue(issues / "2026-12.md", root=issues.parent, language="fi")

    [finding] = caught.value.findings
    assert (finding.severity, finding.path) == (Severity.ERROR, "issues/2026-12.md")
    assert words in finding.message
    assert finding.hint
    assert [head.subject for head in list_heads(issues.parent, language="fi")] == [""]
