"""The picture that announces an issue has the letters of its languages, whatever the subject."""

import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from newsletter.archive import draw_card

_COLOURS = {"card": "#ffffff", "ink": "#000000", "band": "#1d5c57"}
_DAY = dt.date(2026, 1, 15)


def _picture(subject: str) -> Image.Image:
    data = draw_card(subject, "Kirje", _DAY, "sv", _COLOURS)
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(("bare", "marked"), [("a", "ä"), ("o", "ö"), ("a", "å"), ("e", "é")])
def test_a_letter_with_a_mark_is_the_letter_with_something_above(bare: str, marked: str) -> None:
    difference = ImageChops.difference(_picture(bare), _picture(marked)).getbbox()

    assert difference is not None
    left, top, right, bottom = difference
    letter = ImageChops.difference(_picture(""), _picture(bare)).getbbox()
    assert letter is not None
    assert bottom <= letter[1] + 2
    assert top > 150
    assert letter[0] - 8 <= left < right <= letter[2] + 8


@settings(max_examples=15)
@given(st.text(max_size=320))
def test_any_subject_gives_a_picture_of_the_one_size(subject: str) -> None:
    assert _picture(subject).size == (1200, 630)
