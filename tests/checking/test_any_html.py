"""Whatever a template makes, the checks of HTML and CSS look at it to the end."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.checking import Draft
from newsletter.checking.checks import CHECKS
from newsletter.checking.instruments.sheets import read_declarations, read_sheet
from tests.checking.conftest import Maker
from tests.checking.desk import letter

_WORDS = st.sampled_from(
    [
        *("color", "background", "font", "font-size", "line-height"),
        *("display", "padding", "opacity"),
        *("position", "float", "width", "list-style", ":", ";", "{", "}", "(", ")", ",", " ", "/"),
        *("/*", "*/", "!important", "!", "@media", "@import", "<", ">", "#", "rgb(0 0 0 / .5)"),
        *("rgba(0,0,0,.5)", "calc(1px + 2em)", "var(--x)"),
        *("url(a.png)", "12px", "1.5", "0", "-1e9px"),
        *("50%", "none", "inherit", "bold", "red", "a", ".x"),
        *("::after", ":checked", "[data-x]", "*"),
        *("é", "\\", '"', "'", "\n", "1e999px", "9" * 40 + "px"),
    ]
)
_CSS = st.lists(_WORDS, max_size=14).map("".join)
_TAGS = st.sampled_from(
    [
        *("<p>", "</p>", "<table>", "<tr>", "<td>", "</table>"),
        *("<a href='x'>", "<a>", "</a>", "<b>"),
        *("<img src='a.svg'>", "<h1>", "</h1>", "<th>", "<svg>", "<form>"),
        *("<input>", "<style>", "</style>"),
        *("<!--", "-->", "<!--[if mso]>", "<![endif]-->", "<!--[if !mso]><!-->", "<!--line 3-->"),
        *("<body>", "</body>", "<html>", "</html>", "<title>"),
        *("<meta charset=x>", "<font color=red>"),
        *("<div dir=rtl lang=sv>", "<div aria-hidden=true>", "Hei "),
        *("&", "&amp;", "&#0;", "<", ">"),
        *("<a href='#a' name='b' id='c'>", "<base>"),
        *("<td bgcolor='' width='9x'>", "<?x?>", "<![CDATA["),
        *("<table dir=rtl role=none>", "<video>", "<label for=x>", "\n", "</"),
    ]
)
_HTML = st.lists(
    st.one_of(_TAGS, _CSS.map(lambda css: f'<i style="{css}">x</i>'), _CSS.map("<style>{}".format)),
    max_size=16,
).map("".join)


@pytest.fixture
def draft(draft_of: Maker, tmp_path: Path) -> Draft:
    """A draft to put other HTML into."""
    return draft_of(letter("Hei."))


@settings(max_examples=60)
@given(html=_HTML)
def test_no_html_stops_a_check(draft: Draft, html: str) -> None:
    specimens = tuple(replace(s, html=html, lined_html=f"<p>{html}") for s in draft.specimens)
    looked_at = replace(draft, specimens=specimens)

    for check in CHECKS:
        said = list(check(looked_at))

        assert {one.id for one in said} <= {rule.id for rule in check.rules}


@given(css=_CSS)
def test_no_css_stops_its_reader(css: str) -> None:
    assert all(
        declaration.name == declaration.name.lower() for declaration in read_declarations(css)
    )
    assert read_sheet(css).css == css
