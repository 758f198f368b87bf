"""Each of several equal faults is told on its own line."""

import pytest

from newsletter.checking import check_draft
from tests.checking.conftest import Maker
from tests.checking.desk import letter


@pytest.mark.parametrize(
    ("fault", "id"),
    [
        ("(kirjoita tähän…)", "fm-draft"),
        ("TODO", "fm-draft"),
        ("maanantai 9.12.2026", "date-weekday"),
        ("klo 25.00", "time-impossible"),
    ],
)
def test_equal_faults_of_one_list_are_told_line_by_line(
    fault: str, id: str, draft_of: Maker
) -> None:
    draft = draft_of(letter(f"- Yksi: {fault} a\n- Kaksi\n- Kolme: {fault} b"))

    lines = [f.line for f in check_draft(draft).findings if f.id == id]

    assert lines == [6, 8]
