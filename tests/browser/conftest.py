"""A running preview and a window to look at it, for the tests of its pages."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.chromium import chromium
from tests.browser.previewed import FAULTY, SWEDISH, changing
from tests.conftest import make_sample
from tests.previewing import Preview, previewing


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of the sample, its people on the list, with a faulty issue in two languages."""
    site = make_sample(tmp_path_factory.mktemp("preview") / "site")
    site.write("issues/2026-12.md", FAULTY)
    site.write("issues/2026-12.sv.md", SWEDISH)
    site.environment["VISUAL"] = "code --wait"
    site.run("subscribers", "import", str(site.root / "subscribers/example.csv"), "--yes")
    with previewing(site) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window as wide as a small laptop's."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    errors: list[Error] = []

    def note(error: Error) -> None:  # Playwright takes no method of a built-in
        errors.append(error)

    page.on("pageerror", note)
    yield page
    assert not errors, "a script of the page failed"
    with suppress(Error):  # a page that is about to load anew would keep the window from closing
        page.goto("about:blank")
    context.close()


@pytest.fixture
def sample(preview: Preview) -> Iterator[Path]:
    """The sample's file, to be changed; it is as before afterwards."""
    with changing(preview, "issues/2021-06.md") as (path,):
        yield path
