"""The text part is written for reading, not left over from the HTML."""

import pytest

from tests.render.conftest import Render

LONG = "https://example.org/" + "x" * 80


def body_of(text: str) -> str:
    """Return what stands between the subject and the footer."""
    return text.split("======\n\n", 1)[1].split("\n--\n", 1)[0].split("\n-- \n", 1)[0].strip("\n")


def notes_of(text: str) -> list[str]:
    """Return the numbered links at the end."""
    return text.split("Linkit:\n")[1].strip().split("\n") if "Linkit:" in text else []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # inline
        ("a *b* **c** ~~d~~ `e  f` <u>g</u>", "a b c [ei enää: d] e f g"),
        ("a\nb  \nc<br>d", "a b\nc\nd"),  # breaks that the author wants
        ("&lt;b&gt; &amp; &copy;", "<b> & ©"),
        ("a\u00a0b", "a\u00a0b"),  # a no-break space stays one
        # headings
        ("## a b\n\nc", "a b\n---\n\nc"),
        ("### a b\n\nc", "a b\n\nc"),
        # lists
        ("- a\n- b\n\nc", "- a\n- b\n\nc"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n  - b\n    - c\n- d", "- a\n  - b\n    - c\n- d"),
        ("1. a\n   - b\n2. c", "1. a\n   - b\n2. c"),
        ("- a\n\n  b\n\n- c", "- a\n\n  b\n\n- c"),
        ("- a\n\n  ```\n  x\n    y\n  ```", "- a\n\n      x\n        y"),
        ("9. a\n10. b\n    c", "9. a\n10. b c"),
        # quotes
        ("> a\n> b", "> a b"),
        ("> > a", "> > a"),
        ("> - a\n> - b", "> - a\n> - b"),
        ("::: quote\na\n\n— Maija\n:::", "> a\n\n> — Maija"),
        # code is kept as it is
        ("```\na  b\n\n  c\n```", "    a  b\n\n      c"),
        ("    a\n      b", "    a\n      b"),
        ("> ```\n> a  b\n> ```", ">     a  b"),
        # dividers and boxes
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("::: box\na\n:::", "-" * 72 + "\n\na\n\n" + "-" * 72),
        ("::: columns\na\n---\nb\n:::", "a\n\nb"),
        # pictures speak
        ("![Kesä](https://example.org/a.png)", "[Kuva: Kesä]"),
        ("a ![b](https://example.org/a.png) c", "a [Kuva: b] c"),
        ("a ![](https://example.org/a.png) c", "a c"),  # one that only decorates
        # footnotes
        ("a[^x]\n\n[^x]: b", "a(1)\n\n(1) b"),
        # buttons
        (
            "::: button https://example.org/?a=b\n*Tule* mukaan\n:::",
            "=> Tule mukaan\n   https://example.org/?a=b",
        ),
        # what is struck through
        ("Kokous ~~3.12.~~ 10.12.", "Kokous [ei enää: 3.12.] 10.12."),
        ("<s>100 €</s> 80 € <del>heti</del>", "[ei enää: 100\u00a0€] 80\u00a0€ [ei enää: heti]"),
        # HTML
        ("joku~~nen~~ ja ~~jo~~skus ja ~~a~~*b*", "jokunen ja joskus ja ab"),
        ("<b><s>kala</s></b>n ja a<i><s>b</s></i>", "kalan ja ab"),  # touched from within
        ("*~~a~~* b ~~~~c~~~~", "[ei enää: a] b [ei enää: c]"),
        ("a  \n~~b~~  \nc", "a\n[ei enää: b]\nc"),
        ("<q>a</q> b", "”a” b"),
        ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a\n\nb"),
    ],
)  # fmt: skip
def test_blocks_are_readable_as_text(body: str, text: str, render: Render) -> None:
    assert body_of(render(body).text) == text


# --- wrapping -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "begin", "rest"),
    [
        ("{}", "", ""),  # a paragraph
        ("- {}", "- ", "  "),  # a list
        ("1. {}", "1. ", "   "),  # a numbered one
        ("- - {}", "- - ", "    "),  # a list in a list
        ("> {}", "> ", "> "),  # a quote
        ("> - {}", "> - ", ">   "),  # a list in a quote
        ("::: quote\n{}\n:::", "> ", "> "),  # a quote of the newsletter
        ("::: columns\n{}\n---\nx\n:::", "", ""),  # columns
        ("a[^1]\n\n[^1]: {}", "(1) ", "    "),  # a footnote
    ],
)
def test_text_is_wrapped_at_72_characters(body: str, begin: str, rest: str, render: Render) -> None:
    words = " ".join(["sana"] * 60)

    lines = [
        line for line in body_of(render(body.format(words)).text).split("\n") if "sana" in line
    ]

    assert lines[0].startswith(begin + "sana")
    assert all(line.startswith(rest + "sana") for line in lines[1:])
    assert all(72 - len(" sana") < len(line) <= 72 for line in lines[:-1])


def test_words_and_addresses_are_never_broken(render: Render) -> None:
    word = "epäjärjestelmällistyttämättömyydellänsäkäänköhän" * 2

    text = body_of(render(f"a {word} b {LONG} c-d").text)

    assert text.split() == ["a", word, "b", LONG, "c-d"]


def test_words_with_hyphens_stay_on_one_line(render: Render) -> None:
    text = body_of(render("aa-bb " * 50).text)

    assert {word for line in text.split("\n") for word in line.split(" ")} == {"aa-bb"}


# --- links --------------------------------------------------------------------------------


def test_links_are_numbered_notes_each_address_once(render: Render) -> None:
    text = render(
        "[a](https://example.org/a) [b](https://example.org/b) [c](https://example.org/a)\n\n"
        "- [d](https://example.org/d)\n\n| [e](https://example.org/b) |\n|---|\n\n"
        "> [f](https://example.org/f)\n\n[![g](https://example.org/g.png)](https://example.org/g)"
    ).text

    assert "a [1] b [2] c [1]" in text
    assert "- d [3]" in text
    assert "e [2]" in text
    assert "> f [4]" in text
    assert "[Kuva: g] [5]" in text
    assert notes_of(text) == [
        f"[{n}] https://example.org/{letter}" for n, letter in enumerate("abdfg", 1)
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<https://example.org/a>", "https://example.org/a"),  # shows its address
        ("[https://example.org/a](https://example.org/a)", "https://example.org/a"),
        ("<maija@example.org>", "maija@example.org"),
        ("[maija@example.org](mailto:maija@example.org?subject=x)", "maija@example.org"),
        ('<a name="x"></a>a', "a"),  # leads nowhere
        ("[a](#s1)", "a"),  # leads to a place on the page
    ],
)
def test_link_that_shows_its_address_needs_no_note(body: str, text: str, render: Render) -> None:
    edition = render(body)

    assert body_of(edition.text) == text
    assert notes_of(edition.text) == []


def test_addresses_in_notes_are_written_as_they_work(render: Render) -> None:
    text = render(
        f"[a](https://example.org/?a=b&amp;c=d) [b](<https://x.org/a b>) [c]({LONG})"
    ).text

    assert notes_of(text) == [
        "[1] https://example.org/?a=b&c=d",
        "[2] https://x.org/a%20b",
        f"[3] {LONG}",
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("[kysely](https://example.org/)yn", "kyselyyn [1]"),  # an ending
        ("[kysely](https://example.org/).", "kysely [1]."),  # a full stop
        ("([kysely](https://example.org/))", "(kysely [1])"),  # in brackets
        ("[kysely](https://example.org/) on", "kysely [1] on"),  # a space
    ],
)
def test_note_breaks_no_word(body: str, text: str, render: Render) -> None:
    assert body_of(render(body).text) == text


# --- tables -------------------------------------------------------------------------------


def test_table_is_aligned(render: Render) -> None:
    text = render(
        "| Nimi | Määrä | x |\n|:--|--:|:-:|\n| Aa | 1 | y |\n| B | **1000** | zzz |"
    ).text

    assert body_of(text).split("\n") == [
        "Nimi  Määrä   x",
        "----  -----  ---",
        "Aa        1   y",
        "B      1000  zzz",
    ]


def test_wide_table_becomes_a_line_for_each_row(render: Render) -> None:
    wide = " ".join(["sana"] * 20)

    text = body_of(render(f"| Nimi | Teksti |\n|---|---|\n| a | {wide} |").text)

    assert text.split("\n") == [
        "- Nimi | Teksti",
        "- a | " + " ".join(["sana"] * 13),
        "  " + " ".join(["sana"] * 7),
    ]


def test_table_in_a_quote_keeps_its_columns(render: Render) -> None:
    text = body_of(render("::: quote\n| a | b |\n|---|---|\n| c | d |\n:::").text)

    assert text.split("\n") == ["> a  b", "> -  -", "> c  d"]


def test_table_of_html_is_readable(render: Render) -> None:
    text = body_of(
        render("<table><caption>a</caption><tr><th>b</th><td>c<br>d</td></tr></table>").text
    )

    assert text == "a\n- b | c d"


# --- the whole ----------------------------------------------------------------------------


def test_text_begins_with_title_and_subject_and_ends_with_one_line_feed(render: Render) -> None:
    text = render("Hei").text

    assert text.startswith("Uutiskirje\njoulukuu 2026\n\nKysely\n======\n\nHei\n\n")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_long_subject_is_underlined_as_wide_as_it_is(render: Render) -> None:
    text = render("Hei", front=f"subject: {'sana ' * 30}\ndate: 2026-12-15").text

    lines = text.split("\n")
    underline = next(line for line in lines if line and not line.strip("="))
    assert len(underline) == max(len(line) for line in lines if "sana" in line)


def test_no_three_empty_lines_and_no_space_at_a_line_end(render: Render) -> None:
    text = render("a\n\n::: box\n::: only x=y\n- b\n\n  c\n:::\n:::\n\n> d\n\n***\n\n## e").text

    assert "\n\n\n" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("KEHA-keskus ja KEHA.", "KEHA-keskus (Kehittämiskeskus) ja KEHA."),
        ("KEHA:n väki", "KEHA:n (Kehittämiskeskus) väki"),  # a case ending
        ("KEHA.", "KEHA (Kehittämiskeskus)."),
        ('"KEHA"', "”KEHA (Kehittämiskeskus)”"),
        ("KEHA's plan", "KEHA’s (Kehittämiskeskus) plan"),  # a possessive
        ("KEHAn KEHA", "KEHAn KEHA (Kehittämiskeskus)"),  # no whole word
        ("KEHA- ja EU-tuki", "KEHA- (Kehittämiskeskus) ja EU-tuki (Euroopan unioni)"),
        ("EU-KEHA-tuki", "EU-KEHA-tuki (Euroopan unioni; Kehittämiskeskus)"),
        ("EU/KEHA-tuki", "EU/KEHA-tuki (Euroopan unioni; Kehittämiskeskus)"),
        ("EU/muut", "EU (Euroopan unioni)/muut"),
        ("**EU**-tuki", "EU-tuki (Euroopan unioni)"),
        ("EU – KEHA", "EU (Euroopan unioni)\u00a0– KEHA (Kehittämiskeskus)"),
        # links, whose numbers come last
        ("[KEHA](https://a.example/)-keskus", "KEHA-keskus (Kehittämiskeskus) [1]"),
        ("[KEHA-keskus](https://a.example/)", "KEHA-keskus (Kehittämiskeskus) [1]"),
        ("[tuki](https://a.example/)-keskus", "tuki-keskus [1]"),
        ("[tuki](https://a.example/):n", "tuki:n [1]"),
        # headings wait for the text, if it has the word
        ("## EU-tuki\n\nEU-mies", "EU-tuki\n-------\n\nEU-mies (Euroopan unioni)"),
        ("## EU-tuki", "EU-tuki (Euroopan unioni)\n-------------------------"),
        ("::: box\n### EU-tuki\n\n- a\n:::", "-" * 72 + "\n\nEU-tuki (Euroopan unioni)\n\n- a"),
        ("::: box\n### EU-tuki\n\n- EU\n:::", "-" * 72 + "\n\nEU-tuki\n\n- EU (Euroopan unioni)"),
        # tables and items
        ("- EU:n", "- EU:n (Euroopan unioni)"),
        ("| EU:n |\n|---|\n| c |", "EU:n (Euroopan unioni)\n----------------------"),
    ],
)
def test_an_abbreviation_is_explained_after_the_word_it_is_in(
    body: str, text: str, render: Render
) -> None:
    explained = "\n\n*[KEHA]: Kehittämiskeskus\n*[EU]: Euroopan unioni"

    assert body_of(render(body + explained).text).startswith(text)


def test_the_contents_explain_nothing(render: Render) -> None:
    sections = "".join(f"## EU-osa {n}\n\nEU:n osa\n\n" for n in range(4))
    text = render(f"{sections}\n*[EU]: Euroopan unioni").text

    assert "- EU-osa 0\n- EU-osa 1" in text
    assert text.count("(Euroopan unioni)") == 1
    assert "EU:n (Euroopan unioni) osa" in text


@pytest.mark.parametrize(
    ("language", "name"),
    [("fi", "Takaisin tekstiin"), ("sv", "Tillbaka till texten"), ("en", "Back to the text")],
)
def test_the_way_back_is_named_in_html_and_absent_from_text(
    language: str, name: str, render: Render
) -> None:
    edition = render("a[^1]\n\n[^1]: Selitys.", language=language)

    assert f'aria-label="{name}"' in edition.html
    assert "\n(1) Selitys.\n" in edition.text
    assert "↩" not in edition.text


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ("[katso alta](#osa-kaksi).", "katso alta (”Osa kaksi”)."),
        ("[kohdassa](#osa-kaksi)han", "kohdassahan (”Osa kaksi”)"),
        ("ks. [osa kaksi](#osa-kaksi).", "ks.\u00a0osa kaksi."),  # the words say so
        ("::: button #osa-kaksi\nSiirry\n:::", "=> Siirry (”Osa kaksi”)"),
        ("[a](#osa-kolme)", "a (”Osa ’kolme’”)"),
        ("a[^1]\n\n[^1]: b", "a(1)"),
    ],
)
def test_a_link_to_a_heading_names_it(link: str, text: str, render: Render) -> None:
    edition = render(f'{link}\n\n## Osa kaksi[^2]\n\n## Osa "kolme"\n\n[^2]: c')

    assert f"\n{text}\n" in edition.text
    assert "[1]" not in edition.text
