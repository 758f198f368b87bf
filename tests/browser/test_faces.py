"""Mail of invented houses: by axe-core in light and dark, at any width, its logo in place."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.chromium import Scheme, open_mail
from tests.faces.houses import PAGES, build_all

every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="package")
def faces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every newsletter of the houses, built in each of its languages."""
    return build_all(tmp_path_factory.mktemp("faces"))


@every_page
@pytest.mark.parametrize(("scheme", "width"), [("light", 700), ("dark", 360)])
def test_axe_core_finds_nothing_in_mail_of_a_house(
    browser: Browser, faces: dict[str, Path], name: str, scheme: Scheme, width: int
) -> None:
    page = open_mail(browser, faces[name], width=width, scheme=scheme)

    found = Axe().run(page).response

    unsure = [v for v in found["incomplete"] if v["id"] == "color-contrast"]
    named = [
        (violation["id"], [node["html"][:100] for node in violation["nodes"]])
        for violation in (*found["violations"], *unsure)
    ]
    assert named == []


@every_page
def test_no_mail_of_a_house_is_wider_than_the_screen(
    browser: Browser, faces: dict[str, Path], name: str
) -> None:
    page = open_mail(browser, faces[name], width=320)

    wide = {}
    for width in (320, 360, 700):
        page.set_viewport_size({"width": width, "height": 900})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")

    assert wide == {width: width for width in wide}


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_logo_is_shown_on_each_ground_and_its_name_without_pictures(
    browser: Browser, faces: dict[str, Path], name: str, scheme: Scheme
) -> None:
    seen = """() => [...document.querySelectorAll('.masthead img')]
        .filter(image => image.getBoundingClientRect().width > 0)
        .map(image => [image.alt, image.naturalWidth > 0])"""
    page = open_mail(browser, faces[name], width=360, scheme=scheme)
    blocked = open_mail(browser, faces[name], width=360, scheme=scheme, pictures=False)

    shown, named = page.evaluate(seen), blocked.evaluate(seen)

    assert [is_loaded for _, is_loaded in shown] == [True]
    assert [bool(alt) for alt, _ in named] == [True]


@every_page
def test_in_the_dark_words_in_place_of_pictures_are_light(
    browser: Browser, faces: dict[str, Path], name: str
) -> None:
    """Pictures of templates as well, of whose classes the looks know nothing."""
    page = open_mail(browser, faces[name], width=360, scheme="dark", pictures=False)

    dark = page.evaluate(
        """() => [...document.images]
            .filter(image => image.getBoundingClientRect().width > 0)
            .filter(image => {
                const [red, green, blue] = getComputedStyle(image).color.match(/\\d+/g);
                return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
            }).map(image => image.outerHTML)"""
    )

    assert dark == []
