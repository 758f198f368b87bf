"""Which elements a selector means is found at a cost that does not explode."""

from itertools import product

import pytest
from lxml.cssselect import CSSSelector

from newsletter.checking.instruments import declared_in_sheets
from newsletter.checking.instruments.page import read_page
from newsletter.checking.instruments.sheets import read_declarations, read_sheet

TREE = (
    "<div class=a><p class=b><b class=c>1</b></p><div class=b><p><b class=c><i>2</i></b></p></div>"
    "<div><div class=a><p><i class=c>3</i></p></div><b><p class=b><i>4</i></p></b></div></div>"
)


@pytest.mark.long
@pytest.mark.parametrize("joints", [*product((" ", " > "), repeat=3)])
def test_selectors_mean_what_they_mean_to_others(joints: tuple[str, ...]) -> None:
    for names in product((".a", "div", "p", "b", ".c"), repeat=4):
        selector = "".join(f"{n}{j}" for n, j in zip(names, (*joints, ""), strict=True))
        page = read_page(
            f"<html><head><style>{selector}{{color:red}}</style></head><body>{TREE}</body></html>"
        )

        assert set(declared_in_sheets(page)) == set(CSSSelector(selector)(page.root)), selector


@pytest.mark.parametrize(
    "selector",
    [
        pytest.param("i " + "div " * 20 + "b", id="many steps, each with many to choose from"),
        pytest.param("div " * 5_000, id="steps without end"),
        pytest.param(":not(" * 5_000, id="brackets without end"),
        pytest.param("p::before", id="what stands before a paragraph, which is none"),
        pytest.param("a:hover", id="a state"),
        pytest.param("a[", id="broken"),
        pytest.param("a:nonsense", id="unknown"),
    ],
)
def test_a_selector_that_means_no_element_is_found_to_mean_none(selector: str) -> None:
    page = read_page(
        f"<html><head><style>{selector}{{color:red}}</style></head><body>"
        f"{'<div>' * 100}<p><b>a</b><a href='#'>b</a></body></html>"
    )

    assert not declared_in_sheets(page)


@pytest.mark.parametrize("selector", ["a[href]", "p:first-child", "p + p", "div:not(.a)", "p ~ p"])
def test_selectors_by_attribute_place_and_neighbour_are_understood(selector: str) -> None:
    page = read_page(
        f"<html><head><style>{selector}{{color:red}}</style></head><body>"
        "<div><p>a</p><p><a href='#'>b</a></p></div></body></html>"
    )

    assert set(declared_in_sheets(page)) == set(CSSSelector(selector)(page.root)) != set()


@pytest.mark.parametrize("css", ["@media x {" * 5000, "a{b:" + "(" * 5000, "a{b:" + "[{(" * 5000])
def test_brackets_without_end_are_no_traceback(css: str) -> None:
    read_sheet(css)
    read_declarations(css)
