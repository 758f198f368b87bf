"""The archive and regions in a browser: at any width and scheme, by keys alone, and as files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from tests.archiving import archive_site, served
from tests.serving import Service
from tests.waiting import PATIENCE

_WIDTHS = (320, 360, 768, 1400)
_PLACES = ("archive?lang=fi", "archive?q=haku&lang=sv", "2026-06?lang=sv", "2026-10", "nothing")
_REGIONS = ("regions?lang=sv", "regions/lappi?lang=fi")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The public service of a newsletter that sent three issues, and of three regions."""
    with archive_site(tmp_path_factory.mktemp("archive")) as site, served(site) as running:
        site.write("regions.toml", (Path(__file__).parents[2] / "regions.toml").read_text("utf-8"))
        yield running


def _base(service: Service) -> str:
    return f"http://127.0.0.1:{service.port}/kirje"


def _open(browser: Browser, address: str, **options: Any) -> Page:
    """Open a page of which nothing may run, nor be refused."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"{address} says {dialog.message}"))
    page.goto(address)
    return page


def _let_in(route: Route) -> None:
    """Take the policy off a page that is looked into: a mail is shut in, so no script of ours runs.

    What the policy forbids is tried elsewhere.
    """
    answer = route.fetch()
    kept = {n: v for n, v in answer.headers.items() if n != "content-security-policy"}
    route.fulfill(response=answer, headers=kept)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 360)])
def test_axe_core_finds_nothing_at_any_width(
    browser: Browser, service: Service, scheme: Any, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme)
    context.route("**/*", _let_in)
    page = context.new_page()
    for place in (*_PLACES, *_REGIONS):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{_base(service)}/{place}")

        found = Axe().run(page).response["violations"]

        assert [(one["id"], [n["html"][:90] for n in one["nodes"]]) for one in found] == [], place
        wide = {}
        for narrow in _WIDTHS:
            page.set_viewport_size({"width": narrow, "height": 900})
            wide[narrow] = page.evaluate("document.documentElement.scrollWidth")
        assert wide == {narrow: narrow for narrow in _WIDTHS}, place


def test_anybody_finds_and_reads_an_issue_with_keys_alone(
    browser: Browser, service: Service
) -> None:
    address = f"{_base(service)}/archive?lang=fi"
    page = _open(browser, address, java_script_enabled=False)
    heading = page.get_by_role("heading", level=1)
    told: dict[str, int] = {}
    page.on("response", lambda answer: told.update({answer.url: answer.status}))

    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Siirry sisältöön"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("ansökan")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Bidragsansökan öppnar").press("Enter")

    assert heading.inner_text() == "Bidragsansökan öppnar"
    page.get_by_role("link", name="Suomi").press("Enter")
    assert heading.inner_text() == "Avustushaku aukeaa, ja sää suosii"
    page.get_by_role("link", name="Seuraava numero").press("Enter")
    assert heading.inner_text() == "Syksyn teemapäivät"
    page.get_by_role("link", name="Kaikki numerot").press("Enter")
    assert heading.inner_text() == "Kaikki numerot"
    assert [url for url in told if "/pictures/" in url and url.endswith(".png")] != []
    assert {url: status for url, status in told.items() if status not in (200, 304)} == {}


def test_files_are_read_from_a_folder(browser: Browser, service: Service, tmp_path: Path) -> None:
    service.site.run("archive", "--out", str(tmp_path / "files"))
    page = _open(browser, (tmp_path / "files/index.html").as_uri(), offline=True)
    heading = page.get_by_role("heading", level=1)

    page.get_by_role("link", name="Avustushaku aukeaa, ja sää suosii").click()
    assert heading.inner_text() == "Avustushaku aukeaa, ja sää suosii"
    assert page.get_by_role("link", name="Kaikki numerot").bounding_box() is not None
    page.get_by_role("link", name="Svenska").click()

    assert heading.inner_text() == "Bidragsansökan öppnar"
