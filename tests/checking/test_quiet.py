"""A well-made issue with all that an issue may hold is quiet, in each of its languages."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.checking import check_draft
from newsletter.model import Severity
from tests.checking.conftest import Maker
from tests.checking.desk import PEOPLE

QUIET = Path(__file__).parent / "quiet"
FI = (QUIET / "2026-12.md").read_text(encoding="utf-8")


def lay_variants(folder: Path) -> None:
    """Lay down the translations."""
    for name in ("2026-12.sv.md", "2026-12.en.md"):
        shutil.copy(QUIET / name, folder)


@pytest.mark.parametrize("file", ["2026-12.md", "2026-12.sv.md", "2026-12.en.md"])
def test_a_well_made_issue_is_quiet(file: str, draft_of: Maker) -> None:
    audience = replace(PEOPLE, empty={"name": 3})

    draft = draft_of(FI, prepare=lay_variants, file=file, audience=audience)

    findings = check_draft(draft).findings
    assert [str(f) for f in findings if f.severity is not Severity.NOTE] == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("ke 20.1.2027", "to 20.1.2027", {("date-weekday", 3)}),
        ("ti 9.2. klo", "ke 9.2. klo", {("date-weekday", 30)}),
        ("keskiviikkona 9.12.", "torstaina 9.12.", {("date-weekday", 16)}),
        ("pe 26.2.", "pe 26.3.", {("parity-dates", 26)}),
        ("1 260", "1 620", {("parity-numbers", 26)}),
        ("(tel:+358401234567)", "(tel:+358401234568)", {("link-mailto-tel", 37)}),
        ("(https://www.example.org/)", "(htp://www.example.org/)", {("link-scheme", 38)}),
    ],
)
def test_one_slip_in_it_is_told(
    right: str, wrong: str, told: set[tuple[str, int]], draft_of: Maker
) -> None:
    assert FI.count(right) == 1

    draft = draft_of(FI.replace(right, wrong), prepare=lay_variants, audience=PEOPLE)

    weighty = [f for f in check_draft(draft).findings if f.severity is not Severity.NOTE]
    assert {(f.id, f.line) for f in weighty} == told
