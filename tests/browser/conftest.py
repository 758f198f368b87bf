"""A running preview and a window to look at it, for the tests of its pages."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.chromium import chromium, find_chromium
from tests.browser.previewed import FAULTY, SWEDISH, changing
from tests.conftest import make_sample
from tests.previewing import Preview, previewing
from tests.waiting import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)  # a busy machine is no fault


@pytest.fixture(scope="package")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of the sample, its people on the list, with a faulty issue in two languages."""
    site = make_sample(tmp_path_factory.mktemp("preview") / "site")
    site.write("issues/2026-12.md", FAULTY)
    site.write("issues/2026-12.sv.md", SWEDISH)
    site.environment["VISUAL"] = "code --wait"
    site.run("subscribers", "import", str(site.root / "subscribers/example.csv"), "--yes")
    with previewing(site) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests of its windows."""
    if not find_chromium():
        pytest.skip("Debian's chromium is missing")
    with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def _no_window_left(browser: Browser) -> Iterator[None]:
    """Let no window of a test go on beside the next one."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open windows like a small laptop's; what they ask for and say is shown where a test fails."""
    opened: list[Page] = []
    faults: list[Error] = []

    def open(**options: Any) -> Page:
        usual = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
        context = browser.new_context(**usual | options)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        opened.append(page)

        def note(fault: Error) -> None:
            faults.append(fault)

        page.on("pageerror", note)
        page.on("console", lambda said: print("console", said.text))
        page.on("request", lambda asked: print("asked", asked.url))
        page.on("response", lambda told: print("told", told.status, told.url))
        page.on("requestfailed", lambda asked: print("failed", asked.url, asked.failure))
        return page

    yield open
    for page in opened:
        with suppress(Error):  # one that is about to load anew would keep the window from closing
            page.goto("about:blank")
        page.context.close()
    assert not faults, "a script of a page failed"


@pytest.fixture
def page(open_window: Callable[..., Page]) -> Page:
    """A window in which nothing moves."""
    return open_window(reduced_motion="reduce")


@pytest.fixture
def sample(preview: Preview) -> Iterator[Path]:
    """The sample's file, to be changed; it is as before afterwards."""
    with changing(preview, "issues/2021-06.md") as (path,):
        yield path
