"""A page with a brand, by axe-core, in light and dark."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from newsletter.render.looks import LOOKS
from tests.brands import BRANDS, give_brand
from tests.browser.chromium import Scheme, open_mail
from tests.browser.every_block import build, make_site


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("brand", BRANDS.values(), ids=BRANDS)
def test_axe_core_finds_nothing_in_a_brand(
    browser: Browser, brand: str, look: str, tmp_path: Path
) -> None:
    site = make_site(tmp_path, look)
    give_brand(site, brand)
    built = build(site)
    seen: list[tuple[Scheme, int]] = [("light", 600), ("dark", 360)]
    named = []

    for scheme, width in seen:
        page = open_mail(browser, built, width=width, scheme=scheme)
        found = Axe().run(page).response
        unsure = [v for v in found["incomplete"] if v["id"] == "color-contrast"]
        named += [
            (scheme, violation["id"], [node["html"][:100] for node in violation["nodes"]])
            for violation in (*found["violations"], *unsure)
        ]
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    assert named == []
