"""An editor's desk: a folder where issues are written and read again."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from newsletter.content import read_issue
from newsletter.errors import FindingsError
from newsletter.language import Wording
from newsletter.model import Finding, Issue

FRONT = "subject: Kysely\ndate: 2026-12-15"
BODY_LINE = 5  # of the file: dashes, subject, date and dashes stand above the body

Read = Callable[..., Issue]
Refuse = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    """Return the empty folder of a newsletter's issues."""
    folder = tmp_path / "issues"
    folder.mkdir()
    return folder


@pytest.fixture
def read(issues: Path) -> Read:
    """Return what writes a body below front matter and reads the issue."""

    def read(body: str, *, front: str = FRONT) -> Issue:
        return read_bytes(issues, f"---\n{front}\n---\n{body}".encode())

    return read


@pytest.fixture
def refuse(read: Read) -> Refuse:
    """Return what reads an issue that is faulty, and gives its findings."""

    def refuse(body: str, *, front: str = FRONT) -> tuple[Finding, ...]:
        with pytest.raises(FindingsError) as caught:
            read(body, front=front)
        return caught.value.findings

    return refuse


def read_bytes(issues: Path, content: bytes, name: str = "2026-12.md") -> Issue:
    """Write a file and read it as an issue of a Finnish newsletter.

    Whatever is found in it, here and in all tests, other languages must be able to say.
    """
    path = issues / name
    path.write_bytes(content)
    try:
        issue = read_issue(path, root=issues.parent, language="fi")
    except FindingsError as err:
        _demand_words(err.findings)
        raise
    _demand_words(issue.findings)
    return issue


def _demand_words(findings: Iterable[Finding]) -> None:
    assert english_alone(findings) == []


def english_alone(findings: Iterable[Finding]) -> list[str]:
    """Return the texts of findings that no catalog can hold."""
    texts = [text for finding in findings for text in (finding.message, finding.hint) if text]
    return [text for text in texts if not isinstance(text, Wording)]
