"""Directives become blocks, or a finding that names the line and the cure."""

from pathlib import Path

import pytest

from newsletter.model import Columns, Figure, Gallery, Image, Person, Pull, Segment, walk
from tests.content.conftest import BODY_LINE, Read, Refuse

PICTURE = "https://example.org/a.jpg"


def only_block(read: Read, body: str) -> object:
    """Return the one block of a body."""
    (block,) = read(body).blocks
    return block


# --- figure -------------------------------------------------------------------------------


def test_a_figure_is_a_picture_with_words_in_its_place_and_a_caption(read: Read) -> None:
    figure = only_block(
        read, f"::: figure {PICTURE} link=https://example.org/\nA *lake*\n\nThe [lake](#a)\n:::"
    )

    assert figure == Figure(
        line=BODY_LINE,
        image=Image(line=BODY_LINE, source=PICTURE, alt="A lake", link="https://example.org/"),
        html='The <a href="#a">lake</a>',
    )


@pytest.mark.parametrize(
    ("body", "message", "cure"),
    [
        (f"::: figure {PICTURE}\nA lake\n:::", "without a caption", "empty line"),
        (f"::: figure {PICTURE}\n:::", "without a word on what it shows", "next line"),
        ("::: figure\nA lake\n\nThe lake\n:::", "needs a file", "::: figure 2026-12/"),
        (f"::: figure {PICTURE}\na\n\nb\n\nc\n:::", "two paragraphs", "first what"),
        (f"::: figure {PICTURE}\na\n\n- b\n:::", "two paragraphs", "first what"),
    ],
)
def test_a_figure_that_lacks_something_is_told_what(
    body: str, message: str, cure: str, refuse: Refuse
) -> None:
    [finding] = refuse(f"a\n\n{body}")

    assert (finding.id, finding.line) == ("directive-figure", BODY_LINE + 2)
    assert message in finding.message
    assert cure in finding.hint


# --- gallery ------------------------------------------------------------------------------


def test_a_gallery_holds_pictures_one_a_line_or_one_a_paragraph(read: Read) -> None:
    gallery = only_block(
        read,
        "::: gallery\n![a & b](https://example.org/1.jpg)\n"
        '[![c](https://example.org/2.jpg "d")](https://example.org/e)\n\n'
        "![f](https://example.org/3.jpg)\n:::",
    )

    assert isinstance(gallery, Gallery)
    assert gallery.images == (
        Image(line=BODY_LINE + 1, source="https://example.org/1.jpg", alt="a & b"),
        Image(
            line=BODY_LINE + 2,
            source="https://example.org/2.jpg",
            alt="c",
            title="d",
            link="https://example.org/e",
        ),
        Image(line=BODY_LINE + 4, source="https://example.org/3.jpg", alt="f"),
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f"![a]({PICTURE})", "here are 1"),
        (f"![a]({PICTURE})\n" * 7, "here are 7"),
        ("", "here are 0"),
        (f"![a]({PICTURE})\n\nwords\n\n![a]({PICTURE})", "nothing else"),
        (f"![a]({PICTURE}) words\n![a]({PICTURE})", "nothing else"),
        (f"## words\n\n![a]({PICTURE})\n![a]({PICTURE})", "nothing else"),
    ],
)
def test_a_gallery_of_anything_else_is_refused(body: str, message: str, refuse: Refuse) -> None:
    [finding] = refuse(f"::: gallery\n{body}\n:::")

    assert (finding.id, finding.line) == ("directive-gallery", BODY_LINE)
    assert message in finding.message
    assert "![what it shows]" in finding.hint


# --- person -------------------------------------------------------------------------------

MAIL = '<a href="mailto:a@example.org">a@example.org</a>'


@pytest.mark.parametrize(
    "lines",
    [
        "**Aino Aalto**\ncoordinator\n[a@example.org](mailto:a@example.org)",
        "Aino Aalto\n\ncoordinator\n\n<a@example.org>",
        "### Aino Aalto\n\ncoordinator\n[a@example.org](mailto:a@example.org)",
        "**Aino Aalto**  \ncoordinator  \n[a@example.org](mailto:a@example.org)",
    ],
)
def test_a_person_is_a_name_a_role_and_a_contact_however_the_lines_are_set(
    lines: str, read: Read
) -> None:
    person = only_block(read, f"::: person\n{lines}\n:::")

    assert person == Person(line=BODY_LINE, name="Aino Aalto", role="coordinator", contact=MAIL)


def test_a_portrait_says_whom_it_shows(read: Read) -> None:
    person = only_block(read, f"::: person {PICTURE}\n**Aino & Eino**\n:::")

    assert isinstance(person, Person)
    assert person.portrait == Image(line=BODY_LINE, source=PICTURE, alt="Aino & Eino")
    assert (person.name, person.role, person.contact) == ("Aino &amp; Eino", "", "")


def test_a_person_may_have_no_role_and_several_contacts(read: Read) -> None:
    person = only_block(read, "::: person\nAino\n<a@example.org>\n[040](tel:+35840)\n:::")

    assert isinstance(person, Person)
    assert person.role == ""
    assert person.contact == f'{MAIL}<br><a href="tel:+35840">040</a>'


def test_emphasis_over_two_lines_leaves_each_line_well_formed(read: Read) -> None:
    person = only_block(read, "::: person\n**Aino\ncoordinator**\n:::")

    assert isinstance(person, Person)
    assert (person.name, person.role) == ("Aino", "coordinator")


def test_a_person_needs_a_name(refuse: Refuse) -> None:
    [finding] = refuse("::: person\n:::")

    assert (finding.id, finding.line) == ("directive-person", BODY_LINE)
    assert "**Name**" in finding.hint


# --- pull ---------------------------------------------------------------------------------


def test_a_pulled_sentence_is_one_paragraph(read: Read) -> None:
    assert only_block(read, "::: pull\nOne *word*.\n:::") == Pull(
        line=BODY_LINE, html="One <em>word</em>."
    )


def test_more_than_a_paragraph_is_not_pulled(refuse: Refuse) -> None:
    [finding] = refuse("::: pull\na\n\nb\n:::")

    assert (finding.id, finding.line) == ("directive-pull", BODY_LINE)


# --- nesting ------------------------------------------------------------------------------


def test_people_and_pictures_may_stand_in_columns_and_boxes(read: Read) -> None:
    issue = read(
        "::: columns\n::: person\nAino\n:::\n---\n"
        f"::: figure {PICTURE}\na\n\nb\n:::\n:::\n\n::: box\n::: pull\na\n:::\n:::"
    )

    kinds = [block.kind for block in walk(issue.blocks)]
    assert kinds == ["columns", "person", "figure", "image", "box", "pull"]
    assert isinstance(issue.blocks[0], Columns)


@pytest.mark.parametrize("name", ["gallery", "person", "pull", "event"])
def test_what_somebody_said_holds_no_such_blocks(name: str, refuse: Refuse) -> None:
    findings = refuse(f"::: quote\n::: {name}\na\n:::\n:::")

    assert [(f.id, f.line) for f in findings] == [("directive-nesting", BODY_LINE + 1)]


def test_pictures_of_all_blocks_are_those_of_the_issue(read: Read, refuse: Refuse) -> None:
    findings = refuse(
        "::: figure a.jpg\na\n\nb\n:::\n::: gallery\n![c](c.jpg)\n![d](d.jpg)\n:::\n"
        "::: person e.jpg\nAino\n:::"
    )

    assert [(f.id, f.line) for f in findings] == [
        ("image-missing", BODY_LINE),
        ("image-missing", BODY_LINE + 6),
        ("image-missing", BODY_LINE + 7),
        ("image-missing", BODY_LINE + 9),
    ]


@pytest.mark.parametrize(
    "line", ["box Ilmoittaudu 3.12. mennessä", "quote Aino Aalto, ministeri", "pull Aino",
             "columns Ma 1.12. | Ti 2.12.", "divider teksti", "gallery 2026-12/a.png"],
)  # fmt: skip
def test_words_behind_the_name_of_a_block_are_not_lost_in_silence(
    line: str, refuse: Refuse
) -> None:
    findings = refuse(f"A\n\n::: {line}\nB\n:::")

    words = line.partition(" ")[2]
    assert any(f.line == 7 and f"“{words}” is after the word" in f.message for f in findings)


def test_a_second_condition_behind_only_is_told(refuse: Refuse) -> None:
    [finding] = refuse("A\n\n::: only region=Lappi city=Oulu\nB\n:::")

    assert (finding.id, finding.line) == ("directive-only", 7)
    assert "“=” cannot stand here; expected a value, and, or" in finding.message


def test_a_condition_may_have_spaces_in_its_value(read: Read) -> None:
    [condition] = read("A\n\n::: only organisation=Oulun kaupunki\nB\n:::").conditions

    assert condition == Segment.of("organisation", "Oulun kaupunki")


def test_a_value_with_a_word_of_the_grammar_needs_quotes_and_that_is_told(
    read: Read, refuse: Refuse
) -> None:
    [finding] = refuse("A\n\n::: only region=Pohjois-Savo ja Kainuu\nB\n:::")
    [condition] = read('A\n\n::: only region="Pohjois-Savo ja Kainuu"\nB\n:::').conditions

    assert "a value with “ja” in it stands in quotes" in finding.message
    assert condition.values_of("region") == ("Pohjois-Savo ja Kainuu",)


def test_words_behind_the_file_of_a_picture_are_told_apart_from_it(
    issues: Path, refuse: Refuse
) -> None:
    (issues / "a b.png").write_bytes(b"picture")

    [finding] = refuse("::: image a b.png Järvi illalla\nA\n:::")

    assert finding.hint == "write “Järvi illalla” on the next line, not behind the file"
