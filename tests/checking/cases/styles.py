"""Cases of CSS and HTML: what programs drop, what they drop with it, and what must be whole."""

import re

from newsletter.model import Edition
from tests.checking.desk import (
    ERROR,
    NOTE,
    WARNING,
    Spoil,
    in_html,
    in_style,
    on_page,
)

ORANGE = '[check]\nclients = ["orange"]\n'
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
    on_page("css-unsupported", WARNING, 8,
            styled("display: flex"), styled("display: inline-block")),
    # the same where every program knows it
    on_page("css-unsupported", WARNING, 8,
            styled("display: flex"), styled("display: flex"),
            fine_toml=APPLE),
    # a size that is dropped, with and without one before it
    on_page("css-unsupported", WARNING, 8,
            styled("font-size: 2rem"), styled("font-size: 32px; font-size: 2rem")),
    # a round corner of such a size harms nobody
    on_page("css-unsupported", WARNING, 8, styled("padding: 1rem"), styled("border-radius: 1rem")),
    # a ground that is dropped under its text
    on_page("css-unsupported", WARNING, 8,
            styled("background: rgba(0, 0, 0, .8)"),
            styled("background: #333333; background: rgba(0, 0, 0, .8)")),
    # a picture as the ground, with a colour below it
    on_page("css-unsupported", WARNING, 8,
            styled("background-image: linear-gradient(#fff, #eee)"),
            styled("background-color: #fff; background-image: linear-gradient(#fff, #eee)")),
    # a float, or an attribute that says the same
    on_page("css-unsupported", WARNING, 8,
            styled("float: left", tag="table"),
            styled("float: left", tag="table", more='align="left"')),
    # a drawing; what Outlook does not see is no harm to it
    on_page("css-unsupported", WARNING, 8,
            with_tag("<svg></svg>"), with_tag("<!--[if !mso]><!--><svg></svg><!--<![endif]-->"),
            toml=OUTLOOK),
    # ... nor what it has a table of its own for
    on_page("css-unsupported", WARNING, 8,
            with_tag('<!--[if mso]></td></tr></table><![endif]--><b style="float:left">a</b>'),
            with_tag('<!--[if mso]><table><tr><td><![endif]--><b style="float:left">a</b>'
                     "<!--[if mso]></td></tr></table><![endif]-->"),
            toml=OUTLOOK),
    # a film, with words in its place
    on_page("css-unsupported", WARNING, 8,
            with_tag("<video></video>"), with_tag("<video><i>Kesä</i></video>")),
    # words that a style sheet adds; a decoration is none
    on_page("css-unsupported", WARNING, None,
            in_style('.new::after { content: "Uusi" }'),
            in_style('.new::after { content: ""; color: red }')),
    # a style sheet's own; a query only adds to what is there
    on_page("css-unsupported", WARNING, None,
            in_style(".a { display: grid }"),
            in_style("@media (min-width: 480px) { .a { display: grid } }")),
    # hidden in one way, or in two
    on_page("css-unsupported", WARNING, 8,
            styled("visibility: hidden"), styled("visibility: hidden; display: none"),
            toml=OUTLOOK),
    # --- what takes others down with it
    # a colour without commas
    on_page("css-destructive", ERROR, 8,
            styled("color: rgb(0 99 0)"), styled("color: rgb(0, 99, 0)")),
    # only Gmail minds
    on_page("css-destructive", ERROR, None,
            in_style(".a { color: rgb(0 99 0 / 1) }"), in_style(".a { color: rgb(0 99 0 / 1) }"),
            fine_toml=APPLE),
    # a colour of a newer kind, which does no harm in a style sheet
    on_page("css-destructive", ERROR, 8,
            styled("color: oklch(40% .1 150)"), in_style(".a { color: oklch(40% .1 150) }")),
    # a bullet with a picture
    on_page("css-destructive", ERROR, 8,
            styled("list-style: url(a.png)"), styled("list-style: square")),
    # a comment, in Orange's mail
    on_page("css-destructive", ERROR, None,
            in_style(".a { /* red */ color: red }"), in_style(".a { color: red }"),
            toml=ORANGE),
    on_page("css-destructive", ERROR, 8,
            styled("color: red!important"), styled("color: red !important"),
            toml=ORANGE),
    # several pictures
    on_page("css-destructive", ERROR, 8,
            styled("background: url(a.png), url(b.png)"), styled("background: #fff url(a.png)"),
            toml='[check]\nclients = ["gmx"]\n'),
    on_page("css-destructive", ERROR, 8,
            with_tag("<form></form>"), with_tag("<div></div>"),
            toml='[check]\nclients = ["protonmail"]\n'),
    # a trick with columns
    on_page("css-destructive", ERROR, 8,
            styled("", more='dir="rtl"'), styled("", more='dir="ltr"')),
    # --- style sheets
    # longer than Gmail reads, and nearly so
    on_page("style-block-size", ERROR, None, sheet_of(16_385), sheet_of(13_999)),
    on_page("style-block-size", WARNING, None, sheet_of(16_384), sheet_of(16_385), fine_toml=APPLE),
    # looks that hang on them
    on_page("css-inline-survival", WARNING, 8,
            lambda e: in_style(".x { color: #222222 }")(styled("", more='class="x"')(e)),
            lambda e: in_style(".x { color: #222222 }")(
     styled("color: #222222", more='class="x"')(e)
 )),
    on_page("css-inline-survival", WARNING, 8,
            lambda e: in_style(".x { font-size: 20px }")(styled("", more='class="x"')(e)),
            lambda e: in_style("@media print { .x { font-size: 20px } }")(
     styled("", more='class="x"')(e)
 )),
    # a button's room
    on_page("css-inline-survival", WARNING, 8,
            lambda e: in_style(".x { padding: 9px }")(
          with_tag('<a class="x" href="https://a.example.org/">Tule</a>')(e)
      ),
            lambda e: in_style(".x { padding: 9px }")(
     with_tag('<a class="x" style="padding:8px" href="https://a.example.org/">Tule</a>')(e)
 )),
    # a picture's width, and a container's
    on_page("css-inline-survival", WARNING, 8,
            lambda e: in_style(".x { width: 90px }")(with_tag('<img class="x" alt="a">')(e)),
            lambda e: in_style(".x { width: 90px }")(
     with_tag('<img class="x" alt="a" width="90">')(e)
 )),
    on_page("css-inline-survival", WARNING, 8,
            lambda e: in_style(".x { max-width: 600px }")(with_tag('<div class="x"></div>')(e)),
            lambda e: in_style(".x { max-width: 300px }")(
     with_tag('<div class="x"></div>')(e)
 )),
    # --- what has no place in mail
    on_page("html-forbidden", ERROR, 8, with_tag("<script></script>"), with_tag("<samp></samp>")),
    on_page("html-forbidden", ERROR, 8,
            styled("", more='onclick="x()"'), styled("", more='data-on="x()"')),
    on_page("html-forbidden", WARNING, 8,
            with_tag('<input type="text">'), with_tag("<output></output>")),
    on_page("html-forbidden", ERROR, None,
            in_html("</head>", '<link rel="stylesheet" href="a.css"></head>'),
            in_html("</head>", '<link rel="author" href="a.css"></head>')),
    on_page("html-forbidden", ERROR, None,
            in_html("</head>", '<meta http-equiv="Refresh" content="0"></head>'),
            in_html("</head>", '<meta name="refresh" content="0"></head>')),
    # --- whole HTML
    on_page("html-wellformed", WARNING, None,
            in_html("<!doctype html>", ""), in_html("<!doctype html>", "<!DOCTYPE HTML>")),
    on_page("html-wellformed", WARNING, None,
            in_html("</body>", "</body><body></body>"), in_html("</body>", " </body>")),
    # begun and not ended, ended and not begun
    on_page("html-wellformed", WARNING, 8, with_tag("<b>"), with_tag("<b></b>")),
    on_page("html-wellformed", WARNING, 8, with_tag("</b>"), with_tag("<br/>")),
    # a paragraph needs no end
    on_page("html-wellformed", WARNING, 8, with_tag("<ul><li>x"), with_tag("<ul><li>x</ul>")),
    on_page("html-wellformed", WARNING, 8,
            with_tag('<a href="#a">x<a href="#a">y</a></a>'),
            with_tag('<a href="#a">x</a><a href="#a">y</a>')),
    # twice the same
    on_page("html-wellformed", WARNING, 8,
            with_tag('<i id="a"></i><i id="a"></i>'), with_tag('<i id="a"></i><i id="b"></i>')),
    on_page("html-wellformed", WARNING, 8,
            with_tag('<i class="a" class="b"></i>'), with_tag('<i class="a b"></i>')),
    # a comment to Outlook without an end hides the rest from it
    on_page("html-wellformed", ERROR, None,
            with_tag("<!--[if mso]><b></b>-->"), with_tag("<!--[if mso]><![endif]-->")),
    # the charset
    on_page("html-wellformed", ERROR, None,
            in_html("charset=UTF-8", "charset=iso-8859-1"),
            in_html("charset=UTF-8", "charset=utf-8")),
    on_page("html-wellformed", WARNING, None,
            in_html("<head>", f"<head><!--{'x' * 1024}-->"),
            in_html("<head>", f"<head><!--{'x' * 100}-->")),
    # --- layout
    on_page("html-layout", WARNING, 8,
            with_tag('<img width="641" alt="a">'), with_tag('<img width="640" alt="a">')),
    # a picture that gives way on small screens
    on_page("html-layout", WARNING, 8,
            with_tag('<img style="width: 900px" alt="a">'),
            with_tag('<img width="900" style="max-width: 500px" alt="a">')),
    on_page("html-layout", WARNING, 8, nested(6), nested(5)),
    on_page("html-layout", WARNING, 8,
            with_tag('<table role="presentation" cellpadding="0"><tr><td></table>'),
            with_tag('<table role="presentation" cellpadding="0" cellspacing="0"></table>')),
    # --- typefaces
    on_page("html-fonts", NOTE, None,
            styled("font-family: 'Comic Neue', Verdana"),
            styled("font-family: Verdana, sans-serif")),
    # Outlook and typefaces of the web
    on_page("html-fonts", NOTE, None,
            lambda e: in_style("@font-face { font-family: 'Inter'; src: url(//cdn.net/a) }")(
          styled("font-family: Inter, sans-serif")(e)
      ),
            lambda e: in_html(
     "</head>", "<!--[if mso]><style>* { font-family: Arial }</style><![endif]--></head>"
 )(
     in_style("@font-face { font-family: 'Inter'; src: url(//cdn.net/a) }")(
         styled("font-family: Inter, sans-serif")(e)
     )
 )),
]  # fmt: skip
