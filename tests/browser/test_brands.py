"""A page with a brand, by axe-core, in light and dark."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from newsletter.render.looks import LOOKS
from tests.brands import BRANDS, give_brand
from tests.browser.chromium import Scheme, open_mail
from tests.browser.every_block import build, make_site

_SCREENS: tuple[tuple[Scheme, int], ...] = (("light", 600), ("dark", 360))
# Each brand and each look is seen on both screens, but not each pair of them: axe-core takes
# most of a second for a page. `make torture` tries all; the checks judge all in light and dark.


def _cases() -> Iterator[ParameterSet]:
    for (of_brand, brand), (of_look, look) in product(enumerate(BRANDS), enumerate(LOOKS)):
        for number, screen in enumerate(_SCREENS):
            marks = pytest.mark.at_length if (of_brand + of_look + number) % 2 else ()
            yield pytest.param(brand, look, *screen, marks=marks)


@pytest.mark.parametrize(("brand", "look", "scheme", "width"), list(_cases()))
def test_axe_core_finds_nothing_in_a_brand(
    browser: Browser, brand: str, look: str, scheme: Scheme, width: int, tmp_path: Path
) -> None:
    site = make_site(tmp_path, look)
    give_brand(site, BRANDS[brand])
    page = open_mail(browser, build(site), width=width, scheme=scheme)

    found = Axe().run(page).response

    unsure = [v for v in found["incomplete"] if v["id"] == "color-contrast"]
    named = [
        (violation["id"], [node["html"][:100] for node in violation["nodes"]])
        for violation in (*found["violations"], *unsure)
    ]
    assert named == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
