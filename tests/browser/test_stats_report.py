"""The report in a browser: clean by axe-core in light and dark, no wider than its screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from newsletter.stats_report import render_html
from tests.browser.chromium import Scheme, open_mail
from tests.stats_report.pages import face, in_two_languages, of_times_alone, page, without_knowledge
from tests.stats_report.test_standalone import hostile

_LONG = "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas" * 3
_DRAWN = {
    "fi24": lambda: page(24, "fi"),
    "fi3": lambda: page(3, "fi"),
    "sv1": lambda: page(1, "sv"),
    "en0": lambda: page(0, "en"),
    "fi60": lambda: page(60, "fi"),
    "nothing known": lambda: render_html(without_knowledge(), face()),
    "times alone": lambda: render_html(of_times_alone(), face()),
    "two languages": lambda: render_html(in_two_languages(), face()),
    "long words": lambda: render_html(hostile(_LONG), face()),
    "long address": lambda: render_html(hostile("https://example.org/" + "a" * 200), face()),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of all kinds, each in a file."""
    folder = tmp_path_factory.mktemp("reports")
    paths = {name: folder / f"{name}.html" for name in _DRAWN}
    for name, path in paths.items():
        path.write_text(_DRAWN[name](), encoding="utf-8")
    return paths


@pytest.mark.parametrize(
    ("name", "screens"),
    [
        ("fi3", [("light", 1200), ("light", 360), ("dark", 1200), ("dark", 360)]),
        ("times alone", [("dark", 360)]),
        ("two languages", [("light", 1200)]),
    ],
)
def test_axe_core_finds_nothing(
    browser: Browser, drawn: dict[str, Path], name: str, screens: list[tuple[Scheme, int]]
) -> None:
    page = open_mail(browser, drawn[name], width=360)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    named = []
    for scheme, width in screens:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        named += [(scheme, width, *one) for one in _found_by_axe(page)]

    assert named == []


def _found_by_axe(page: Page) -> Iterator[tuple[str, str]]:
    found = Axe().run(page).response
    for violation in (*found["violations"], *found["incomplete"]):
        for node in violation["nodes"]:
            # It cannot tell what is behind words in a drawing: tests of tints do.
            if not node["html"].startswith("<text "):
                yield violation["id"], node["html"][:100]


@pytest.mark.parametrize("name", _DRAWN)
def test_no_report_is_wider_than_its_screen(
    browser: Browser, drawn: dict[str, Path], name: str
) -> None:
    page = open_mail(browser, drawn[name], width=320)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    wide = {}
    for width in (320, 360, 600, 760, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")

    assert wide == {width: width for width in wide}


def test_one_picture_of_each_chart_is_seen_at_any_width(
    browser: Browser, drawn: dict[str, Path]
) -> None:
    page = open_mail(browser, drawn["fi24"], width=360)
    seen = """() => [...document.querySelectorAll('figure.chart')].map(figure =>
        [...figure.querySelectorAll('svg')].filter(one => one.checkVisibility()).length)"""

    counts = {}
    for width in (360, 759, 760, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        counts[width] = set(page.evaluate(seen))

    assert counts == {width: {1} for width in counts}
