"""A block as `templates new` begins it, and a box of a variant: in every look, at any width."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from newsletter.render.looks import LOOKS
from tests.browser.chromium import Scheme, open_mail
from tests.browser.every_block import ISSUE_ID, build, make_site

_ISSUE = """\
---
subject: Omat lohkot
date: 2026-12-01
---
Hei kaikille.

## Ohjeita

::: tip Työhönvalmentajakoulutuskokonaisuudestakin
Varaa **tunti** aikaa, ja lue [ohje](https://www.example.org/ohje).

- Sovi päivästä.

| a | b |
|---|---|
| 1 | 2 |
:::

::: tip warning
Hakuaika päättyy pian.
:::

::: columns
::: tip Palstalla
Kapea.
:::
---
Toinen palsta.
:::

::: box quiet
Laatikko.

::: tip Laatikossa
Sisällä.
:::
:::
"""
_STYLE = """\
{% set light = {"box-quiet": "#dfeaf2"} %}
{% set dark = {"box-quiet": "#1f3040"} %}
"""
every_look = pytest.mark.parametrize("look", LOOKS)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The issue, built in each look."""
    pages = {}
    for look in LOOKS:
        site = make_site(tmp_path_factory.mktemp("own") / look, look)
        site.run("templates", "new", "tip")
        site.write("templates/blocks/box.toml", 'variants = ["quiet"]\n')
        site.write("templates/style.jinja", _STYLE)
        site.write(f"issues/{ISSUE_ID}.md", _ISSUE)
        pages[look] = build(site)
    return pages


@every_look
@pytest.mark.parametrize(("scheme", "width"), [("light", 600), ("dark", 360)])
def test_axe_core_finds_nothing_in_own_blocks(
    browser: Browser, pages: dict[str, Path], look: str, scheme: Scheme, width: int
) -> None:
    page = open_mail(browser, pages[look], width=width, scheme=scheme)

    found = Axe().run(page).response

    unsure = [v for v in found["incomplete"] if v["id"] == "color-contrast"]
    named = [
        (v["id"], [n["html"][:99] for n in v["nodes"]]) for v in (*found["violations"], *unsure)
    ]
    assert named == []


@every_look
def test_own_blocks_are_no_wider_than_the_screen(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=320)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@every_look
def test_own_blocks_are_seen_apart_from_what_is_around(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    for scheme in ("light", "dark"):
        page = open_mail(browser, pages[look], width=600, scheme=scheme)
        grounds = page.evaluate(
            """() => ['.own-tip', '.box-quiet > table > tbody > tr > td', '.card'].map(
                name => getComputedStyle(document.querySelector(name)).backgroundColor)"""
        )
        assert len(set(grounds)) == 3, (scheme, grounds)
