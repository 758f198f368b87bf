"""The report in a browser: clean by axe-core in light and dark, no wider than its screen."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from newsletter.stats_report import render_html
from tests.browser.chromium import Scheme, open_mail
from tests.stats_report.pages import face, of_times_alone, page, without_knowledge
from tests.stats_report.test_standalone import hostile

_LONG = "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas" * 3
_DRAWN = {
    "fi24": lambda: page(24, "fi"),
    "sv1": lambda: page(1, "sv"),
    "en0": lambda: page(0, "en"),
    "fi60": lambda: page(60, "fi"),
    "nothing known": lambda: render_html(without_knowledge(), face()),
    "times alone": lambda: render_html(of_times_alone(), face()),
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


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 360)])
@pytest.mark.parametrize("name", ["fi24", "times alone"])
def test_axe_core_finds_nothing(
    browser: Browser, drawn: dict[str, Path], name: str, scheme: Scheme, width: int
) -> None:
    page = open_mail(browser, drawn[name], width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    found = Axe().run(page).response

    named = [
        (violation["id"], node["html"][:100])
        for kind in ("violations", "incomplete")
        for violation in found[kind]
        for node in violation["nodes"]
        # It cannot tell what is behind words in a drawing: tests of tints do.
        if not node["html"].startswith("<text ")
    ]
    assert named == []


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
