"""A heading has a name that links can lead to, made as GitHub makes it or fixed by its author."""

import pytest

from newsletter.content.headings import slug_of
from newsletter.model import Heading, Issue, walk
from tests.content.conftest import BODY_LINE, Read, Refuse


@pytest.mark.parametrize(
    ("words", "name"),
    [
        # as github-slugger, which does what GitHub does, has it
        ("Teemapäivät, ja ääni!", "teemapäivät-ja-ääni"),
        ("C# & .NET: mikä on 1.1.2027?", "c--net-mikä-on-112027"),
        ("a -- b", "a----b"),
        ("snake_case – viiva", "snake_case--viiva"),
        ("Привет, 你好 हिन्दी", "привет-你好-हिन्दी"),
        ("  ÅÄÖ  ", "åäö"),
    ],
)
def test_a_name_is_made_of_the_words(words: str, name: str) -> None:
    assert slug_of(words) == name


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("## a\n\n## a\n\n### a", ["a", "a-1", "a-2"]),
        ("## a\n\n## a-1\n\n## a", ["a", "a-1", "a-2"]),
        ("## *a* `b` [c](https://example.org/) ![d](https://example.org/e)", ["a-b-c"]),
        ("## a[^1]\n\n[^1]: b", ["a"]),
        ("## Hei {{ name }}", ["hei"]),
        ("## !\n\n## ?", ["section", "section-1"]),
        ("## fn1\n\n## fnref2", ["fn1-1", "fnref2-1"]),  # footnotes have those names
        ("a\nb\n---", ["a-b"]),
        ('## "a" -- b', ["a----b"]),  # as written, whatever the type
        ('<a name="a"></a>b\n\n## a', ["a-1"]),  # the author's own place
        # fixed
        ("## A {#b}", ["b"]),
        ("## A {#b} ##", ["b"]),
        ("A {#b}\n---", ["b"]),
        ("## A {#jo_on_näin}", ["jo_on_näin"]),
        ("## b\n\n## A {#b}", ["b-1", "b"]),  # what is fixed comes first
    ],
)
def test_names_are_told_apart(body: str, names: list[str], read: Read) -> None:
    assert [heading.name for heading in headings_of(read(body))] == names


def test_what_fixes_a_name_is_not_shown(read: Read) -> None:
    issue = read("## *A* b {#c}\n\n## `{#d}` {e} \\{#f g} {.5} {…}")

    assert [heading.html for heading in headings_of(issue)] == [
        "<em>A</em> b",
        "<code>{#d}</code> {e} {#f g} {.5} {…}",
    ]
    assert issue.findings == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**A {#x_y}**", "<strong>A</strong>"),
        ("A ***b {#x_y}***", "A <em><strong>b</strong></em>"),
        ("A <b>b {#x_y}</b>", "A <b>b</b>"),
        ("[A {#x_y}](https://example.org/)", '<a href="https://example.org/">A</a>'),
    ],
)
def test_a_name_is_fixed_within_emphasis_and_links_too(
    written: str, shown: str, read: Read
) -> None:
    [heading] = headings_of(read(f"## {written}"))

    assert (heading.name, heading.html) == ("x_y", shown)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("A {#a} {#b}", "{#a}"),
        ("A {# b}", "{# b}"),
        ("A {#}", "{#}"),
        ("A {#b .c}", "{#b .c}"),
        ("A {.c}", "{.c}"),
        ("A {: #b}", "{: #b}"),
        ("A {#a*b*c}", "{#a*b*c}"),
        ("A {#b} c", "{#b}"),
        ("A {#b", "{#b"),
        ("A {#{{ name }}}", "{#{{ name }}}"),  # each reader would have another place
    ],
)
def test_what_resembles_a_name_and_is_shown_is_found_on_its_line(
    written: str, found: str, read: Read
) -> None:
    [finding] = read(f"a\n\n## {written}").findings

    assert (finding.id, finding.line) == ("heading-name", BODY_LINE + 2)
    assert finding.message == f"“{found}” would be mailed as it is"


def test_only_headings_that_may_be_led_to_have_a_place_in_the_page(read: Read) -> None:
    issue = read(
        "## a\n\n### b\n\n### c\n\n### d {#e}\n\n### f\n\n[x](#c)\n\n::: button #f\ny\n:::\n\n"
        "::: literal\n### g h\n:::\n\n<a href='#g-h'>z</a>"
    )

    assert [heading.anchor for heading in headings_of(issue)] == ["a", "", "c", "e", "f", "g-h"]


def test_a_heading_within_a_quote_or_a_list_can_be_led_to(read: Read) -> None:
    quote, *_ = read("> ### Å b\n\n[x](#å-b)\n\n- ### c").blocks

    assert '<h3><a name="å-b"></a>Å b</h3>' in repr(quote)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("## a {#x}\n\n## b {#x}", 2, "the heading on line 5 is already called “x”"),
        ("## a {#fn1}", 0, "“fn1” is the name of a footnote’s place"),
    ],
)
def test_a_name_that_is_taken_is_an_error_on_its_line(
    body: str, line: int, words: str, refuse: Refuse
) -> None:
    [finding] = refuse(body)

    assert (finding.id, finding.line) == ("heading-name", BODY_LINE + line)
    assert finding.message == words


def headings_of(issue: Issue) -> list[Heading]:
    """Return the headings of an issue in order."""
    return [block for block in walk(issue.blocks) if isinstance(block, Heading)]
