"""Markdown and directives become blocks that know their line, or findings that name it."""

import re
from typing import TypeVar

import pytest

from newsletter.model import (
    Block,
    Box,
    Button,
    Columns,
    Divider,
    Footnotes,
    Heading,
    Image,
    Issue,
    Only,
    Prose,
    Quote,
    Segment,
    Severity,
    Table,
    walk,
)
from tests.content.conftest import BODY_LINE, Read, Refuse

B = TypeVar("B")


def only_block(issue: Issue, kind: type[B]) -> B:
    """Return the one block of an issue, which is of this kind."""
    [block] = issue.blocks
    assert isinstance(block, kind)
    return block


def html_of(blocks: tuple[Block, ...]) -> str:
    """Return the HTML of running text."""
    return "\n".join(getattr(block, "html", "") for block in walk(blocks))


# --- Markdown -----------------------------------------------------------------------------


def test_table_is_read_with_its_head_rows_and_alignment(read: Read) -> None:
    table = only_block(read("| a | *b* | c |\n|---|:-:|--:|\n| 1 | 2 | x\\|y |\n| 3 |"), Table)

    assert table.head == ("a", "<em>b</em>", "c")
    assert table.rows == (("1", "2", "x|y"), ("3", "", ""))
    assert table.align == ("left", "center", "right")


def test_strikethrough_is_shown_as_such(read: Read) -> None:
    prose = only_block(read("Hinta ~~20 €~~ 10 €"), Prose)

    assert re.fullmatch(r"<p>Hinta <(s|del)>20&nbsp;€</\1> 10&nbsp;€</p>", prose.html)


def test_footnotes_stand_at_the_end_with_links_to_them(read: Read) -> None:
    text, notes = read("a[^x] b[^1]\n\n[^1]: Yksi\n[^x]: Kaksi **x**\n").blocks

    assert isinstance(text, Prose)
    assert isinstance(notes, Footnotes)
    assert re.findall(r'href="#(\w+)"', text.html) == re.findall(r'name="(\w+)"', notes.html)
    assert re.sub(r"<[^>]*>", "", notes.html).split() == ["Kaksi", "x", "Yksi"]


def test_picture_on_its_own_is_an_image_also_with_a_link(read: Read) -> None:
    plain, linked = read(
        '![kesä & *talvi*](https://example.org/a%20b.png "Otsikko")\n\n'
        "[![b](https://example.org/b.png)](https://example.org/)"
    ).blocks

    assert plain == Image(
        line=5, source="https://example.org/a%20b.png", alt="kesä & talvi", title="Otsikko"
    )
    assert isinstance(linked, Image)
    assert (linked.line, linked.link) == (7, "https://example.org/")


def test_line_of_dashes_is_a_divider(read: Read) -> None:
    assert read("a\n\n---\n\nb").blocks[1] == Divider(line=7)


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("## a\n\n### b\n\n###### c", [2, 3, 6]),  # as written
        ("# a\n\n## b\n\n### c\n\n###### d", [2, 3, 4, 6]),  # level 1 is the subject's own
        ("a\n===\n\nb\n---", [2, 3]),  # underlined headings
        ("## a\n\n# b", [3, 2]),  # wherever the highest stands
        ("## a\n\n::: box\n# b\n:::", [3, 2]),  # also within a directive
    ],
)
def test_headings_leave_level_one_to_the_subject(body: str, levels: list[int], read: Read) -> None:
    headings = [block for block in walk(read(body).blocks) if isinstance(block, Heading)]

    assert [heading.level for heading in headings] == levels


def test_only_top_level_headings_begin_sections(read: Read) -> None:
    issue = read("## a\n\n### b\n\n::: box\n## c\n:::\n\n::: only x=y\n## d\n:::\n\n## e")

    begins = {b.html: b.begins_section for b in walk(issue.blocks) if isinstance(b, Heading)}

    assert begins == {"a": True, "b": False, "c": False, "d": True, "e": True}


def test_every_block_remembers_its_line_in_a_long_issue(read: Read) -> None:
    part = (
        "## L{0}\n\ntext\nover lines L{0}\n\n- a\n- L{2}\n\n| L{4} |\n|---|\n| b |\n\n"
        "```\n::: no directive\n\n# no heading\n```\n\n::: box\nL{11}\n\n"
        "::: only a=b\n> L{14}\n:::\n:::\n\n<!-- gone\n\n::: box\n-->\n"
    )
    count = len(part.split("\n"))
    body, expected = "", []
    for number in range(40):
        start = BODY_LINE + number * count
        lines = [start, start + 2, start + 5, start + 8, start + 19, start + 22]
        names = ["heading", "prose", "list", "table", "boxed", "only"]
        body += re.sub(r"L\{\d+\}", "x", part) + "\n"
        expected += list(zip(names, lines, strict=True))

    issue = read(body)

    kinds = {"heading": Heading, "table": Table}
    found = [(type(b), b.line) for b in walk(issue.blocks) if not isinstance(b, Box | Only)]
    code = [(Prose, BODY_LINE + n * count + 12) for n in range(40)]
    assert sorted(line for _, line in found) == sorted(
        [line for _, line in expected] + [line for _, line in code]
    )
    assert all((kind, line) in found for name, line in expected if (kind := kinds.get(name, Prose)))


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_characters_that_some_take_for_line_ends_shift_no_line(separator: str, read: Read) -> None:
    issue = read(f"a{separator}b\n\n::: button https://example.org/\nPaina\n:::")

    assert issue.blocks[1] == Button(line=7, url="https://example.org/", html="Paina")


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- salaisuus -->",  # on its own
        "a <!-- salaisuus --> b",  # within a line
        "<!-- salaisuus\n\nsalaisuus\n-->",  # over several lines
        "<!--\n::: box\nsalaisuus\n:::\n-->",  # with a directive
        "<!--\n::: salaisuus\n-->",  # with half a directive
        "a <!--\n::: salaisuus\n--> b",  # with half a directive, from within a line
        "<!-- ::: box -->",  # with colons on its line
        "- a\n\n  <!-- salaisuus\n  -->",  # in a list
        "- a\n  <!-- salaisuus\n\nsalaisuus -->\n- b",  # over the end of one
        "a <!-- salaisuus\n\nsalaisuus --> b",  # over an empty line
        "a <!-- salaisuus\nsalaisuus\nsalaisuus --> b",  # over lines of a paragraph
        "a <!-- salaisuus\n```\nsalaisuus\n``` --> b",  # with a fence
        "## a <!-- salaisuus -->",  # in a heading
        "| a <!-- salaisuus --> |\n|---|\n| b <!-- salaisuus | --> |",  # in a table
        "a[^1]\n\n[^1]: b <!-- salaisuus\n\n  salaisuus -->",  # in a footnote
        "> a <!-- salaisuus\n> salaisuus --> b\n> <!-- salaisuus -->",  # in a quote
        "`a` \\`<!-- salaisuus -->`",  # where no code begins
        "[a<!-- salaisuus -->](https://example.org/)",  # in a link
        "a<!-->b<!--->c",  # with nothing in it
        "a\n\n    <!-- salaisuus -->",  # indented as code is
        "a\n\n\t<!-- salaisuus\n\tsalaisuus -->\n\nb",  # over lines, by tabs
        "- a\n\n      <!-- salaisuus -->\n- b",  # and below an item
        "a\n\n    x = 1 <!-- salaisuus --> + 2\n    <!-- salaisuus -->\n    y = 2",
    ],
)
def test_comments_vanish_and_what_follows_stays(comment: str, read: Read) -> None:
    issue = read(f"{comment}\n\n::: box\nloppu\n:::")

    assert "salaisuus" not in repr(issue.blocks)
    assert ":::" not in repr(issue.blocks)
    assert "--" not in repr(issue.blocks)
    assert any(isinstance(block, Box) for block in issue.blocks)
    assert issue.findings == ()


def test_what_stands_around_a_comment_stays_as_it_is(read: Read) -> None:
    body = "a <!-- x --> b\nc <!-- x\nx\nx --> d  <!-- x -->\ne\n\n`<!-- f -->`"

    text = [re.sub(r"\s+", " ", html_of((block,))) for block in read(body).blocks]

    assert text == ["<p>a b c d e</p>", "<p><code>&lt;!-- f --&gt;</code></p>"]


@pytest.mark.parametrize(
    "body", ["a\n\n<!-- b", "a\n\nb <!-- c\n\nd", "a\n\n- b <!-- c\n- d", "a\n\n## <!--"]
)
def test_a_comment_that_never_ends_is_told(body: str, refuse: Refuse) -> None:
    [finding] = refuse(body)

    assert (finding.id, finding.line) == ("comment-unclosed", 7)


@pytest.mark.parametrize(
    "mark", ["<!-- koodia", "koodia -->", "::: only region=Lappi", "Hei {{ name }}", "näin[^1]"]
)
def test_what_blanks_make_code_of_shows_nobody_a_private_mark(mark: str, refuse: Refuse) -> None:
    [finding] = refuse(f"a\n\n    {mark}\n\n    koodi\n\nb")

    assert (finding.id, finding.line) == ("sign-misread", 7)


# --- directives ---------------------------------------------------------------------------


def test_button_has_an_address_and_a_label(read: Read) -> None:
    button = only_block(read("::: button https://example.org/?a=b&c=d\n*Ilmoittaudu*\n:::"), Button)

    assert button == Button(line=5, url="https://example.org/?a=b&c=d", html="<em>Ilmoittaudu</em>")


@pytest.mark.parametrize("dashes", ["---", "-----", "\n---\n", "--- "])
def test_columns_are_divided_by_lines_of_dashes(dashes: str, read: Read) -> None:
    columns = only_block(read(f"::: columns\n### a\n{dashes}\nb\n\nc\n:::"), Columns)

    first, second = columns.cells
    assert [type(block) for block in first] == [Heading]
    assert [type(block) for block in second] == [Prose, Prose]


def test_box_holds_blocks_of_all_kinds(read: Read) -> None:
    box = only_block(
        read("::: box\n## a\n\n| b |\n|---|\n\n---\n\n![c](https://x.org/c.png)\n:::"), Box
    )

    assert [type(block) for block in box.blocks] == [Heading, Table, Divider, Image]


@pytest.mark.parametrize("dash", ["—", "–", "--"])
def test_quote_ends_with_its_attribution(dash: str, read: Read) -> None:
    quote = only_block(read(f"::: quote\nHyvä!\n\n{dash} Maija **M**, Turku\n:::"), Quote)

    assert html_of(quote.blocks) == "<p>Hyvä!</p>"
    assert quote.attribution == "Maija <strong>M</strong>, Turku"


def test_quote_may_stand_without_an_attribution(read: Read) -> None:
    quote = only_block(read("::: quote\nHyvä!\n\nNiin on.\n:::"), Quote)

    assert (len(quote.blocks), quote.attribution) == (2, "")


def test_image_directive_takes_its_body_as_alternative_text(read: Read) -> None:
    image = only_block(
        read("::: image https://x.org/a.png link=https://y.org/\nKaavio: *a* &amp; b\nja c\n:::"),
        Image,
    )

    assert image == Image(
        line=5, source="https://x.org/a.png", alt="Kaavio: a & b ja c", link="https://y.org/"
    )


@pytest.mark.parametrize(
    "body",
    [
        "::: divider",  # alone
        "::: divider\n:::",  # closed
        "::: divider :::",  # with colons behind it
    ],
)
def test_divider_needs_no_closing_line_but_may_have_one(body: str, read: Read) -> None:
    issue = read(f"a\n\n{body}\n\nb")

    assert [type(block) for block in issue.blocks] == [Prose, Divider, Prose]


@pytest.mark.parametrize("divider", ["::: divider", "::: divider\n:::"])
def test_divider_in_a_box_closes_itself_and_not_the_box(divider: str, read: Read) -> None:
    box = only_block(read(f"::: box\na\n\n{divider}\n\nb\n:::"), Box)

    assert [type(block) for block in box.blocks] == [Prose, Divider, Prose]


@pytest.mark.parametrize(
    ("condition", "key", "value"),
    [
        ("region=Lappi", "region", "Lappi"),
        ("Region = Etelä-Savo", "region", "Etelä-Savo"),
        ('organisation="Example Oy"', "organisation", "Example Oy"),
    ],
)
def test_only_keeps_its_condition(condition: str, key: str, value: str, read: Read) -> None:
    only = only_block(read(f"::: only {condition}\na\n:::"), Only)

    assert only.condition == Segment.of(key, value)
    assert html_of(only.blocks) == "<p>a</p>"


def test_directives_nest_where_a_page_allows_it(read: Read) -> None:
    issue = read(
        "::: only region=Lappi\n::: box\n::: button https://x.org/\na\n:::\n:::\n"
        "::: columns\n::: image https://x.org/a.png\nb\n:::\n---\nc\n:::\n"
        "::: quote\n::: only a=b\nd\n:::\n:::\n:::"
    )

    kinds = [block.kind for block in walk(issue.blocks)]

    assert kinds == [
        *("only", "box", "button"),
        *("columns", "image", "prose"),
        *("quote", "only", "prose"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "```\n::: box\n{{ name }}\n```",  # fenced with backquotes
        "~~~ text\n::: box\n~~~",  # fenced with tildes
        "````\n```\n::: box\n````",  # a fence within a fence
        "- a\n\n  ```\n  ::: box\n  ```",  # in a list
        "> ```\n> ::: box\n> ```",  # in a quote
    ],
)
def test_directives_in_code_are_text(code: str, read: Read) -> None:
    issue = read(f"{code}\n\n::: button https://x.org/\nb\n:::")

    assert [type(block) for block in issue.blocks] == [Prose, Button]
    assert "::: box" in html_of(issue.blocks)


@pytest.mark.parametrize(
    "lookalike",
    [
        "`<!--` aloittaa kommentin",  # a comment's beginning in code
        "\\<!-- ei kommentti",  # escaped
        "    ```",  # a fence that is indented code
        "```koodia``` rivin alussa",  # code within a line
        "- a\n\n      ```",  # indented code in a list
        "> ```\n> koodia",  # a fence that ends with its quote
        "- ```\n  koodia",  # a fence that ends with its list
    ],
)
def test_what_only_looks_like_code_or_comment_hides_no_directive(
    lookalike: str, read: Read
) -> None:
    issue = read(f"{lookalike}\n\n::: box\nb\n:::")

    assert isinstance(issue.blocks[-1], Box)


@pytest.mark.parametrize(
    ("body", "line", "id", "message", "hint"),
    [
        # names nobody knows
        ("a\n\n::: buton x\nb\n:::", 7, "directive-unknown", "“buton”", "mean “button”?"),
        ("::: warning\nb\n:::", 5, "directive-unknown", "“warning”", "known: box, button"),
        # not closed, or closed twice
        ("a\n\n::: box\nb", 7, "directive-unclosed", "“::: box”", "three colons"),
        ("::: box\n::: quote\na\n:::", 5, "directive-unclosed", "“::: box”", "three colons"),
        ("a\n\n:::", 7, "directive-stray", "closes nothing", "remove it"),
        ("::: box\na\n:::\n\n:::", 9, "directive-stray", "closes nothing", "remove it"),
        ("::: divider\n:::\n:::", 7, "directive-stray", "closes nothing", "remove it"),
        # where none can stand
        ("- a\n\n  ::: box\n  b\n  :::", 7, "directive-place", "“box”", "left margin"),
        ("1. a\n   ::: box\n   b\n   :::", 6, "directive-place", "“box”", "left margin"),
        ("> a\n>\n> ::: box\n> b\n> :::", 7, "directive-place", "“box”", "left margin"),
        # sections of a page do not stand within one another
        ("::: box\n::: box\na\n:::\n:::", 6, "directive-nesting", "“box”", "outer"),
        ("::: box\n::: columns\na\n---\nb\n:::\n:::", 6, "directive-nesting", "“columns”", "outer"),
        ("::: quote\n::: box\na\n:::\n:::", 6, "directive-nesting", "“box”", "outer"),
        ("::: box\n::: only a=b\n::: box\na\n:::\n:::\n:::", 7, "directive-nesting", "“box”", ""),
        # a button without an address or a label, or with too much of it
        ("::: button\na\n:::", 5, "directive-button", "an address", "::: button https://"),
        ("::: button https://x.org/\n:::", 5, "directive-button", "one line of text", ""),
        ("::: button https://x.org/\na\n\nb\n:::", 5, "directive-button", "one line", ""),
        ("::: button https://x.org/\n- a\n:::", 5, "directive-button", "one line", ""),
        ("::: button https://x.org/\n[a](b)\n:::", 5, "directive-button", "one link", "above"),
        ("::: button https://x.org/\na^[b]\n:::", 5, "directive-button", "one link", "above"),
        # an image without a file, or with more than words
        ("::: image\na\n:::", 5, "directive-image", "needs a file", "::: image 2026-12/"),
        ("::: image https://x.org/a.png\n- a\n:::", 5, "directive-image", "one paragraph", ""),
        # columns that are too few or too many
        ("::: columns\na\n:::", 5, "directive-columns", "here are 1", "three dashes"),
        ("::: columns\na\n\n***\n\nb\n:::", 5, "directive-columns", "here are 1", "dashes"),
        ("::: columns" + "\na\n---" * 5 + "\n:::", 5, "directive-columns", "here are 5", ""),
        # conditions that are none
        (
            "::: only\na\n:::",
            5,
            "directive-only",
            "the name of an attribute",
            "::: only region=Lappi",
        ),
        ("::: only Lappi\na\n:::", 5, "directive-only", "expected =", "::: only region=Lappi"),
    ],
)
def test_faulty_directive_is_refused_with_its_line_and_cure(
    body: str, line: int, id: str, message: str, hint: str, refuse: Refuse
) -> None:
    findings = refuse(body)

    assert {f.severity for f in findings} == {Severity.ERROR}
    assert [
        f for f in findings
        if (f.id, f.line) == (id, line) and message in f.message and hint in f.hint
    ], findings  # fmt: skip


# --- raw HTML -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "gone", "removed"),
    [
        ("x <script>alert(1)</script>", "alert", "<script> and its content"),
        ("<style>p { color: red }</style>", "color", "<style> and its content"),
        ("<iframe src='https://x.org/'>a</iframe>", "x.org", "<iframe> and its content"),
        ('<a href="https://x.org/" onclick="evil()">a</a>', "evil", "onclick of <a>"),
        ('<p style="color: red">a</p>', "color", "style of <p>"),
        ('<a href="javascript:evil()">a</a>', "evil", "the link “javascript:evil()”"),
        ('<a href=" JavaScript:evil()">a</a>', "evil", "the link “ JavaScript:evil()”"),
        ('<img src="data:image/png;base64,evil" alt="a">', "evil", "the link “data:image"),
        ("<iframe>evil</iframe>", "evil", "<iframe> and its content"),
        ("a <object>evil</object>", "evil", "<object> and its content"),
        ("<svg><text>evil</text></svg>", "evil", "<svg> and its content"),
        ("a <form action=x><input value=evil></form>", "evil", "<form>"),
        ("| a |\n|---|\n| b <script>evil</script> |", "evil", "<script> and its content"),
    ],
)
def test_html_that_mail_cannot_show_is_taken_away_and_reported(
    html: str, gone: str, removed: str, read: Read
) -> None:
    issue = read(f"loppu\n\n{html}")

    assert gone not in repr(issue.blocks)
    assert any(removed in finding.message for finding in issue.findings), issue.findings
    assert {f.line for f in issue.findings} <= {7, 9}
    assert {f.severity for f in issue.findings} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("a\n\nb\n\nc <script>x</script>", 9),  # the line of its paragraph
        ("a\n\n- b\n- <script>x</script>", 8),  # of its item in a list
        ("a\n\n| b |\n|---|\n| c |\n| <script>x</script> |", 10),  # of its row
        ("::: box\na\n\n<iframe></iframe>\n:::", 8),  # within a directive
        ("::: quote\na\n\n— b <script>x</script>\n:::", 8),  # in an attribution
    ],
)
def test_removed_html_is_reported_once_with_its_line(body: str, line: int, read: Read) -> None:
    issue = read(body)

    assert [finding.line for finding in issue.findings] == [line]


def test_html_that_mail_can_show_stays(read: Read) -> None:
    prose = only_block(
        read('H<sub>2</sub>O <abbr title="a">b</abbr> <bdi lang="ar">c</bdi>'), Prose
    )

    assert prose.html == ('<p>H<sub>2</sub>O <abbr title="a">b</abbr> <bdi lang="ar">c</bdi></p>')


def test_unclosed_html_is_closed_within_its_block(read: Read) -> None:
    first, second = read("<b>a <i>b\n\nc").blocks

    assert html_of((first,)).startswith("<p><b>a <i>b</i></b></p>")
    assert html_of((second,)) == "<p>c</p>"


# --- limits and doubles -------------------------------------------------------------------


@pytest.mark.parametrize("begin", ["- " * 24, "> " * 40, "1) " * 30, "> - " * 20])
def test_nothing_is_lost_deep_down(begin: str, read: Read) -> None:
    assert "syvällä" in html_of(read(f"{begin}syvällä").blocks)


@pytest.mark.parametrize(
    "body", ["- " * 60 + "a", "> " * 120 + "a", "*a **b " * 80 + "b** a*" * 80, "- > " * 300 + "a"]
)
def test_what_is_nested_too_deeply_to_be_read_is_told(body: str, refuse: Refuse) -> None:
    findings = refuse(f"Alku.\n\n{body}")

    assert [(f.id, f.line) for f in findings] == [("nesting-depth", 7)]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("a[^1]\n\n[^1]: b\n\n[^1]: c", (9, 7)),
        ("[a]\n\n[a]: /b\n[A]: /c", (8, 7)),
        ("THL\n\n*[THL]: b\n*[THL]: c", (8, 7)),
    ],
)
def test_what_is_explained_twice_is_told_with_both_lines(
    body: str, lines: tuple[int, int], refuse: Refuse
) -> None:
    [finding] = refuse(body)

    assert (finding.id, finding.line) == ("explained-twice", lines[0])
    assert f"line {lines[1]}" in finding.message


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("a\n\n[Paikka]: Oulu", 7),  # a line to be read
        ("\\[a]\n\n[a]: /b", 7),
        ("[a](https://x.org)\n\n[a]: /b 'c'", 7),  # the link has an address of its own
        ("`[a][b]`\n\n[b]: /c", 7),
    ],
)
def test_an_address_that_no_link_has_is_an_error(body: str, line: int, refuse: Refuse) -> None:
    [finding] = refuse(body)

    assert (finding.id, finding.line) == ("address-unused", line)


def test_an_address_of_a_link_in_words_of_a_picture_is_used(read: Read) -> None:
    body = "a ![a [b]][c] [D][] ^[[e]]\n\n[b]: /1\n[c]: https://x.org/2.png\n[d]: /3\n[e]: /4"

    assert read(body).findings == ()


def test_dividing_lines_of_inner_blocks_divide_no_columns(read: Read) -> None:
    columns = only_block(
        read("::: columns\na\n\n::: only x=y\nb\n\n---\nc\n:::\n---\nd\n:::"), Columns
    )

    assert [len(cell) for cell in columns.cells] == [2, 1]
