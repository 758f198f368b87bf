"""Hints give the very words to write, as the sentence around them needs them."""

from dataclasses import replace

import pytest

from newsletter.checking import check_draft
from tests.checking.conftest import Maker
from tests.checking.desk import PEOPLE, letter


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("tiistaina 9.12.2026", "“keskiviikkona”"),  # the case stays
        ("tiistai 9.12.2026", "“keskiviikko”"),
        ("Ti 9.12.2026", "“Ke”"),  # and so do length and capital
    ],
)
def test_the_right_day_of_the_week_has_the_form_of_the_wrong_one(
    written: str, cure: str, draft_of: Maker
) -> None:
    draft = draft_of(letter(f"Tapaamme {written}."))

    [hint] = [f.hint for f in check_draft(draft).findings if f.id == "date-weekday"]

    assert cure in hint


def test_a_name_of_another_language_leads_to_the_attribute_that_it_is_kept_as(
    draft_of: Maker,
) -> None:
    text = letter("Hei {{ alue }}.\n\n::: only alue=Lappi\nHei.\n:::")
    draft = draft_of(text, audience=replace(PEOPLE, meant={"alue": "region"}))

    hints = {f.id: f.hint for f in check_draft(draft).findings}

    assert hints["slot-unknown"] == "did you mean {{ region }}?"
    assert hints["only-nobody"] == "did you mean “region=Lappi”?"


@pytest.mark.parametrize(("own", "known"), [("nimi", "name"), ("namn", "name")])
def test_a_slot_in_the_editors_language_leads_to_the_one_that_is_meant(
    own: str, known: str, draft_of: Maker
) -> None:
    draft = draft_of(letter(f"Hei {{{{ {own} }}}}!"), audience=PEOPLE)

    [hint] = [f.hint for f in check_draft(draft).findings if f.id == "slot-unknown"]

    assert hint == f"did you mean {{{{ {known} }}}}?"
