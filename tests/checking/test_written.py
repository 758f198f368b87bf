"""What stands in the file is what readers find, word for word and number for number."""

import pytest

from newsletter.checking.instruments import find_lost, words_in_html, written_words
from newsletter.checking.words.text import check_words
from newsletter.model import Finding
from tests.checking.conftest import Maker
from tests.checking.desk import letter


def words(body: str, *met: str) -> list[str]:
    """Return the words of a body, parts of one joined by a plus; without what may be left out."""
    return [
        "+".join(part for n, part in enumerate(word.parts) if n not in word.optional)
        for word in written_words(letter(body), frozenset(met))
        if not word.is_doubtful
    ]


# --- reading the file ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # signs of Markdown
        ("## a *b* **c** ~~d~~ _e_ __f__ `g`", "a b c d e f g"),
        ("**Hel**sinki 5*3*2 a\\*b a\\_b C:\\_tmp", "Hel+sinki 5+3+2 a b a b C tmp"),
        ("1. a\n2) b\n- c\n> d\n| e | f |\n|---|:-:|", "1 a 2 b c d e f"),
        ("&ouml; &#228; &#xe4; &amp; &foo; `&ouml;`", "ö ä ä foo ouml"),
        # addresses
        ("[a](https://x.org/1 \"2\") ![b](c.png) [d](<e f> '3')[g](h(i(j)))", "a b d+g"),
        ("<https://x.org/5> <a@x.org> https://x.org", "https x org"),
        ("[a][b] [c][] [d]\n\n[b]: /1\n[c]: /2 'x y'\n[d]:\n  /3\n  'x'", "a c d"),
        ("[a]: /1", "a 1"),  # nothing refers to it
        ("[a]\n\n[a]: /1\n[a]: /2", "a a 2"),  # it is the second
        ("THL\n\n*[THL]: Terveys", "THL"),
        # what nobody sees
        ("a <!-- b --> c <!-- d\n\ne --> f `<!-- g -->` <!--> h", "a c f g h"),
        ("<!--\n::: only a=b\n-->\na", "a"),
        ("a<script>b</script>c<br>d<b>e</b>", "a+c d+e"),
        ("a<b ja x > y", "a b ja x y"),  # no tag at all
        ("<p class=Mso><o:p>a</o:p></p>", "a"),  # as Word writes it
        # code
        ("```python\na *b* [c](d) <e>\n```\nf", "a b c d e f"),
        ("> ~~~\n> a\nb", "a b"),
        # directives
        ("::: button https://x.org/1\na\n:::\n::: divider\n:::\n", "a"),
        ("```\n::: box\n```", "box"),
        # footnotes
        ("a[^1] b^[c]\n\n[^1]: d [^2]\n\n    e\n\n[^2]: f", "a b c d e f"),
        ("a\n\n[^1]: b\n    c\n\nd", "a d"),
    ],
)
def test_the_file_is_read_for_its_words(body: str, expected: str) -> None:
    assert " ".join(words(body)) == expected


def test_only_what_a_reader_may_see_counts() -> None:
    body = (
        "a\n::: only region=Lappi\nb[^1]\n::: box\nc\n::: divider\n:::\n:::\n"
        '::: only Region = "Savo"\nd\n::: divider\n:::\ne\n\n[^1]: f'
    )

    assert words(body) == ["a", "e"]
    assert words(body, "region=Lappi") == ["a", "b", "c", "e", "f"]
    assert words(body, "region=Savo") == ["a", "d", "e"]


def test_each_word_knows_its_line() -> None:
    found = written_words(letter("a\n\n<!-- x\ny -->\n[b](c\n'd')\ne"), frozenset())

    assert [(word.parts, word.line) for word in found if not word.is_doubtful] == [
        (("a",), 6),
        (("b",), 10),
        (("e",), 12),
    ]


# --- comparing ----------------------------------------------------------------------------


def test_numbers_of_lists_are_words_of_a_page() -> None:
    html = '<ol start="3"><li>a<ul><li>b</li></ul></li><li value="9">c<ol><li>d</li></ol></li></ol>'

    assert words_in_html(html) == ["3", "a", "b", "9", "c", "1", "d"]


@pytest.mark.parametrize(
    ("written", "shown", "lost"),
    [
        ("10. joulukuuta", "10 joulukuuta", []),
        ("10. joulukuuta", "4 joulukuuta", ["10"]),
        ("10. joulukuuta", "4 joulukuuta " + "x " * 9 + "10", ["10"]),  # it is another's
        ("a a", "a b", ["a"]),
        ("5*3*2", "532", ["532"]),
        ("**Hel**sinki", "Helsinki", []),
        ("x*y*z", "x y z", []),
        ("a***b***c", "ab c", []),  # the signs that join nothing are shown
        ("a***b***c", "a c", ["abc"]),
        ("a<https://x.org/b>c", "ahttps x org bc", []),
        ("a<https://x.org/b>c", "https x org bc", ["a"]),
        ("[a][b]c", "a b c", []),  # its label leads nowhere
    ],
)
def test_what_is_not_shown_as_often_or_beside_its_neighbour_is_lost(
    written: str, shown: str, lost: list[str]
) -> None:
    found = find_lost(written_words(letter(written), frozenset()), shown.split())

    assert [word.whole.replace(" ", "") for word in found] == lost


# --- whole issues -------------------------------------------------------------------------


def lost_in(draft_of: Maker, body: str) -> list[Finding]:
    """Return what is lost on the way of a body to its readers."""
    return [f for f in check_words(draft_of(letter(body))) if isinstance(f, Finding)]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Hei.\n\n5*3*2 = 30", 8),  # signs of times, taken for italics
        ("Hei.\n\n1.\n2.", 9),  # items with nothing in them
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", 8),  # a cell too many
        ("Hei.\n\n~~~ Tärkeää huomata ~~~\na", 8),  # what would name a language of code
        ("Hei.\n\n``` muista nyt tämäkin\na\n```", 8),
    ],
)
def test_what_markdown_swallows_is_told_on_its_line(body: str, line: int, draft_of: Maker) -> None:
    found = lost_in(draft_of, body)

    assert line in {f.line for f in found}


@pytest.mark.parametrize(
    "body",
    [
        "3. joulukuuta a\n\n16. joulukuuta b\n\n- 24. 12.\n- 1. krs\n\n1. a\n2. b\n   1. c",
        "a[^1] 10<sup>2</sup> H<sub>2</sub>O\n\n[^1]: 5. luokka",
        "| a | 5 |\n|---|--:|\n| [x 7](https://x.org/8) | <https://x.org/9> |",
        "THL 2026 THL 2027\n\n*[THL]: Terveyden ja hyvinvoinnin laitos, jonka nimi on pitkä",
        '::: quote\n3. maaliskuuta\n\n— Maija 5\n:::\n\n![Kuva 6](p.png "7")',
        # words that touch what leads elsewhere
        "a<https://x.org/b>c d<e@x.org>f **g<https://x.org/?h=**>",
        "työ[paja](https://x.org)ssa a![b](p.png)c x[^1]y\n\n[^1]: z",
        "![`<!-- a --> *b* > c`](p.png) d ![`<e> f`](p.png)",  # signs in the words of a picture
        # a number beside a long address, or a label
        "1. <https://www.example.org/a/b/c/d/e/f/g/h> selitys\n2. [b][c] 5\n\n[c]: https://x.org",
        # labels, of which some are shown
        "[a][b][c] [d][e\\[] [[f](https://x.org)][c]g\n\n[c]: https://x.org\n[e\\[]: https://y.org",
        "[a][b][c]\n\n[b]: https://x.org\n[c]: https://y.org",
        "- [a]: https://x.org\n- [a] b",  # nothing of its line is shown but where it leads
        # signs that join words, and such as are shown
        "a******b*********c _d_*e* f***g***h __i__`j` ~~k~~l",
        "    f&ouml;f *a* [b](c)\n\n- x\n\n      &auml;&auml;",  # code
        "&notit; &copy &shy;a&shy;b &#x263a; &#0; &ThickSpace;c",  # entities, and what is none
        "a \\` b <!-- c --> `d` \\`` e",  # a sign of code that is none
        "<details open>a</details>",
        # declarations for programs: what is no comment is text
        "a <?x y?> b <![CDATA[ c ]]> d <!DOCTYPE e> f <!g h>",
        "<?php\n\necho 1;\n\n?>\n\n<![CDATA[\n\na\n\n]]>\n\n<!DOCTYPE html>\n\n<div><?b c?></div>",
        "Hei {{ name|\"sinä 5\" }}lle 6\n\n```\n{{ name }} 7 &auml;\n```\n\n    koodi 8",
    ],
)  # fmt: skip
def test_what_is_shown_is_not_told(body: str, draft_of: Maker) -> None:
    assert lost_in(draft_of, body) == []
