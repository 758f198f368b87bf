"""Every block in every look: any width, dark, without pictures, with large text, by axe-core."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from newsletter.render.looks import LOOKS
from tests.browser.chromium import Scheme, open_mail
from tests.browser.every_block import build, make_site

every_look = pytest.mark.parametrize("look", LOOKS)

_DOUBLE_ALL_TEXT = """() => {
    const sizes = [...document.querySelectorAll('body *')]
        .map(element => [element, parseFloat(getComputedStyle(element).fontSize)]);
    for (const [element, size] of sizes)
        element.style.setProperty('font-size', 2 * size + 'px', 'important');
}"""


@pytest.fixture(scope="package")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The issue with every block, built in each look."""
    root = tmp_path_factory.mktemp("looks")
    return {look: build(make_site(root / look, look)) for look in LOOKS}


@every_look
@pytest.mark.parametrize(("scheme", "width"), [("light", 600), ("dark", 360)])
def test_axe_core_finds_nothing(
    browser: Browser, pages: dict[str, Path], look: str, scheme: Scheme, width: int
) -> None:
    page = open_mail(browser, pages[look], width=width, scheme=scheme)

    found = Axe().run(page).response

    unsure = [v for v in found["incomplete"] if v["id"] == "color-contrast"]
    named = [
        (violation["id"], [node["html"][:100] for node in violation["nodes"]])
        for violation in (*found["violations"], *unsure)
    ]
    assert named == []


@every_look
def test_nothing_is_wider_than_the_screen(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=320)

    wide = {}
    for width in (320, 360, 600, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")

    assert all(found <= width for width, found in wide.items()), wide


@every_look
def test_nothing_is_wider_than_the_screen_where_style_sheets_are_dropped(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=320)

    page.evaluate("document.querySelectorAll('style').forEach(sheet => sheet.remove())")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@every_look
def test_text_twice_as_large_still_fits(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=640)
    page.evaluate(_DOUBLE_ALL_TEXT)

    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@every_look
def test_body_text_is_at_least_16_pixels(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=360)

    small = page.evaluate(
        """() => [...document.querySelectorAll('.prose p, .prose li, .data td, .prose a')]
            .filter(e => !e.closest('.footnotes, small, sup, .caption, .by, .deadline'))
            .filter(e => parseFloat(getComputedStyle(e).fontSize) < 16)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


@every_look
def test_without_pictures_every_alternative_text_is_read(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=600, pictures=False)

    unseen = page.evaluate(
        """() => [...document.images]
            .filter(i => i.naturalWidth > 0 || !i.alt || i.getBoundingClientRect().height < 14)
            .map(i => i.outerHTML)"""
    )
    assert unseen == []
    assert page.locator("text=Syksyn viimeinen teemapäivä").is_visible()


@every_look
def test_a_row_of_a_wide_table_is_a_card_on_a_phone_and_each_value_keeps_its_header(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=600)
    seen = "() => document.querySelector('.cards tbody tr').innerText.split(/\\s+/).join(' ')"
    height = "() => document.querySelector('.cards tbody').getBoundingClientRect().height"

    on_a_desk = page.evaluate(seen)
    heads_on_a_desk = page.locator(".cards thead th >> visible=true").count()
    page.set_viewport_size({"width": 360, "height": 900})

    assert on_a_desk == "Lappi 46 21 9"
    assert heads_on_a_desk == 4
    assert page.evaluate(seen) == "Lappi Osallistujia: 46 Työllistyi: 21 Jatkaa opintoihin: 9"
    assert page.locator(".cards thead th >> visible=true").count() == 0
    assert page.evaluate(height) < 2 * 4 * 30  # two rows: fewer lines than values


@every_look
def test_no_word_of_a_table_breaks_where_it_has_room(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=700)
    broken = """() => [...document.querySelectorAll('.data th, .data td')].filter(cell => {
        const text = document.createRange();
        text.selectNodeContents(cell);
        const lines = new Set([...text.getClientRects()].map(rect => Math.round(rect.bottom)));
        return lines.size > cell.innerText.trim().split(/\\s+/).length;
    }).map(cell => cell.innerText)"""

    assert page.evaluate(broken) == []


@every_look
def test_pictures_of_a_row_are_equally_high_and_stand_below_one_another_on_a_phone(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    boxes = """() => [...document.querySelectorAll('.strip')][0]
        .querySelectorAll('img').values().map(i => i.getBoundingClientRect()).toArray()
        .map(r => [r.top, r.height, r.width])"""
    page = open_mail(browser, pages[look], width=600)

    side_by_side = page.evaluate(boxes)
    page.set_viewport_size({"width": 360, "height": 900})
    stacked = page.evaluate(boxes)

    heights = [height for _, height, _ in side_by_side]
    assert max(heights) - min(heights) <= 3
    assert len({top for top, _, _ in stacked}) == 3
    assert len({width for _, _, width in stacked}) == 1


@every_look
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_boxes_pictures_and_buttons_are_of_one_family(
    browser: Browser, pages: dict[str, Path], look: str, scheme: Scheme
) -> None:
    page = open_mail(browser, pages[look], width=600, scheme=scheme)

    drawn = page.evaluate(
        """() => {
            const boxes = '.event, .box > table > tbody > tr > td, .prose pre';
            const others = '.picture:not(.hero) img, .strip img, .portrait img, .press, .button a';
            const styles = selector => [...document.querySelectorAll(selector)]
                .map(element => getComputedStyle(element));
            return {
                grounds: [...new Set(styles(boxes).map(style => style.backgroundColor))],
                corners: [...new Set(styles(boxes + ', ' + others)
                    .map(style => style.borderTopLeftRadius))],
            };
        }"""
    )
    grounds = [ground for ground in drawn["grounds"] if ground != "rgba(0, 0, 0, 0)"]
    assert len(grounds) == 1, grounds
    assert len(drawn["corners"]) == (2 if look == "letter" else 1), drawn["corners"]


@every_look
def test_a_picture_in_a_column_is_as_wide_as_the_words_on_a_phone(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=360)
    widths = """() => [...document.querySelectorAll('.picture img')]
        .map(image => image.getBoundingClientRect()).filter(box => box.left > 0)
        .map(box => [Math.round(box.left), Math.round(box.right)])"""

    on_a_phone = page.evaluate(widths)

    assert len({(left, right) for left, right in on_a_phone}) == 1, on_a_phone


@every_look
def test_a_tall_picture_leaves_words_around_it_in_sight(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    page = open_mail(browser, pages[look], width=700)
    tall = page.locator(".picture img[alt='Piirros: ranta iltavalossa']")

    box, words = tall.bounding_box(), page.locator("h1").bounding_box()

    assert box
    assert words
    assert box["height"] <= 600
    assert box["x"] == words["x"]


@every_look
def test_the_lines_of_a_list_of_values_are_as_quiet_in_the_dark(
    browser: Browser, pages: dict[str, Path], look: str
) -> None:
    line = "s => getComputedStyle(document.querySelector(s)).borderBottomColor"
    page = open_mail(browser, pages[look], width=600, scheme="dark")

    in_the_table = page.evaluate(line, ".cards td")
    page.set_viewport_size({"width": 360, "height": 900})

    assert page.evaluate(line, ".cards tbody tr") == in_the_table
