"""Draws the pictures of the looks and of the preview anew: `python -m tests.browser.portraits`.

They are what the real commands show: looks at phone and desk, light and dark; the preview's pages.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from newsletter.render.looks import LOOKS
from tests.browser.afterwards import MAILED, issue_is_read, mailed_site
from tests.browser.chromium import Scheme, chromium, open_mail
from tests.browser.every_block import build, make_site
from tests.browser.pictures import save_picture
from tests.browser.previewed import DECEMBER, FAULTY, SAMPLE, SWEDISH, open_page
from tests.conftest import make_sample
from tests.previewing import Preview, previewing

_GAP = 24  # pixels between two screens
_SCREENS: tuple[tuple[int, Scheme], ...] = (
    (360, "light"),
    (360, "dark"),
    (700, "light"),
    (700, "dark"),
)


def main() -> None:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for look in LOOKS:
            page = build(make_site(Path(folder) / look, look))
            save_picture(_screens(browser, page), f"looks/{look}-screens", width=1000)
        site = make_sample(Path(folder) / "sample")
        site.write("issues/2026-12.md", FAULTY)
        site.write("issues/2026-12.sv.md", SWEDISH)
        site.run("subscribers", "import", str(site.root / "subscribers/example.csv"), "--yes")
        with previewing(site) as preview:
            _pages(browser, preview)
        with mailed_site(Path(folder) / "mailed") as mailed, previewing(mailed) as preview:
            issue_is_read(mailed)
            _figures(browser, preview)


def _screens(browser: Browser, page: Path) -> bytes:
    """Return a mail on a phone and a desk, each in light and in the dark, side by side."""
    height = 1100
    width = sum(screen for screen, _ in _SCREENS) + _GAP * (len(_SCREENS) - 1)
    sheet = Image.new("RGB", (width, height), "#8d8a86")
    left = 0
    for screen, scheme in _SCREENS:
        mail = open_mail(browser, page, width=screen, scheme=scheme)
        clip = {"x": 0, "y": 0, "width": screen, "height": height}
        shot = mail.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
        sheet.paste(Image.open(io.BytesIO(shot)), (left, 0))
        left += screen + _GAP
        mail.context.close()
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


def _pages(browser: Browser, preview: Preview) -> None:
    """Draw the preview's pages in the language of the sample."""
    page = _window(browser, "light")
    open_page(page, preview, DECEMBER)
    page.wait_for_selector("#findings li")
    page.keyboard.press("j")
    page.keyboard.press("j")
    _shoot(page, "page")
    open_page(page, preview, SAMPLE)
    page.keyboard.press("b")
    _shoot(page, "inbox")
    page.goto(preview.origin + SAMPLE + "/compare")
    page.wait_for_timeout(1500)
    _shoot(page, "compare")
    page.goto(preview.origin + SAMPLE + "/grid")
    page.wait_for_timeout(2500)
    _shoot(page, "grid")
    page.goto(preview.origin)
    page.wait_for_timeout(1500)
    _shoot(page, "list")
    page.context.close()
    dark = _window(browser, "dark")
    open_page(dark, preview, SAMPLE)
    dark.keyboard.press("d")
    dark.wait_for_timeout(800)
    _shoot(dark, "dark")
    dark.context.close()


def _figures(browser: Browser, preview: Preview) -> None:
    """Draw an issue that was sent, with its clicks."""
    page = _window(browser, "light")
    open_page(page, preview, f"/issues/{MAILED}?as=sent")
    page.wait_for_selector("#links li")
    _shoot(page, "figures")
    page.context.close()


def _window(browser: Browser, scheme: Scheme) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    return context.new_page()


def _shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    save_picture(page.screenshot(), f"preview/{name}", width=1280)


if __name__ == "__main__":
    main()
