"""Whatever a template does with a text, no reader sees a tag of it or a mark of ours.

A page is made at random of every variable, through filters and methods, in every kind of place.
"""

import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import tinycss2
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.model import Edition
from tests.render.newsletters import fill, read_body, render_issue
from tests.render.sites import page, with_template

FRONT = """\
subject: "{{ name|\\"ystävä\\" }} <i id=evil>a & \\"b\\" 'c'; } *{color:red}</style>"
date: 2026-12-15
preheader: "<i id=evil> {{ name }}"
number: 7
events:
  juhla:
    title: "Juhla <i id=evil>"
    start: 2026-12-09 09:00
    place: "Talo & <b id=evil>"
    url: "https://www.example.org/?a=1&b='2'"
"""
BODY = """\
## Yksi *tärkeä* {{ name }} &amp; “muu” <!-- poissa -->

Sanoja **lihavina** ja [linkki](https://www.example.org/?a=1&b=2 "o") {{ name }}, 1 < 2.

Toinen kappale ohjauksenkehittämishankkeista.

| a *b* | c & d | e |
|---|---|---|
| 1 < 2 | {{ name }} | *x* |

::: event juhla
Tervetuloa **kaikki**.
:::

::: quote
Lainaus *tässä*.

— **Aino** & muut
:::

::: person
**Aino {{ name }}**
rooli & muu
:::

::: button https://www.example.org/?a=1&b=2
Paina *tästä* & nyt
:::

## Kaksi

Loppu.
"""
VALUES = [
    *("subject", "headline", "preheader", "title", "sender", "reply_to", "month", "language"),
    *("number", "email", "unsubscribe_url", "archive_url", "words.reason", "words.number(number)"),
    *("block.html", "block.title", "block.place", "block.title_html", "block.url", "block.name"),
    *("block.head[0]", "block.rows[0][0]", "block.rows[0][1]", "block.attribution", "block.role"),
    *("with_credit(block.html)", "label_of(block.head[1])", "when(block)", "register_by(block)"),
    *("with_credit('Kuva: ' ~ subject)", "mark(3)", "block", "row", "rows", "words", "place"),
    *("captured", "shouted()", "contents", "widths", "hero", "block.line", "none", "true"),
]
FILTERS = [
    *("html", "safe", "e", "upper", "lower", "title", "capitalize", "reverse", "trim", "string"),
    *("striptags", "urlencode", "tojson", "forceescape", "wordcount", "length", "list", "first"),
    *("last", "urlize", "wordwrap(9)", "truncate(12)", "truncate(5, true, '')", "indent(2)"),
    *("replace('a', '<b>')", "replace('<p>', '<p class=lead>')", "replace('&', subject)"),
    *("center(60)", "default('x')", "join(', ')", "list|join('<hr>')", "format('a')", "int"),
    *("map('upper')|join", "batch(3)|map('join')|join", "sort|join", "unique|join", "max", "min"),
    *("replace('<', '')", "replace(subject, block.html)", "escape", "filesizeformat"),
]
SHAPES = [
    *("{{ (X)Y }}", "{{ ('<b>'|safe ~ X)Y }}", "{{ ('<b>' ~ X)Y }}", "{{ (captured + X)Y }}"),
    *("{{ (captured ~ X)Y }}", "{{ ('<b>%s</b>'|safe|format(X))Y }}", "{{ with_credit((X)Y) }}"),
    *("{{ ('a <' ~ X)Y }}", "{{ (X + 'ä')Y }}"),
    *("{{ ('%s %s' % (X, subject))Y }}", "{{ ('%s'|format(X))Y }}", "{{ ('%r' % X)Y }}"),
    *("{{ (X)[1:9]Y }}", "{{ (X)[::-1]Y }}", "{{ (X).upper()Y }}", "{{ (X).split(' ')[0]Y }}"),
    *("{{ (X).replace('a', 'b')Y }}", "{{ (X).title().swapcase()Y }}", "{{ (X).encode()Y }}"),
    *("{% for c in X %}{{ (c)Y }}{% endfor %}", "{% set z %}{{ X }}{% endset %}{{ (z)Y }}"),
    *("{% filter upper %}{{ (X)Y }}{% endfilter %}", "{{ [X, subject]|join('-')Y }}"),
    *("{{ {'a': X}|xmlattr }}", "{{ [X]|map('upper')|join }}", "{{ (X * 2)Y }}"),
    *("{% autoescape false %}{{ (X)Y }}{{ [X]|join }}{% endautoescape %}",),
    *("{% macro m(v) %}{{ v }}{% endmacro %}{{ m(X)Y }}", "{{ {'x': X}|tojson }}"),
    *("{% if X == subject or 'a' in X %}{{ (X)Y }}{% endif %}", "{{ (X).partition(' ')|first }}"),
]
PLACES = {
    "text": "<mj-text>@</mj-text>",
    "paragraph": "<mj-text><p>@</p><div>@@</div></mj-text>",
    "table": "<mj-table><tr><td>@</td></tr></mj-table>",
    "attribute": '<mj-text><p title="@" lang="a @" class="x @">a</p></mj-text>',
    "address": '<mj-text><a href="https://www.example.org/@">a</a></mj-text>',
    "style": '<mj-text><p style="color:red;font-family:@">a</p></mj-text>',
    "words of a style": "<mj-text><p style=\"font-family:'@'\">a</p></mj-text>",
    "mjml attribute": '<mj-image src="https://www.example.org/a.png" alt="@" title="@" />',
    "button": '<mj-button href="https://www.example.org/?@" css-class="@">@</mj-button>',
    "typeface": '<mj-text font-family="@">a</mj-text>',
    "raw": '<mj-raw><div title="@">@</div></mj-raw>',
    "comment": "<mj-raw><!-- @ --></mj-raw>",
    "for Outlook": "<mj-raw><!--[if mso]><p>@</p><![endif]--></mj-raw>",
    "name": "<mj-text><p @>a</p></mj-text>",
    "script": '<mj-raw><script type="application/ld+json">{"a": "@"}</script></mj-raw>',
}
HEADS = {
    "title": "<mj-title>@</mj-title>",
    "preview": "<mj-preview>@</mj-preview>",
    "sheet": '<mj-style>p:before{content:"@"}p{color:@;background:url(@)}/* @ */</mj-style>',
    "all": '<mj-attributes><mj-all font-family="@" /></mj-attributes>',
    "raw": '<mj-raw><meta name="x" content="@"></mj-raw>',
}
PARAGRAPH = "<mj-text><p>a</p></mj-text>"
CSS = "p { color: red; font-family: @; } a { content: '@' }"

START = """\
{%- set captured %}<b>{{ subject }}</b>{{ headline }}{% endset -%}
{%- macro shouted() %}{{ subject }}{% endmacro -%}
"""
EACH = (
    "{% for row in opening_without_hero + rows %}{% for block in row.cells[0] %}"
    "{% if block.html is defined %}@{% endif %}{% endfor %}{% endfor %}"
)
PRIVATE = re.compile("[\ufdd0-\ufdef\ufffe\uffff\U00040000-\U000dffff\U000f0000-\U0010ffff]")

expressions = st.builds(
    lambda shape, value, filters: shape.replace("X", value).replace(
        "Y", "".join(f"|{name}" for name in filters)
    ),
    st.sampled_from(SHAPES),
    st.sampled_from(VALUES),
    st.lists(st.sampled_from(FILTERS), max_size=3),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose templates change."""
    return tmp_path_factory.mktemp("marks")


def drawn(site: Path, *, content: str = "", head: str = "", css: str = "") -> Edition:
    """Render the issue with a page of its own."""
    with_template(site, "default.mjml", START + page(content, head))
    with_template(site, "prose.css", css or "p { margin: 0 }")
    return render_issue(site, read_body(site, BODY, front=FRONT), public_url="https://www.e.org")


def require_clean(edition: Edition, key: str) -> None:
    """Assert that readers see words alone, and that no word has become markup."""
    subject, html, text = fill(edition, {"name": "Nimi <i id=evil>", "email": "a@example.org"})
    tree = lxml.html.document_fromstring(html)
    for part in (subject, html, text):
        assert key not in part.lower()
        assert not PRIVATE.search(part), ascii(part)
        assert "\\U000" not in part
    assert not tree.xpath("//*[@id='evil']|//i|//script[not(@type)]")
    words = " ".join(
        tree.xpath("//body//text()[not(ancestor::script)]|//title/text()|//@title|//@alt")
    )
    assert not re.search(r"</?(?:p|em|strong|a|li|span|wbr|b|blockquote)\b[^<]*>", words), words
    assert "!--" not in words
    assert "newsletter." not in words
    for sheet in tree.iter("style"):
        require_sheet(sheet.text or "")
    for styled in tree.xpath("//@style"):
        require_declarations(tinycss2.parse_blocks_contents(styled))


def require_sheet(css: str) -> None:
    """Assert that a style sheet has the rules of the template, and none of a text."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        assert rule.type in ("qualified-rule", "at-rule"), css
        assert tinycss2.serialize(rule.prelude).strip() != "*", css
        if rule.type == "qualified-rule":
            require_declarations(tinycss2.parse_blocks_contents(rule.content))


def require_declarations(nodes: list[Any]) -> None:
    """Assert that styles are declarations, each with an end."""
    for node in nodes:
        assert node.type in ("declaration", "whitespace", "comment"), node
        for value in node.value if node.type == "declaration" else ():
            kind = getattr(value, "kind", value.type)  # an address with a space harms nobody
            assert kind == "bad-url" or value.type not in ("{} block", "error"), node


@pytest.mark.long
@settings(max_examples=150)
@given(
    where=st.sampled_from([*PLACES, *(f"head {name}" for name in HEADS), "css"]),
    expression=expressions,
    in_block=st.booleans(),
)
@example(where="text", expression="{{ ('a <' ~ subject)|e|replace('a', '<b>') }}", in_block=False)
def test_no_reader_sees_a_mark_or_a_tag(
    where: str, expression: str, in_block: bool, site: Path
) -> None:
    key = read_body(site, BODY, front=FRONT).marker_key
    is_of_block = in_block or "block" in expression
    written = EACH.replace("@", expression) if is_of_block else expression
    try:
        if where == "css":
            edition = drawn(site, css=CSS.replace("@", written), content=PARAGRAPH)
        elif where.startswith("head "):
            edition = drawn(site, head=HEADS[where[5:]].replace("@", written))
        else:
            edition = drawn(site, content=PLACES[where].replace("@", written))
    except ConfigError as err:  # it may as well render
        told = bool(err.findings), str(err)
    else:
        told = True, ""
        require_clean(edition, key)
    assert told[0]
    assert key not in told[1]
