"""Which elements a selector means is found at a cost that does not explode."""

from itertools import product

import pytest
from lxml.cssselect import CSSSelector

from newsletter.checking.instruments.page import read_page
from newsletter.checking.instruments.selecting import Compound, ruled
from newsletter.checking.instruments.sheets import read_sheet, sayings_of

TREE = (
    "<div class=a><p class=b><b class=c>1</b></p><div class=b><p><b class=c><i>2</i></b></p></div>"
    "<div><div class=a><p><i class=c>3</i></p></div><b><p class=b><i>4</i></p></b></div></div>"
)


@pytest.mark.parametrize("joints", [*product((" ", " > "), repeat=3)])
def test_selectors_mean_what_they_mean_to_others(joints: tuple[str, ...]) -> None:
    for names in product((".a", "div", "p", "b", ".c"), repeat=4):
        selector = "".join(f"{n}{j}" for n, j in zip(names, (*joints, ""), strict=True))
        page = read_page(
            f"<html><head><style>{selector}{{color:red}}</style></head><body>{TREE}</body></html>"
        )

        assert set(ruled(page)) == set(CSSSelector(selector)(page.root)), selector


def test_a_selector_that_fits_in_many_ways_is_tried_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of twenty steps has a hundred elements to choose from."""
    asked = 0
    original = Compound.fits

    def counted(self: Compound, element: object) -> bool:
        nonlocal asked
        asked += 1
        return original(self, element)

    monkeypatch.setattr(Compound, "fits", counted)
    selector = "i " + "div " * 20 + "b"
    page = read_page(
        f"<html><head><style>{selector}{{color:red}}</style></head><body>"
        f"{'<div>' * 100}<b>a</b></body></html>"
    )

    assert not ruled(page)
    assert asked < 500


@pytest.mark.parametrize("css", ["@media x {" * 5000, "a{b:" + "(" * 5000, "a{b:" + "[{(" * 5000])
def test_brackets_without_end_are_no_traceback(css: str) -> None:
    read_sheet(css)
    sayings_of(css)
