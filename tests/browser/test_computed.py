"""The checks see what a browser sees: colours, grounds, sizes, and what is hidden."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

from newsletter.checking.instruments import Scheme, pixels, styles_of
from newsletter.checking.instruments.computed import Style
from newsletter.checking.instruments.page import read_page
from newsletter.checking.instruments.sheets import canvas_of
from newsletter.colours import WHITE, Colour, colour_of, over
from newsletter.render.looks import LOOKS
from tests.browser.chromium import open_mail
from tests.browser.every_block import build, make_site
from tests.browser.random_pages import make_page

_SEE = """() => [...document.querySelectorAll('*')].map(element => {
    const own = getComputedStyle(element), grounds = [];
    for (let outer = element; outer; outer = outer.parentElement)
        grounds.push(getComputedStyle(outer).backgroundColor);
    return {
        tag: element.localName, colour: own.color, size: own.fontSize, weight: own.fontWeight,
        line: own.lineHeight, shown: element.checkVisibility({visibilityProperty: true}), grounds,
    };
})"""


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_is_seen_as_a_browser_does(browser: Browser, tmp_path: Path, look: str) -> None:
    path = build(make_site(tmp_path, look))
    window = open_mail(browser, path, width=600)

    compare(window, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_in_the_dark_is_seen_as_a_browser_does(
    browser: Browser, tmp_path: Path, look: str
) -> None:
    path = build(make_site(tmp_path, look))
    window = open_mail(browser, path, width=600, scheme="dark")

    compare(window, path.read_text(encoding="utf-8"), Scheme.DARK)


def test_odd_styles_in_the_dark_are_seen_as_a_browser_does(browser: Browser) -> None:
    window = browser.new_context(color_scheme="dark").new_page()

    for seed in range(40):
        html = in_the_dark(make_page(seed), make_page(seed + 100), seed)
        window.goto("about:blank")  # a canvas once dark would stay so
        window.set_content(html)
        compare(window, html, Scheme.DARK)


def in_the_dark(html: str, other: str, seed: int) -> str:
    """Return a page that has the styles of another one in the dark, some on a dark canvas."""
    rules = other.partition("<style>")[2].partition("</style>")[0]
    query = ("(prefers-color-scheme: dark)", "screen and (prefers-color-scheme:dark)")[seed % 3 > 0]
    meta = '<meta name="color-scheme" content="light dark">' if seed % 2 else ""
    return html.replace("</style>", f"@media {query} {{ {rules} }}</style>{meta}", 1)


def test_odd_styles_are_seen_as_a_browser_does(browser: Browser) -> None:
    window = browser.new_page()

    for seed in range(40):
        html = make_page(seed)
        window.set_content(html)
        compare(window, html)


def compare(window: Window, html: str, scheme: Scheme = Scheme.LIGHT) -> None:
    """Assert that both see each element that holds text in the same way."""
    seen: list[dict[str, Any]] = window.evaluate(_SEE)
    page = read_page(html)
    elements = list(page.elements())

    assert [element.tag for element in elements] == [there["tag"] for there in seen]
    for element, there in zip(elements, seen, strict=True):
        in_body = next(element.iterancestors("body"), None) is not None
        if in_body and element.text and element.text.strip():
            shown = _shown(there, canvas_of(page, scheme)[1])
            told = _told(styles_of(page, scheme)[element])
            where = (dict(element.attrib), element.text[:40])
            assert told[0] == shown[0], where
            # The colours of what nobody sees do not matter.
            assert not shown[0] or told[1:] == pytest.approx(shown[1:], abs=0.5), where


def _told(style: Style) -> list[float]:
    colours = (*style.colour[:3], *style.background[:3])
    size, bold, leading = style.letters.size, style.letters.bold, style.letters.leading
    return [not style.hidden, *(255 * part for part in colours), size, bold, size * leading]


def _shown(there: dict[str, Any], canvas: Colour) -> list[float]:
    colour, background = colour_of(there["colour"]), canvas
    for written in reversed(there["grounds"]):
        background = over(colour_of(written) or WHITE, background)
    size = pixels(there["size"], 16) or 0
    line = size * 1.2 if there["line"] == "normal" else pixels(there["line"], 16) or 0
    letters = size, int(there["weight"]) >= 600, line
    shown = bool(there["shown"]) and size > 0
    return [shown, *(255 * part for part in (*(colour or WHITE)[:3], *background[:3])), *letters]
