"""Cases of access: language, headings, links, contrast, sizes, order, what is read aloud."""

from tests.checking.cases.dark import bare
from tests.checking.cases.styles import styled, with_tag
from tests.checking.desk import (
    ERROR,
    NOTE,
    WARNING,
    Case,
    in_body,
    in_html,
    in_style,
    in_subject,
    letter,
    on_page,
)

SWEDISH = (
    "Vi ses på hösten och det är roligt att så många har anmält sig till dagarna. Det finns"
    " ännu plats för dem som inte har hunnit med, och vi hoppas att alla kommer."
)  # 33 words
SENTENCE = " ".join(SWEDISH.split()[:29])
FINNISH = (
    "Syksyn päivät lähestyvät, ja moni on jo ilmoittautunut mukaan. Paikkoja on vielä jäljellä,"
    " mutta kannattaa kiirehtiä, koska ne täyttyvät nopeasti niin kuin aina ennenkin syksyisin."
)
BOTH = letter(f"{FINNISH} {FINNISH}\n\n{SWEDISH}\n\n{FINNISH}")
MARKED = letter(f'{FINNISH} {FINNISH}\n\n<span lang="sv">{SWEDISH}</span>\n\n{FINNISH}')
WIDE = (
    "Tätä riviä jatkuu niin pitkään, että se taittuu ainakin kerran, oli ruutu miten leveä tahansa."
)
LONG = letter(f"Alku.\n\nKohta. {WIDE}")


def linked(words: str) -> str:
    """Return an issue with a link of these words on line 8."""
    return letter(f"Hei.\n\n[{words}](https://www.example.org/a)")


def two_links(style: str) -> str:
    """Return a line that is a link above another one."""
    return f'<div style="{style}"><a href="#a">a</a></div><div><a href="#b">b</a></div>'


CASES = [
    # --- language
    # nowhere told; told on the page alone; told wrongly
    on_page("a11y-lang", ERROR, None,
            in_html('<html lang="fi"', "<html"), in_html('<html lang="fi"', '<html lang="fi-FI"')),
    on_page("a11y-lang", WARNING, None,
            in_html('role="article" lang="fi"', 'role="article"'),
            in_html('role="article" lang="fi"', 'lang="fi" role="article"')),
    on_page("a11y-lang", ERROR, None, in_html('<html lang="fi"', '<html lang="en"')),
    # no code of a language
    in_body("a11y-lang", ERROR, 8,
            'Hei.\n\n<p lang="svenska_fi">Hej</p>', 'Hei.\n\n<p lang="sv-FI">Hej</p>'),
    # the words of another language, in all of the issue
    in_body("a11y-lang", ERROR, 6, f"{SWEDISH}\n\n{SWEDISH}", f"{FINNISH}\n\n{FINNISH}"),
    # of which one long part of a short issue says nothing
    in_body("a11y-lang", ERROR, 8,
            f"Hei!\n\n{SWEDISH}\n\n{SWEDISH}",
            f"Hei ja tervetuloa, mutta tule jo nyt, niin ehdit!\n\n{SENTENCE}\n\n{SENTENCE}"),
    # in one part
    Case("a11y-lang", WARNING, 8, BOTH, MARKED),
    # a sentence is too short to matter
    Case("a11y-lang", WARNING, 8, BOTH, letter(f"{FINNISH} {FINNISH}\n\n{SENTENCE}")),
    on_page("a11y-dir", WARNING, None,
            in_html(' dir="ltr"', ""), in_html(' dir="ltr"', ' dir="LTR"')),
    on_page("a11y-title", ERROR, None,
            in_html("<title>Joulukuu</title>", "<title> </title>"),
            in_html("<title>Joulukuu</title>", "<title>Kirje: joulukuu</title>")),
    on_page("a11y-title", WARNING, None,
            in_html("<title>Joulukuu</title>", "<title>Kirje</title>")),
    # --- headings
    on_page("a11y-headings", WARNING, None,
            in_html("</h1>", "</h1><h1>Toinen</h1>"), in_html("</h1>", "</h1><h2>Toinen</h2>")),
    # a bold line above a paragraph; a bold sentence
    in_body("a11y-headings", NOTE, 8,
            "Hei.\n\n**Kesän ohjelma**\n\nTervetuloa.", "Hei.\n\n**Tule mukaan!**\n\nTervetuloa."),
    # --- links
    Case("a11y-link-name", WARNING, 8, linked("Lue lisää"), linked("Lue lisää päivistä")),
    Case("a11y-link-name", WARNING, 8, linked("Klicka här »"), linked("Klickkurs")),
    in_body("a11y-link-name", WARNING, 8,
            "Hei.\n\n::: button https://www.example.org/\nTästä\n:::",
            "Hei.\n\n::: button https://www.example.org/\nIlmoittaudu tästä\n:::"),
    # an address that is read letter by letter
    in_body("a11y-link-name", NOTE, 8,
            "Hei.\n\n<https://www.example.org/aineistot/ohje>",
            "Hei.\n\n<https://www.example.org/ohje>"),
    # the same words for different pages, and twice for one
    in_body("a11y-link-name", WARNING, 8,
            "[Ohje](https://a.example.org)\n\n[ohje](https://b.example.org)",
            "[Ohje](https://a.example.org)\n\n[ohje](https://a.example.org/)"),
    # no words at all
    in_body("a11y-link-name", ERROR, 8,
            'Hei.\n\nHei <a href="https://www.example.org/a"></a>hei',
            'Hei.\n\nHei <a name="a"></a>hei'),
    # within text, and alone
    on_page("a11y-link-distinct", WARNING, 8,
            with_tag('Katso tarkka <a style="text-decoration:none" href="#a">ohje</a>'),
            with_tag('Katso tarkka <a href="#a">ohje</a>')),
    # a word, and an arrow
    on_page("a11y-link-distinct", WARNING, 8,
            with_tag('Katso tarkka <a style="text-decoration:none" href="#a">ohje</a>'),
            with_tag(
     'Katso ohje <a style="text-decoration:none" aria-label="takaisin" href="#a">↩</a>'
 )),
    # bold among what is not
    on_page("a11y-link-distinct", WARNING, 8,
            with_tag('Katso <a style="text-decoration:none;color:blue" href="#a">ohje</a>'),
            with_tag(
     'Katso <a style="text-decoration:none;font-weight:600" href="#a">ohje</a>'
 )),
    on_page("a11y-link-distinct", WARNING, 8,
            in_html("Kohta.", 'Hei sinä <a style="text-decoration:none" href="#a">ohje</a>'),
            in_html("Kohta.", '<a style="text-decoration:none" href="#a">ohje</a>')),
    # --- contrast
    # #777777 on white has 4.47, #767676 has 4.54
    on_page("a11y-contrast", ERROR, 8,
            styled("background: #fff; color: #777777"), styled("background: #fff; color: #767676")),
    # large text needs less, and bold is large sooner
    on_page("a11y-contrast", ERROR, 8,
            styled("background: #fff; color: #777777; font-size: 23px"),
            styled("background: #fff; color: #777777; font-size: 24px")),
    on_page("a11y-contrast", ERROR, 8,
            styled("background: #fff; color: #777777; font: bold 18px Arial"),
            styled("background: #fff; color: #777777; font: bold 14pt Arial")),
    # half transparent, on what is further out
    on_page("a11y-contrast", ERROR, 8,
            styled("background: #fff; color: rgba(0, 0, 0, .53)"),
            styled("background: #fff; color: rgba(0, 0, 0, .55)")),
    # attributes of old, and rules of a style sheet
    on_page("a11y-contrast", ERROR, 8,
            in_html("Kohta.", '<table bgcolor="#777"><tr><td><font color="white">a</table>'),
            in_html(
     "Kohta.", '<table bgcolor="#767676"><tr><td><font color="white">a</table>'
 )),
    on_page("a11y-contrast", ERROR, 8,
            lambda e: in_style("p .x { color: #999 }")(styled("", more='class="x"')(e)),
            lambda e: in_style("div > .x { color: #999 }")(styled("", more='class="x"')(e))),
    # what cannot be seen needs no contrast
    on_page("a11y-contrast", ERROR, 8,
            styled("background: #fff; color: #eee"),
            styled("background: #fff; color: #eee; display: none")),
    # a picture behind the text
    on_page("a11y-contrast", WARNING, 8,
            styled("background-image: url(https://www.example.org/a.png)"),
            styled("background: #fff url(https://www.example.org/a.png)")),
    # --- sizes
    on_page("a11y-font-size", ERROR, 8, styled("font-size: 8.9px"), styled("font-size: 0")),
    on_page("a11y-font-size", WARNING, 8, styled("font-size: 13px"), styled("font-size: 14px")),
    # lines of a paragraph; a line of its own may be close
    Case("a11y-font-size", WARNING, 8,
         LONG,
         spoil=in_html(f"Kohta. {WIDE}", f'<span style="line-height: 1.39">{WIDE}</span>'),
         fine_spoil=in_html(f"Kohta. {WIDE}", f'<span style="line-height: 1.4">{WIDE}</span>')),
    Case("a11y-font-size", NOTE, 8,
         LONG,
         spoil=in_html(f"Kohta. {WIDE}", f'<div align="justify">{WIDE}</div>'),
         fine_spoil=in_html(f"Kohta. {WIDE}", f'<div align="left">{WIDE}</div>')),
    # zoom
    on_page("a11y-font-size", ERROR, None,
            in_html("initial-scale=1", "initial-scale=1, user-scalable=no"),
            in_html("initial-scale=1", "initial-scale=1, maximum-scale=5")),
    on_page("a11y-font-size", ERROR, None,
            in_html("initial-scale=1", "initial-scale=1,maximum-scale=1"),
            in_html("initial-scale=1", "initial-scale=1,user-scalable=yes")),
    # --- tables
    on_page("a11y-layout-table-role", ERROR, None,
            bare("<table><tr><td>Hei</table>"), bare('<table role="none"><tr><td>Hei</table>')),
    # the author's own
    in_body("a11y-layout-table-role", WARNING, 8,
            "Hei.\n\n<table><tr><td>a</td></tr></table>",
            'Hei.\n\n<table><tr><th scope="col">a</th></tr></table>'),
    in_body("a11y-layout-table-role", WARNING, 8,
            "Hei.\n\n<table><tr><th>a</th></tr></table>", "Hei.\n\n| a |\n|---|\n| b |"),
    # --- order
    on_page("a11y-reading-order", WARNING, 8, styled("float: right"), styled("float: left")),
    on_page("a11y-reading-order", WARNING, None,
            in_style("@media print { .a { display: table-header-group } }"),
            in_style("@media print { .a { display: table-row } }")),
    # --- thumbs
    on_page("a11y-target-size", NOTE, 8,
            with_tag(two_links("line-height: 23px")),
            with_tag(two_links("line-height: 23px; padding-top: 1px"))),
    # --- signs
    in_body("a11y-emoji", NOTE, 8, "Hei.\n\nOnnea 🎉🎉 🎉🎉", "Hei.\n\nOnnea 🎉🎉 👩‍👩‍👧"),
    Case("a11y-emoji", NOTE, 8, linked("👍🏽"), linked("👍🏽 Ilmoittaudu")),
    in_subject("a11y-emoji", WARNING, "𝐓𝐞𝐫𝐯𝐞𝐭𝐮𝐥𝐨𝐚", "Tervetuloa 𝑥"),
    in_body("a11y-emoji", NOTE, 8, "Hei.\n\nHei ======= hei", "Hei.\n\nHei === hei\n\n---\n\nHei"),
    # --- hidden from some
    on_page("a11y-hidden", WARNING, 8,
            with_tag('<span aria-hidden="true"><a href="#a">ohje</a></span>'),
            with_tag('<span aria-hidden="true"><a name="a">ohje</a></span>')),
]  # fmt: skip
