"""A preview that was started for a phone shows a code, and what it says opens the mail there."""

import io
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.chromium import Scheme
from tests.browser.previewed import SAMPLE, look_with_axe, open_page
from tests.conftest import make_sample
from tests.previewing import Preview, previewing


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of the sample that other devices may reach."""
    site = make_sample(tmp_path_factory.mktemp("shared") / "site")
    with previewing(site, "--host", "0.0.0.0") as running:  # noqa: S104 - what is tested
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_opens_the_mail_on_a_phone(
    open_window: Callable[..., Page], shared: Preview, scheme: Scheme
) -> None:
    page = open_window(color_scheme=scheme)
    page.goto(shared.url)
    open_page(page, shared, SAMPLE)

    page.get_by_role("button", name="Puhelimella").click()
    code = page.locator("#code")
    expect(code).to_be_visible()
    code.evaluate("image => image.decode()")
    shown = Image.open(io.BytesIO(page.screenshot()))
    (read,) = zxingcpp.read_barcodes(shown)

    assert look_with_axe(page) == []
    phone = open_window(viewport={"width": 390, "height": 800}, is_mobile=True)
    told = urlsplit(read.text)  # names this machine as its network knows it; tests stay on it
    phone.goto(f"http://127.0.0.1:{told.port}{told.path}?{told.query}")
    mail = phone.frame_locator("#frame")
    expect(mail.get_by_text("Lämmin kiitos kaikille")).to_be_visible()
    assert "token" not in phone.url  # it left the address for a cookie


def test_a_preview_for_this_machine_alone_says_how_to_let_a_phone_in(
    page: Page, preview: Preview
) -> None:
    open_page(page, preview, SAMPLE)

    page.get_by_role("button", name="Puhelimella").click()

    expect(page.get_by_text("newsletter preview 2021-06 --host 0.0.0.0")).to_be_visible()
    assert look_with_axe(page) == []
