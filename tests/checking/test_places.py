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
        ('"(kirjoita tähän...', "fm-draft"),  # in other signs than readers get
    ],
)
def test_equal_faults_of_one_list_are_told_line_by_line(
    fault: str, id: str, draft_of: Maker
) -> None:
    draft = draft_of(letter(f"- Yksi: {fault} a\n- Kaksi\n- Kolme: {fault} b"))

    lines = [f.line for f in check_draft(draft).findings if f.id == id]

    assert lines == [6, 8]


@pytest.mark.parametrize(
    ("link", "cure"),
    [
        ("[x](#teemapaivat)", "did you mean “teemapäivät”?"),
        ("[x](#aivan-muuta)", "the places are named after headings: ohjelma, teemapäivät"),
    ],
)
def test_a_link_to_no_heading_is_told_with_the_nearest_name(
    link: str, cure: str, draft_of: Maker
) -> None:
    draft = draft_of(letter(f"{link} [y](#teemapäivät)\n\n## Teemapäivät\n\n## Ohjelma"))

    found = [f for f in check_draft(draft).findings if f.id == "link-anchor"]

    assert [(f.line, f.hint) for f in found] == [(6, cure)]
