"""MRML's HTML loses what it repeats, and nothing that any mail program goes by."""

import re

import pytest

from newsletter.render.mrml import run_mrml

_TEXT = "<mj-text>a</mj-text>"
_SECTION = f"<mj-section><mj-column>{_TEXT}</mj-column></mj-section>"


def _page(body: str, head: str = "", direction: str = "ltr") -> str:
    return run_mrml(
        f'<mjml dir="{direction}"><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>'
    )


def _for_outlook(html: str) -> str:
    return "".join(re.findall(r"<!--\[if mso \| IE\]>(.*?)<!\[endif\]-->", html))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_section_in_a_wrapper_has_one_table_for_outlook_and_one_for_its_column(
    count: int,
) -> None:
    alone = _for_outlook(_page(f"<mj-wrapper>{_SECTION}</mj-wrapper>"))

    opened = _for_outlook(_page(f"<mj-wrapper>{_SECTION * count}</mj-wrapper>"))

    for tag in ("table", "tr", "td"):
        assert opened.count(f"<{tag}") == opened.count(f"</{tag}>"), tag
    assert opened.count("<table") == alone.count("<table") + count - 1
    assert opened.count("mso-line-height-rule:exactly") == 1 + count


def test_a_section_with_a_ground_in_a_wrapper_keeps_its_table() -> None:
    ground = '<mj-section background-color="#eeeeee"'

    opened = _for_outlook(
        _page(f"<mj-wrapper>{_SECTION}{_SECTION.replace('<mj-section', ground)}</mj-wrapper>")
    )

    assert opened.count("<table") == opened.count("</table>")
    assert opened.count('bgcolor="#eeeeee"') == 1


def test_comments_that_only_outlook_reads_are_one_where_they_touch() -> None:
    assert not re.search(r"<!\[endif\]-->\s*<!--\[if mso \| IE\]>", _page(_SECTION * 3))


@pytest.mark.parametrize(("direction", "count"), [("ltr", 0), ("rtl", 2), ("auto", 2)])
def test_direction_is_said_where_the_page_does_not_say_it(direction: str, count: int) -> None:
    assert _page(_SECTION, direction=direction).count("direction:ltr") == count


def test_columns_side_by_side_keep_their_widths() -> None:
    html = _page(f"<mj-section>{f'<mj-column>{_TEXT}</mj-column>' * 2}</mj-section>")

    assert html.count('class="mj-column-per-50"') == 2
    assert html.count("display:inline-block;vertical-align:top;width:100%;") == 2


FONT = "<mj-attributes><mj-all font-family=\"Georgia, 'Times New Roman', serif\" /></mj-attributes>"


def test_one_typeface_is_said_once_and_for_the_cells_of_outlook() -> None:
    html = _page(_SECTION * 3, FONT)

    assert html.count("font-family:Georgia, 'Times New Roman', serif") == 2
    assert "<!--[if mso]><style>td,th{font-family:Georgia" in html
    assert re.search(r'<div [^>]*role="article"[^>]* style="font-family:Georgia', html)
    assert html.count("word-break:break-word") == 1


def test_a_typeface_in_quotes_stays_whole() -> None:
    named = _SECTION.replace("<mj-text", '<mj-text font-family="&quot;Segoe UI&quot;, serif"')

    html = _page(named * 2)

    assert html.count("font-family:") == 2
    assert '<style>td,th{font-family:"Segoe UI", serif}</style>' in html
    assert 'style="font-family:&quot;Segoe UI&quot;, serif;' in html


def test_several_typefaces_stay_where_they_are() -> None:
    other = _TEXT.replace("<mj-text", '<mj-text font-family="Verdana, sans-serif"')

    html = _page(_SECTION * 2 + _SECTION.replace(_TEXT, other), FONT)

    assert html.count("font-family:Georgia") == 2
    assert html.count("font-family:Verdana") == 1
    assert "td,th{" not in html


def test_a_button_that_leads_nowhere_keeps_its_margins() -> None:
    button = "<mj-section><mj-column><mj-button{}>Nappi</mj-button></mj-column></mj-section>"

    assert re.search(r"<p [^>]*margin:0", _page(button.format("")))
    assert not re.search(r"<a [^>]*margin:0", _page(button.format(' href="https://a.example.org"')))


@pytest.mark.parametrize("declared", ["font-family: Georgia", "font: 16px Georgia"])
@pytest.mark.parametrize("selector", ["table, td", "*", "body div", ".prose > td"])
def test_a_typeface_of_cells_leaves_each_text_its_own(selector: str, declared: str) -> None:
    page = _page(_SECTION * 2, f"<mj-style>{selector} {{ {declared} }}</mj-style>")

    assert len(re.findall(r"<div style=[^>]*font-family:", page)) == 2
    assert len(re.findall(r"<div style=[^>]*font-family:", _page(_SECTION * 2))) == 0


def test_an_alignment_of_cells_leaves_each_text_its_own() -> None:
    page = _page(_SECTION, "<mj-style>td { text-align: justify }</mj-style>")

    assert re.search(r"<div style=\"[^\"]*text-align:left", page)
