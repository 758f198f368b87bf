"""Lines end between words: nothing overflows, and no word breaks but at its seams."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from newsletter.render.looks import LOOKS
from tests.browser.chromium import open_mail
from tests.conftest import Site

WIDTHS = (320, 360, 414, 700)
_COMPOUNDS = (
    "Työhönvalmentajaverkostoyhteistyökumppanuus",
    "lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas",
    "kehittämistoimenpidesuunnitelmaluonnosten",
    "epäjärjestelmällistyttämättömyydellänsäkään",
    "arbetsmarknadsutbildningssamordnarkonferens",
    "sosiaaliturvauudistuskomitean",
    "työ-/koulutuskokeilumahdollisuuksista",
)
_ADDRESSES = (
    "<https://www.tyohonvalmennuksen-kehittaminen.example.org/uutiskirje/2026/joulukuu?a=b#alku>",
    "<etunimi.sukunimi@tyohonvalmennuksen-kehittaminen.example.org>",
    "www.example.org/kuntoutus/tarveselvitys_lomake.html",
    "FI21 1234 5600 0007 85",
    "MT84MALT011000012345MTLCAST001S",
)
_TEXT = " ja ".join((*_COMPOUNDS, *_ADDRESSES))
_ISSUE = f"""\
---
subject: "{_COMPOUNDS[0]} ja {_COMPOUNDS[2]}"
date: 2026-12-15
events:
  ilta:
    title: {_COMPOUNDS[5].capitalize()} ilta
    start: 2026-12-20 18:00
    place: {_COMPOUNDS[5].capitalize()} talo
---
{_TEXT}, **{_COMPOUNDS[1]}**. Sitä [{_COMPOUNDS[3]}](https://example.org/). Loppu 97 % on tässä.

## {_COMPOUNDS[0]}

- {_TEXT}

### {_COMPOUNDS[4]}

> {_TEXT}

## {_COMPOUNDS[2]}

::: box
{_TEXT}
:::

## {_COMPOUNDS[5]}

::: columns
### {_COMPOUNDS[3]}

{_TEXT}

---

{_TEXT}
:::

## {_COMPOUNDS[1]}

::: quote
{_TEXT}

— {_COMPOUNDS[1]}
:::

::: pull
{_TEXT}
:::

::: event ilta
{_TEXT}
:::

::: person
**{_COMPOUNDS[5]}**
{_COMPOUNDS[4]}
[etunimi.sukunimi@tyohonvalmennus.example.org](mailto:etunimi.sukunimi@tyohonvalmennus.example.org)
:::

| {_COMPOUNDS[5]} | Työhönvalmentajien osuus |
| --- | ---: |
| {_COMPOUNDS[0]} | 12 345 € |
| {_COMPOUNDS[4]} | 97 % |

Teksti.[^1]

[^1]: {_TEXT}
"""
# Every run of letters and figures that may not break, with the lines it is on; places to break that
# are not displayed do not count.
_BROKEN = r"""() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const broken = [], alone = [];
    let node;
    while ((node = walker.nextNode())) {
        const style = getComputedStyle(node.parentElement);
        if (node.parentElement.closest('style, script, [style*="display:none"]')) continue;
        if (style.display === 'none' || style.visibility === 'hidden') continue;
        for (const match of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
            const range = document.createRange();
            range.setStart(node, match.index);
            range.setEnd(node, match.index + match[0].length);
            const lines = new Set([...range.getClientRects()].filter(r => r.width > 0)
                .map(r => Math.round(r.top)));
            if (lines.size > 1) broken.push(match[0]);
        }
        const stop = node.data.match(/^[.,;:!?”’)]/);
        if (stop && node.previousSibling) {
            const range = document.createRange();
            range.setStart(node, 0);
            range.setEnd(node, 1);
            const [own] = range.getClientRects();
            const before = [...node.previousSibling.getClientRects?.() ?? []].at(-1);
            if (own && before && own.top >= before.bottom) alone.push(node.data.slice(0, 20));
        }
    }
    return {broken, alone};
}"""


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The hostile issue, built in each look."""
    built = {}
    for look in LOOKS:
        root = tmp_path_factory.mktemp("breaks") / look
        root.mkdir()
        site = Site(root)
        settings = Path("newsletter.toml").read_text(encoding="utf-8")
        site.write(
            "newsletter.toml",
            re.sub(r"\[newsletter\]\n", f'[newsletter]\nlook = "{look}"\n', settings, count=1),
        )
        site.write("issues/2026-12.md", _ISSUE)
        site.run("build", "2026-12", "--out", str(root / "out"))
        built[look] = root / "out" / "2026-12.html"
    return built


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("look", LOOKS)
def test_no_word_breaks_within_its_parts_and_nothing_overflows(
    browser: Browser, mails: dict[str, Path], look: str, width: int
) -> None:
    page = open_mail(browser, mails[look], width=width)

    found: dict[str, Any] = page.evaluate(_BROKEN)
    assert found == {"broken": [], "alone": []}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wide_screen_shows_compounds_whole(browser: Browser, mails: dict[str, Path]) -> None:
    page = open_mail(browser, mails["default"], width=700)

    seams = page.locator("h2:has-text('sosiaaliturvauudistuskomitean') wbr")
    assert seams.count() == 3
    assert seams.first.evaluate("e => getComputedStyle(e).display") == "none"


def test_a_link_leads_to_a_heading_with_letters_of_its_own(
    browser: Browser, mails: dict[str, Path]
) -> None:
    page = open_mail(browser, mails["default"], width=360)
    page.locator(".contents a").last.click()

    page.wait_for_function("window.scrollY > 1000")
