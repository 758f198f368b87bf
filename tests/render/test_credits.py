"""Credits at the end of captions, which are set quieter; no other word is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.cleaning import clean_html
from newsletter.render.credits import with_credit


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Ranta lokakuussa. Kuva: Maija Meikäläinen / Säätiö", "Kuva: Maija Meikäläinen / Säätiö"),
        ("Ranta lokakuussa. Piirros: toimitus.", "Piirros: toimitus."),
        ("Stranden. Foto: Åsa Ek", "Foto: Åsa Ek"),
        ("Stranden. Fotograf: Åsa Ek", "Fotograf: Åsa Ek"),
        ("The shore. Photo: A. Maker, CC BY 4.0", "Photo: A. Maker, CC BY 4.0"),
        ("Kuva: Maija", "Kuva: Maija"),
        ("Ranta. <em>Kuva: Maija</em>", "<em>Kuva: Maija</em>"),
        ('Ranta. Kuva: <a href="https://m.example">Maija</a>',
         'Kuva: <a href="https://m.example">Maija</a>'),
    ],
)  # fmt: skip
def test_a_credit_at_the_end_is_told_apart(caption: str, credit: str) -> None:
    marked = with_credit(caption)

    assert marked == caption.removesuffix(credit) + f'<span class="credit">{credit}</span>'


@pytest.mark.parametrize(
    "caption",
    [
        "Ranta lokakuussa.",
        "Tämä kuva: ranta",
        "Kuvassa: Maija",
        "<em>Ranta. Kuva: Maija</em>",  # an element that began before
        "",
    ],
)
def test_other_captions_stay_as_they_are(caption: str) -> None:
    assert with_credit(caption) == caption


@given(st.lists(st.sampled_from(["Ranta", ". ", "Kuva: ", "<em>", "</em>", "<br>", "Maija", "\n"])))
def test_what_is_told_apart_is_well_formed_and_no_word_is_lost(pieces: list[str]) -> None:
    caption = clean_html("".join(pieces))

    marked = with_credit(caption)

    assert marked.replace('<span class="credit">', "").replace("</span>", "") == caption
    assert clean_html(marked.replace(' class="credit"', "")).count("<em>") == caption.count("<em>")
