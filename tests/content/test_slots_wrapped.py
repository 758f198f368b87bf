"""A slot is one wherever its line ends and whatever marks its words stand in; all lines stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.slots import mark_slots
from newsletter.model import Heading, Prose
from tests.content.conftest import Read
from tests.content.test_slots import written


@pytest.mark.parametrize(
    ("source", "slot"),
    [
        ('{{ name|"hyvä {ystävä}" }}', "[name or hyvä {ystävä}]"),
        ("{{ name|\"rock'n'roll\" }}", "[name or rock'n'roll]"),
        ("{{ name|'hyvä \"ystävä\"' }}", '[name or hyvä "ystävä"]'),
        ("{{ name|«ystävä» }}", "[name or ystävä]"),
        ("{{ name|»ystävä« }}", "[name or ystävä]"),
        ("{{ name|„ystävä“ }}", "[name or ystävä]"),
        ("{{ name|‘ystävä’ }}", "[name or ystävä]"),
        ("{{ name|’ystävä’ }}", "[name or ystävä]"),
        ("{{ name|‹ystävä› }}", "[name or ystävä]"),
        ('{{ name|"hyvä\nystävä" }}', "[name or hyvä ystävä]"),
        ('{{ name|\n  "ystävä" }}', "[name or ystävä]"),
        ('{{\nname|"ystävä"\n}}', "[name or ystävä]"),
        ("{{ name\n}}", "[name]"),
    ],
)
def test_words_stand_in_any_marks_and_over_any_lines(source: str, slot: str, read: Read) -> None:
    issue = read(f"Hei {source}, mukavaa päivää sinulle.\n\nLoppu.")

    first, last = issue.blocks
    assert isinstance(first, Prose)
    shown = " ".join(written(issue, first.html).split())
    assert shown == f"<p>Hei {slot}, mukavaa päivää sinulle.</p>"
    assert last.line == 7 + source.count("\n")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('Hei {{ name|\n"sinä" }}!', "<p>Hei [name or sinä]!</p>"),  # nothing follows
        ('Hei {{ name|\n"sinä" }}!\nMoi.', "<p>Hei [name or sinä]! Moi.</p>"),  # a word before it
        ('- Hei {{ name|\n  "sinä" }}!', "<ul> <li>Hei [name or sinä]!</li> </ul>"),
        (
            '> Hei {{ name|\n> "sinä" }}!',
            "<blockquote> <p>Hei [name or sinä]!</p> </blockquote>",
        ),
        (
            'Hei {{ name|\n"sinä" }} ja {{ region|\n"maa" }} nyt.',
            "<p>Hei [name or sinä] ja [region or maa] nyt.</p>",
        ),
    ],
)
def test_the_text_around_stays_as_it_is(body: str, shown: str, read: Read) -> None:
    issue = read(f"{body}\n\n## Loppu")

    *first, last = issue.blocks
    assert " ".join(written(issue, " ".join(b.html for b in first)).split()) == shown  # type: ignore[attr-defined]
    assert isinstance(last, Heading)
    assert last.line == 5 + body.count("\n") + 2


def test_a_slot_in_quotes_of_front_matter_has_words(read: Read) -> None:
    front = (
        'date: 2026-12-15\nsubject: "Hei {{ name|\\"sinä\\" }}"\n'
        "preheader: 'Hei {{ name|''sinä'' }}\n  ja muut {{ name|\n  \"te\" }}!'"
    )

    issue = read("Hei!", front=front)

    assert written(issue, issue.subject) == "Hei [name or sinä]"
    assert written(issue, issue.preheader) == "Hei [name or sinä] ja muut [name or te]!"


_PARTS = st.sampled_from(
    ["{{", "}}", " name", "|", '"', "'", "“", "”", "\n", "\n\n", " ", "a b", "{", "}", "> ", "# "]
)


@given(st.lists(_PARTS, max_size=30).map("".join))
def test_no_line_and_no_word_is_lost(text: str) -> None:
    marked = mark_slots(text)

    assert marked.text.count("\n") == text.count("\n")
    back = marked.text
    for slot in reversed(marked.slots):
        back = back.replace(slot.marker, slot.source)
    assert back.replace(">", "").split() == text.replace(">", "").split()
