"""What stands behind the name of a block is read as it was meant, or refused with the cure."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.arguments import pieces_of, read_arguments, take_variant
from newsletter.content.directive_input import DirectiveError
from newsletter.model import Argument, BlockKind, Image, Parameter

TITLE = Parameter(name="title", unnamed=True)
LINK = Parameter(name="link", sort="address")
SHARE = Parameter(name="share", sort="number")
SIZE = Parameter(name="size", sort="one of", choices=("small", "large"))
FACE = Parameter(name="face", sort="picture", alt="title", width=96)
KIND = BlockKind(name="tip", parameters=(TITLE, LINK, SHARE, SIZE, FACE))

_MARKS = "\"“”„'"
_WORDS = st.characters(
    exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"],  # controls and spaces
    exclude_characters=f"{_MARKS}=",
)
WORDS = st.text(_WORDS, min_size=1)


def read(
    words: str, kind: BlockKind = KIND, *, variants: tuple[str, ...] = ()
) -> dict[str, object]:
    """Return the values of arguments by name."""
    given = read_arguments(words, kind, line=7, type_="", variants=variants)
    return {argument.name: argument.value for argument in given}


def refuse(words: str, kind: BlockKind = KIND, *, variants: tuple[str, ...] = ()) -> DirectiveError:
    """Return the error that arguments end in."""
    with pytest.raises(DirectiveError) as caught:
        read(words, kind, variants=variants)
    return caught.value


@given(
    st.lists(WORDS, min_size=1, max_size=5),
    st.sampled_from(['"{}"', "'{}'", "“{}”", "”{}”", "„{}“"]),
)
def test_a_text_between_any_quotation_marks_is_read_as_it_stands(
    words: list[str], marks: str
) -> None:
    text = " ".join(words)

    assert read(f"title={marks.format(text)}") == {"title": text}


@given(st.lists(WORDS.filter(str.isalnum), min_size=1, max_size=5))
def test_words_without_a_name_are_the_argument_that_needs_none(words: list[str]) -> None:
    text = " ".join(words)

    assert read(f"{text} size=small") == {"title": text, "size": "small"}


@given(st.integers(-(10**9), 10**9), st.sampled_from([",", "."]), st.integers(0, 999))
def test_a_number_is_read_with_either_sign_of_decimals(whole: int, sign: str, part: int) -> None:
    [argument] = read_arguments(f"share={whole}{sign}{part:03}", KIND, line=7, type_="")

    assert argument.value == float(f"{whole}.{part:03}")
    assert argument.written == f"{whole}{sign}{part:03}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_whatever_is_written_is_read_or_refused_in_words(words: str) -> None:
    words = " ".join(words.split())
    with suppress(DirectiveError):
        read_arguments(words, KIND, line=7, type_="fi", variants=("warning",))


@given(st.permutations(["title='A b'", "link=https://example.org/?a=b", "share=4,5", "size=LARGE"]))
def test_arguments_with_names_may_stand_in_any_order(words: list[str]) -> None:
    assert read(" ".join(words)) == {
        "title": "A b",
        "link": "https://example.org/?a=b",
        "share": 4.5,
        "size": "large",
    }


def test_a_picture_has_the_words_of_another_argument_in_its_place() -> None:
    image = Image(line=7, source="2026-12/aino.jpg", alt="Aino")

    [_, face] = read_arguments("Aino face=2026-12/aino.jpg", KIND, line=7, type_="")

    assert face == Argument(name="face", value=image, written="2026-12/aino.jpg")


def test_a_text_is_set_in_fine_type_unless_it_is_literal() -> None:
    [fine] = read_arguments("title='a -- b...'", KIND, line=7, type_="fi")
    [literal] = read_arguments("title='a -- b...'", KIND, line=7, type_="")

    assert (fine.value, literal.value) == ("a – b…", "a -- b...")


@pytest.mark.parametrize(
    ("words", "message", "cure"),
    [
        ("titel=A", "knows no argument “titel=”", "“title”"),
        ("colour=red", "knows no argument “colour=”", "title=, link=, share=, size=, face="),
        ("title=A b", "knows no word “b”", 'title="..."'),
        ("title='A' b", "knows no word “b”", "it takes: "),
        ("A title=B", "“title=” is there twice", "keep one"),
        ("size=small size=large", "“size=” is there twice", "keep one"),
        ("size=smal", "“size” cannot be “smal”", "“small”"),
        ("size=3", "“size” cannot be “3”", "small, large"),
        ("share=half", "“share=half” is not a number", "46"),
        ("share=1e9", "is not a number", "46"),
        ("link='https://example.org/a b'", "has spaces", "%20"),
        ("link=", "“link=” has no value", "link=https://..."),
        ("face=a.jpg", "“face=” needs “title=”", "title="),
    ],
)
def test_what_a_block_does_not_take_is_told_with_the_cure(
    words: str, message: str, cure: str
) -> None:
    err = refuse(words)

    assert message in err.message
    assert cure in err.hint


def test_what_is_required_is_asked_for_as_it_is_to_be_written() -> None:
    kind = BlockKind(name="tip", parameters=(Parameter(name="title", required=True),))

    err = refuse("", kind)

    assert "“tip” needs “title=”" in err.message
    assert '::: tip title="..."' in err.hint


def test_a_block_that_takes_nothing_says_where_words_belong() -> None:
    assert "between the colons" in refuse("Muista", BlockKind(name="tip")).hint


def test_a_slip_in_a_variant_is_no_title() -> None:
    err = refuse("warnnig Ennen", variants=("warning",))

    assert "“warning”" in err.hint
    assert read("'warnnig' Ennen", variants=("warning",)) == {"title": "warnnig Ennen"}
    assert read("Muista warnnig", variants=("warning",)) == {"title": "Muista warnnig"}


def test_only_a_declared_first_word_is_a_variant() -> None:
    assert take_variant("warning  A b", ("warning",)) == ("warning", "A b")
    assert take_variant("A warning", ("warning",)) == ("", "A warning")
    assert take_variant("warnings", ("warning",)) == ("", "warnings")


def test_an_address_is_no_argument_with_a_name() -> None:
    [piece] = pieces_of("https://example.org/?a=b")

    assert (piece.name, piece.value) == ("", "https://example.org/?a=b")


@pytest.mark.parametrize(
    "words", ['"Ennen kuin', "Ennen “kuin aloitat", '"', 'title="Ennen kuin', "„Ennen size=small"]
)
def test_a_quotation_mark_that_is_never_closed_is_refused(words: str) -> None:
    assert "is never closed" in str(refuse(words))


@pytest.mark.parametrize(
    "words", ['5" putki', 'Sano "hei kaikille", niin', "Vuosi '26", "“Hei”, Anna"]
)
def test_quotation_marks_within_words_are_read_as_they_stand(words: str) -> None:
    assert read(words) == {"title": words}
