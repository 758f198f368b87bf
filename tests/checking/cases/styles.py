"""Cases of CSS and HTML: what programs drop, what they drop with it, and what must be whole."""

import re

from newsletter.model import Edition
from tests.checking.desk import (
    ERROR,
    NOTE,
    WARNING,
    Case,
    Spoil,
    in_html,
    in_style,
    letter,
)

TEXT = letter("Alku.\n\nKohta.")  # “Kohta.” stands on line 8
ORANGE = '[check]\nclients = ["orange"]\n'
GMAIL = '[check]\nclients = ["gmail"]\n'
APPLE = '[check]\nclients = ["apple-mail"]\n'
OUTLOOK = '[check]\nclients = ["outlook.windows"]\n'


def styled(style: str, *, tag: str = "span", more: str = "") -> Spoil:
    """Give the word on line 8 a style."""
    return in_html("Kohta.", f'<{tag} {more} style="{style}">Kohta.</{tag}>')


def with_tag(html: str) -> Spoil:
    """Put HTML before the word on line 8."""
    return in_html("Kohta.", f"{html}Kohta.")


def sheet_of(size: int) -> Spoil:
    """Make the style sheets of the page have so many bytes together."""

    def fill(edition: Edition) -> Edition:
        seen = re.sub(r"<!--.*?-->", "", edition.html, flags=re.S)
        own = sum(len(css.encode()) for css in re.findall(r"<style[^>]*>(.*?)</style>", seen, re.S))
        return in_style("x" * (size - own))(edition)

    return fill


def nested(depth: int) -> Spoil:
    """Put the word on line 8 into tables within one another; three are around it already."""
    opening = '<table role="presentation" cellpadding="0" cellspacing="0"><tr><td>'
    return in_html("Kohta.", opening * depth + "Kohta." + "</td></tr></table>" * depth)


CASES = [
    # --- what is dropped and leaves harm behind
    # boxes side by side, in Outlook
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("display: flex"), fine_spoil=styled("display: inline-block"),
    ),
    # the same where every program knows it
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("display: flex"), fine_spoil=styled("display: flex"), fine_toml=APPLE,
    ),
    # a size that is dropped, with and without one before it
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("font-size: 2rem"), fine_spoil=styled("font-size: 32px; font-size: 2rem"),
    ),
    # a round corner of such a size harms nobody
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("padding: 1rem"), fine_spoil=styled("border-radius: 1rem"),
    ),
    # a ground that is dropped under its text
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background: rgba(0, 0, 0, .8)"),
        fine_spoil=styled("background: #333333; background: rgba(0, 0, 0, .8)"),
    ),
    # a picture as the ground, with a colour below it
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("background-image: linear-gradient(#fff, #eee)"),
        fine_spoil=styled("background-color: #fff; background-image: linear-gradient(#fff, #eee)"),
    ),
    # a float, or an attribute that says the same
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("float: left", tag="table"),
        fine_spoil=styled("float: left", tag="table", more='align="left"'),
    ),
    # a drawing; what Outlook does not see is no harm to it
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT, toml=OUTLOOK,
        spoil=with_tag("<svg></svg>"),
        fine_spoil=with_tag("<!--[if !mso]><!--><svg></svg><!--<![endif]-->"),
    ),
    # ... nor what it has a table of its own for
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT, toml=OUTLOOK,
        spoil=with_tag('<!--[if mso]></td></tr></table><![endif]--><b style="float:left">a</b>'),
        fine_spoil=with_tag('<!--[if mso]><table><tr><td><![endif]--><b style="float:left">a</b>'
                            "<!--[if mso]></td></tr></table><![endif]-->"),
    ),
    # a film, with words in its place
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag("<video></video>"), fine_spoil=with_tag("<video><i>Kesä</i></video>"),
    ),
    # words that a style sheet adds; a decoration is none
    Case(
        id="css-unsupported", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_style('.new::after { content: "Uusi" }'),
        fine_spoil=in_style('.new::after { content: ""; color: red }'),
    ),
    # a style sheet's own; a query only adds to what is there
    Case(
        id="css-unsupported", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_style(".a { display: grid }"),
        fine_spoil=in_style("@media (min-width: 480px) { .a { display: grid } }"),
    ),
    # hidden in one way, or in two
    Case(
        id="css-unsupported", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("visibility: hidden"), fine_spoil=styled("visibility: hidden; display: none"),
        toml=OUTLOOK,
    ),
    # --- what takes others down with it
    # a colour without commas
    Case(
        id="css-destructive", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("color: rgb(0 99 0)"), fine_spoil=styled("color: rgb(0, 99, 0)"),
    ),
    # only Gmail minds
    Case(
        id="css-destructive", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_style(".a { color: rgb(0 99 0 / 1) }"),
        fine_spoil=in_style(".a { color: rgb(0 99 0 / 1) }"), fine_toml=APPLE,
    ),
    # a colour of a newer kind, which does no harm in a style sheet
    Case(
        id="css-destructive", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("color: oklch(40% .1 150)"),
        fine_spoil=in_style(".a { color: oklch(40% .1 150) }"),
    ),
    # a bullet with a picture
    Case(
        id="css-destructive", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("list-style: url(a.png)"), fine_spoil=styled("list-style: square"),
    ),
    # a comment, in Orange's mail
    Case(
        id="css-destructive", severity=ERROR, line=None, faulty=TEXT, fine=TEXT, toml=ORANGE,
        spoil=in_style(".a { /* red */ color: red }"), fine_spoil=in_style(".a { color: red }"),
    ),
    Case(
        id="css-destructive", severity=ERROR, line=8, faulty=TEXT, fine=TEXT, toml=ORANGE,
        spoil=styled("color: red!important"), fine_spoil=styled("color: red !important"),
    ),
    # several pictures
    Case(
        id="css-destructive", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        toml='[check]\nclients = ["gmx"]\n',
        spoil=styled("background: url(a.png), url(b.png)"),
        fine_spoil=styled("background: #fff url(a.png)"),
    ),
    Case(
        id="css-destructive", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        toml='[check]\nclients = ["protonmail"]\n',
        spoil=with_tag("<form></form>"), fine_spoil=with_tag("<div></div>"),
    ),
    # a trick with columns
    Case(
        id="css-destructive", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("", more='dir="rtl"'), fine_spoil=styled("", more='dir="ltr"'),
    ),
    # --- style sheets
    # longer than Gmail reads, and nearly so
    Case(
        id="style-block-size", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=sheet_of(16_385), fine_spoil=sheet_of(13_999),
    ),
    Case(
        id="style-block-size", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=sheet_of(16_384), fine_spoil=sheet_of(16_385), fine_toml=APPLE,
    ),
    # looks that hang on them
    Case(
        id="css-inline-survival", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_style(".x { color: #222222 }")(styled("", more='class="x"')(e)),
        fine_spoil=lambda e: in_style(".x { color: #222222 }")(
            styled("color: #222222", more='class="x"')(e)
        ),
    ),
    Case(
        id="css-inline-survival", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_style(".x { font-size: 20px }")(styled("", more='class="x"')(e)),
        fine_spoil=lambda e: in_style("@media print { .x { font-size: 20px } }")(
            styled("", more='class="x"')(e)
        ),
    ),
    # a button's room
    Case(
        id="css-inline-survival", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_style(".x { padding: 9px }")(
            with_tag('<a class="x" href="https://a.example.org/">Tule</a>')(e)
        ),
        fine_spoil=lambda e: in_style(".x { padding: 9px }")(
            with_tag('<a class="x" style="padding:8px" href="https://a.example.org/">Tule</a>')(e)
        ),
    ),
    # a picture's width, and a container's
    Case(
        id="css-inline-survival", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_style(".x { width: 90px }")(with_tag('<img class="x" alt="a">')(e)),
        fine_spoil=lambda e: in_style(".x { width: 90px }")(
            with_tag('<img class="x" alt="a" width="90">')(e)
        ),
    ),
    Case(
        id="css-inline-survival", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_style(".x { max-width: 600px }")(with_tag('<div class="x"></div>')(e)),
        fine_spoil=lambda e: in_style(".x { max-width: 300px }")(
            with_tag('<div class="x"></div>')(e)
        ),
    ),
    # --- what has no place in mail
    Case(
        id="html-forbidden", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag("<script></script>"), fine_spoil=with_tag("<samp></samp>"),
    ),
    Case(
        id="html-forbidden", severity=ERROR, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("", more='onclick="x()"'), fine_spoil=styled("", more='data-on="x()"'),
    ),
    Case(
        id="html-forbidden", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<input type="text">'), fine_spoil=with_tag("<output></output>"),
    ),
    Case(
        id="html-forbidden", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("</head>", '<link rel="stylesheet" href="a.css"></head>'),
        fine_spoil=in_html("</head>", '<link rel="author" href="a.css"></head>'),
    ),
    Case(
        id="html-forbidden", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("</head>", '<meta http-equiv="Refresh" content="0"></head>'),
        fine_spoil=in_html("</head>", '<meta name="refresh" content="0"></head>'),
    ),
    # --- whole HTML
    Case(
        id="html-wellformed", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("<!doctype html>", ""),
        fine_spoil=in_html("<!doctype html>", "<!DOCTYPE HTML>"),
    ),
    Case(
        id="html-wellformed", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("</body>", "</body><body></body>"), fine_spoil=in_html("</body>", " </body>"),
    ),
    # begun and not ended, ended and not begun
    Case(
        id="html-wellformed", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag("<b>"), fine_spoil=with_tag("<b></b>"),
    ),
    Case(
        id="html-wellformed", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag("</b>"), fine_spoil=with_tag("<br/>"),
    ),
    # a paragraph needs no end
    Case(
        id="html-wellformed", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag("<ul><li>x"), fine_spoil=with_tag("<ul><li>x</ul>"),
    ),
    Case(
        id="html-wellformed", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<a href="#a">x<a href="#a">y</a></a>'),
        fine_spoil=with_tag('<a href="#a">x</a><a href="#a">y</a>'),
    ),
    # twice the same
    Case(
        id="html-wellformed", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<i id="a"></i><i id="a"></i>'),
        fine_spoil=with_tag('<i id="a"></i><i id="b"></i>'),
    ),
    Case(
        id="html-wellformed", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<i class="a" class="b"></i>'), fine_spoil=with_tag('<i class="a b"></i>'),
    ),
    # a comment to Outlook without an end hides the rest from it
    Case(
        id="html-wellformed", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=with_tag("<!--[if mso]><b></b>-->"), fine_spoil=with_tag("<!--[if mso]><![endif]-->"),
    ),
    # the charset
    Case(
        id="html-wellformed", severity=ERROR, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("charset=UTF-8", "charset=iso-8859-1"),
        fine_spoil=in_html("charset=UTF-8", "charset=utf-8"),
    ),
    Case(
        id="html-wellformed", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("<head>", f"<head><!--{'x' * 1024}-->"),
        fine_spoil=in_html("<head>", f"<head><!--{'x' * 100}-->"),
    ),
    # --- layout
    Case(
        id="html-layout", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<img width="641" alt="a">'),
        fine_spoil=with_tag('<img width="640" alt="a">'),
    ),
    # a picture that gives way on small screens
    Case(
        id="html-layout", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<img style="width: 900px" alt="a">'),
        fine_spoil=with_tag('<img width="900" style="max-width: 500px" alt="a">'),
    ),
    Case(
        id="html-layout", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=nested(6), fine_spoil=nested(5),
    ),
    Case(
        id="html-layout", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=with_tag('<table role="presentation" cellpadding="0"><tr><td></table>'),
        fine_spoil=with_tag('<table role="presentation" cellpadding="0" cellspacing="0"></table>'),
    ),
    # --- typefaces
    Case(
        id="html-fonts", severity=NOTE, line=None, faulty=TEXT, fine=TEXT,
        spoil=styled("font-family: 'Comic Neue', Verdana"),
        fine_spoil=styled("font-family: Verdana, sans-serif"),
    ),
    # Outlook and typefaces of the web
    Case(
        id="html-fonts", severity=NOTE, line=None, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_style("@font-face { font-family: 'Inter'; src: url(a) }")(
            styled("font-family: Inter, sans-serif")(e)
        ),
        fine_spoil=lambda e: in_html(
            "</head>", "<!--[if mso]><style>* { font-family: Arial }</style><![endif]--></head>"
        )(
            in_style("@font-face { font-family: 'Inter'; src: url(a) }")(
                styled("font-family: Inter, sans-serif")(e)
            )
        ),
    ),
]  # fmt: skip
