"""Neighbours that ask for the same stand in one frame; whatever differs keeps its own."""

import re

import pytest

from newsletter.render.joining import join_neighbours
from newsletter.render.mrml import run_mrml

BARE = '<mj-section padding="0" />'
MARK = "<mj-raw><!--key line 7--></mj-raw>"


def _page(*content: str, attributes: str = BARE) -> str:
    head = f"<mj-head><mj-attributes>{attributes}</mj-attributes></mj-head>"
    return f"<mjml>{head}<mj-body>{''.join(content)}</mj-body></mjml>"


def _section(*content: str, attributes: str = "", column: str = "") -> str:
    inner = f"<mj-column{column}>{''.join(content)}</mj-column>"
    return f"<mj-section{attributes}>\n{inner}\n</mj-section>\n"


def _text(words: str, padding: str = "0 32px", kind: str = "prose") -> str:
    return f'<mj-text padding="{padding}" css-class="{kind}">{words}</mj-text>'


def _count(name: str, mjml: str) -> int:
    return len(re.findall(rf"<{name}[ >]", mjml.partition("<mj-body>")[2]))


def test_bare_sections_that_touch_are_one() -> None:
    page = _page(
        _section("<mj-spacer/>"), _section("<mj-divider/>", column=' vertical-align="top"')
    )

    joined = join_neighbours(page)

    assert _count("mj-section", joined) == _count("mj-column", joined) == 1
    assert joined.index("<mj-spacer/>") < joined.index("<mj-divider/>")


APART = {
    "room of its own": _section("<mj-spacer/>", attributes=' padding="8px 0"'),
    "a ground": _section("<mj-spacer/>", column=' background-color="#eeeeee"'),
    "two columns": "<mj-section><mj-column></mj-column><mj-column></mj-column></mj-section>",
    "another element": "<mj-raw><hr></mj-raw>",
    "a comment": "<!-- here ends the head -->",
}


@pytest.mark.parametrize("between", APART.values(), ids=APART)
def test_sections_stay_apart_where_anything_stands_between_them(between: str) -> None:
    page = _page(_section("<mj-spacer/>"), between, _section("<mj-divider/>"))

    joined = join_neighbours(page)

    assert _count("mj-section", joined) == _count("mj-section", page)
    assert between.strip() in joined


WITH_ROOM = {
    "as MJML has it by default": "",
    "room between": '<mj-section padding="20px 0" />',
    "a ground": '<mj-section padding="0" background-color="#ffffff" />',
    "columns with room": f'{BARE}<mj-column padding="8px" />',
    "all with room": f'{BARE}<mj-all padding="8px" />',
}


@pytest.mark.parametrize("attributes", WITH_ROOM.values(), ids=WITH_ROOM)
def test_sections_stay_apart_where_all_of_a_page_have_room_or_ground(attributes: str) -> None:
    page = _page(_section("a"), _section("b"), attributes=attributes)

    assert join_neighbours(page) == page


def test_texts_that_touch_are_one_with_the_room_around_them_all() -> None:
    page = _page(
        _section(_text("<h1>A</h1>", "36px 32px 0"), _text("B"), _text("C", "0px 32px 9px"))
    )

    joined = join_neighbours(page)

    assert '<mj-text padding="36px 32px 9px" css-class="prose"><h1>A</h1>BC</mj-text>' in joined
    assert _count("mj-text", joined) == 1


def test_marks_of_lines_stay_between_the_words_they_divide() -> None:
    joined = join_neighbours(_page(_section(_text("A"), MARK, MARK, _text("B")), attributes=""))

    assert "A<!--key line 7--><!--key line 7-->B" in joined


OTHER = {
    "room above": _text("B", "8px 32px 0"),
    "other sides": _text("B", "0 24px"),
    "another class": _text("B", kind="caption"),
    "room in other units": _text("B", "0 10%"),
    "no room said": '<mj-text css-class="prose">B</mj-text>',
}


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_texts_that_differ_stay_apart(text: str) -> None:
    page = _page(_section(_text("A"), text, _text("C", "8px 32px")), attributes="")

    assert join_neighbours(page) == page


def test_what_stands_between_texts_keeps_its_place() -> None:
    page = _page(_section(_text("A"), "<mj-divider />", _text("B")), attributes="")

    assert join_neighbours(page) == page


def test_sections_and_texts_of_many_rows_become_one_of_each() -> None:
    rows = [_section(MARK, _text(f"<h2>{n}</h2>"), _text(f"<p>{n}</p>"), MARK) for n in range(9)]

    html = run_mrml(join_neighbours(_page(*rows)))

    assert re.findall(r"<(?:h2|p)>(\d)", html) == [str(n // 2) for n in range(18)]
    assert html.count('class="prose"') == 1
