"""Cases of access: language, headings, links, contrast, sizes, order, what is read aloud."""

from tests.checking.cases.dark import bare
from tests.checking.cases.styles import TEXT, styled, with_tag
from tests.checking.desk import ERROR, NOTE, WARNING, Case, in_html, in_style, letter

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
    Case(
        id="a11y-lang", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html('<html lang="fi"', "<html"),
        fine_spoil=in_html('<html lang="fi"', '<html lang="fi-FI"'),
    ),
    Case(
        id="a11y-lang", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html('role="article" lang="fi"', 'role="article"'),
        fine_spoil=in_html('role="article" lang="fi"', 'lang="fi" role="article"'),
    ),
    Case(
        id="a11y-lang", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html('<html lang="fi"', '<html lang="en"'),
    ),
    # no code of a language
    Case(
        id="a11y-lang", severity=ERROR, line=8,
        faulty=letter('Hei.\n\n<p lang="svenska_fi">Hej</p>'),
        fine=letter('Hei.\n\n<p lang="sv-FI">Hej</p>'),
    ),
    # the words of another language, in all of the issue
    Case(
        id="a11y-lang", severity=ERROR, line=6,
        faulty=letter(f"{SWEDISH}\n\n{SWEDISH}"), fine=letter(f"{FINNISH}\n\n{FINNISH}"),
    ),
    # of which one long part of a short issue says nothing
    Case(
        id="a11y-lang", severity=ERROR, line=8,
        faulty=letter(f"Hei!\n\n{SWEDISH}\n\n{SWEDISH}"),
        fine=letter(
            f"Hei ja tervetuloa, mutta tule jo nyt, niin ehdit!\n\n{SENTENCE}\n\n{SENTENCE}"
        ),
    ),
    # in one part
    Case(id="a11y-lang", severity=WARNING, line=8, faulty=BOTH, fine=MARKED),
    # a sentence is too short to matter
    Case(
        id="a11y-lang", severity=WARNING, line=8, faulty=BOTH,
        fine=letter(f"{FINNISH} {FINNISH}\n\n{SENTENCE}"),
    ),
    Case(
        id="a11y-dir", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html(' dir="ltr"', ""), fine_spoil=in_html(' dir="ltr"', ' dir="LTR"'),
    ),
    Case(
        id="a11y-title", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("<title>Joulukuu</title>", "<title> </title>"),
        fine_spoil=in_html("<title>Joulukuu</title>", "<title>Kirje: joulukuu</title>"),
    ),
    Case(
        id="a11y-title", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("<title>Joulukuu</title>", "<title>Kirje</title>"),
    ),
    # --- headings
    Case(
        id="a11y-headings", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("</h1>", "</h1><h1>Toinen</h1>"),
        fine_spoil=in_html("</h1>", "</h1><h2>Toinen</h2>"),
    ),
    # a bold line above a paragraph; a bold sentence
    Case(
        id="a11y-headings", severity=NOTE, line=8,
        faulty=letter("Hei.\n\n**Kesän ohjelma**\n\nTervetuloa."),
        fine=letter("Hei.\n\n**Tule mukaan!**\n\nTervetuloa."),
    ),
    # --- links
    Case(
        id="a11y-link-name", severity=WARNING, line=8,
        faulty=linked("Lue lisää"), fine=linked("Lue lisää päivistä"),
    ),
    Case(
        id="a11y-link-name", severity=WARNING, line=8,
        faulty=linked("Klicka här »"), fine=linked("Klickkurs"),
    ),
    Case(
        id="a11y-link-name", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n::: button https://www.example.org/\nTästä\n:::"),
        fine=letter("Hei.\n\n::: button https://www.example.org/\nIlmoittaudu tästä\n:::"),
    ),
    # an address that is read letter by letter
    Case(
        id="a11y-link-name", severity=NOTE, line=8,
        faulty=letter("Hei.\n\n<https://www.example.org/aineistot/ohje>"),
        fine=letter("Hei.\n\n<https://www.example.org/ohje>"),
    ),
    # the same words for different pages, and twice for one
    Case(
        id="a11y-link-name", severity=WARNING, line=8,
        faulty=letter("[Ohje](https://a.example.org)\n\n[ohje](https://b.example.org)"),
        fine=letter("[Ohje](https://a.example.org)\n\n[ohje](https://a.example.org/)"),
    ),
    # no words at all
    Case(
        id="a11y-link-name", severity=ERROR, line=8,
        faulty=letter('Hei.\n\nHei <a href="https://www.example.org/a"></a>hei'),
        fine=letter('Hei.\n\nHei <a name="a"></a>hei'),
    ),
    # within text, and alone
    Case(
        id="a11y-link-distinct", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('Katso tarkka <a style="text-decoration:none" href="#a">ohje</a>'),
        fine_spoil=with_tag('Katso tarkka <a href="#a">ohje</a>'),
    ),
    # bold among what is not
    Case(
        id="a11y-link-distinct", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('Katso <a style="text-decoration:none;color:blue" href="#a">ohje</a>'),
        fine_spoil=with_tag(
            'Katso <a style="text-decoration:none;font-weight:600" href="#a">ohje</a>'
        ),
    ),
    Case(
        id="a11y-link-distinct", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=in_html("Kohta.", 'Hei sinä <a style="text-decoration:none" href="#a">ohje</a>'),
        fine_spoil=in_html("Kohta.", '<a style="text-decoration:none" href="#a">ohje</a>'),
    ),
    # --- contrast
    # #777777 on white has 4.47, #767676 has 4.54
    Case(
        id="a11y-contrast", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background: #fff; color: #777777"),
        fine_spoil=styled("background: #fff; color: #767676"),
    ),
    # large text needs less, and bold is large sooner
    Case(
        id="a11y-contrast", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background: #fff; color: #777777; font-size: 23px"),
        fine_spoil=styled("background: #fff; color: #777777; font-size: 24px"),
    ),
    Case(
        id="a11y-contrast", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background: #fff; color: #777777; font: bold 18px Arial"),
        fine_spoil=styled("background: #fff; color: #777777; font: bold 14pt Arial"),
    ),
    # half transparent, on what is further out
    Case(
        id="a11y-contrast", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background: #fff; color: rgba(0, 0, 0, .53)"),
        fine_spoil=styled("background: #fff; color: rgba(0, 0, 0, .55)"),
    ),
    # attributes of old, and rules of a style sheet
    Case(
        id="a11y-contrast", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=in_html("Kohta.", '<table bgcolor="#777"><tr><td><font color="white">a</table>'),
        fine_spoil=in_html(
            "Kohta.", '<table bgcolor="#767676"><tr><td><font color="white">a</table>'
        ),
    ),
    Case(
        id="a11y-contrast", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_style("p .x { color: #999 }")(styled("", more='class="x"')(e)),
        fine_spoil=lambda e: in_style("div > .x { color: #999 }")(styled("", more='class="x"')(e)),
    ),
    # what cannot be seen needs no contrast
    Case(
        id="a11y-contrast", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background: #fff; color: #eee"),
        fine_spoil=styled("background: #fff; color: #eee; display: none"),
    ),
    # a picture behind the text
    Case(
        id="a11y-contrast", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background-image: url(https://www.example.org/a.png)"),
        fine_spoil=styled("background: #fff url(https://www.example.org/a.png)"),
    ),
    # --- sizes
    Case(
        id="a11y-font-size", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("font-size: 8.9px"), fine_spoil=styled("font-size: 0"),
    ),
    Case(
        id="a11y-font-size", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("font-size: 13px"), fine_spoil=styled("font-size: 14px"),
    ),
    # lines of a paragraph; a line of its own may be close
    Case(
        id="a11y-font-size", severity=WARNING, line=8, faulty=LONG, fine=LONG,
        spoil=in_html(f"Kohta. {WIDE}", f'<span style="line-height: 1.39">{WIDE}</span>'),
        fine_spoil=in_html(f"Kohta. {WIDE}", f'<span style="line-height: 1.4">{WIDE}</span>'),
    ),
    Case(
        id="a11y-font-size", severity=NOTE, line=8, faulty=LONG, fine=LONG,
        spoil=in_html(f"Kohta. {WIDE}", f'<div align="justify">{WIDE}</div>'),
        fine_spoil=in_html(f"Kohta. {WIDE}", f'<div align="left">{WIDE}</div>'),
    ),
    # zoom
    Case(
        id="a11y-font-size", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("initial-scale=1", "initial-scale=1, user-scalable=no"),
        fine_spoil=in_html("initial-scale=1", "initial-scale=1, maximum-scale=5"),
    ),
    Case(
        id="a11y-font-size", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("initial-scale=1", "initial-scale=1,maximum-scale=1"),
        fine_spoil=in_html("initial-scale=1", "initial-scale=1,user-scalable=yes"),
    ),
    # --- tables
    Case(
        id="a11y-layout-table-role", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=bare("<table><tr><td>Hei</table>"),
        fine_spoil=bare('<table role="none"><tr><td>Hei</table>'),
    ),
    # the author's own
    Case(
        id="a11y-layout-table-role", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n<table><tr><td>a</td></tr></table>"),
        fine=letter('Hei.\n\n<table><tr><th scope="col">a</th></tr></table>'),
    ),
    Case(
        id="a11y-layout-table-role", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n<table><tr><th>a</th></tr></table>"),
        fine=letter("Hei.\n\n| a |\n|---|\n| b |"),
    ),
    # --- order
    Case(
        id="a11y-reading-order", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("float: right"), fine_spoil=styled("float: left"),
    ),
    Case(
        id="a11y-reading-order", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_style("@media print { .a { display: table-header-group } }"),
        fine_spoil=in_style("@media print { .a { display: table-row } }"),
    ),
    # --- thumbs
    Case(
        id="a11y-target-size", severity=NOTE, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag(two_links("line-height: 23px")),
        fine_spoil=with_tag(two_links("line-height: 23px; padding-top: 1px")),
    ),
    # --- signs
    Case(
        id="a11y-emoji", severity=NOTE, line=8,
        faulty=letter("Hei.\n\nOnnea 🎉🎉 🎉🎉"), fine=letter("Hei.\n\nOnnea 🎉🎉 👩‍👩‍👧"),
    ),
    Case(
        id="a11y-emoji", severity=NOTE, line=8,
        faulty=linked("👍🏽"), fine=linked("👍🏽 Ilmoittaudu"),
    ),
    Case(
        id="a11y-emoji", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="𝐓𝐞𝐫𝐯𝐞𝐭𝐮𝐥𝐨𝐚"), fine=letter("Hei.", subject="Tervetuloa 𝑥"),
    ),
    Case(
        id="a11y-emoji", severity=NOTE, line=8,
        faulty=letter("Hei.\n\nHei ======= hei"), fine=letter("Hei.\n\nHei === hei\n\n---\n\nHei"),
    ),
    # --- hidden from some
    Case(
        id="a11y-hidden", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<span aria-hidden="true"><a href="#a">ohje</a></span>'),
        fine_spoil=with_tag('<span aria-hidden="true"><a name="a">ohje</a></span>'),
    ),
]  # fmt: skip
