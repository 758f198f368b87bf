"""Draws the pictures of docs/report.md anew: `python -m tests.browser.report_pictures`."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser

from newsletter.stats_report import render_html, render_pdf
from tests.browser.chromium import Scheme, chromium, open_mail
from tests.browser.pictures import save_picture
from tests.stats_report.pages import face, spoken

_GAP = 24  # pixels between two pictures
_GROUND = "#8d8a86"


def main() -> None:
    """Draw every picture."""
    report = spoken()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = Path(folder) / "report.html"
        page.write_text(render_html(report, face()), encoding="utf-8")
        top = _shot(browser, page, width=860, at="body", height=1080)
        save_picture(_side_by_side([top]), "report/desk", width=860)
        clicks = _shot(browser, page, width=860, at=".follows", height=900)
        save_picture(_side_by_side([clicks]), "report/clicks", width=860)
        light = _shot(browser, page, width=360, at="#curve", height=680)
        dark = _shot(browser, page, width=360, at="#ranges", height=680, scheme="dark")
        save_picture(_side_by_side([light, dark]), "report/phone", width=744)
    with pypdfium2.PdfDocument(render_pdf(report, face())) as document:
        sheets = [document[n].render(scale=1).to_pil() for n in (0, 3)]
    save_picture(_side_by_side(sheets), "report/paper", width=900)


def _shot(
    browser: Browser, page: Path, *, width: int, at: str, height: int, scheme: Scheme = "light"
) -> Image.Image:
    """Return a part of the page, from an element down."""
    window = open_mail(browser, page, width=width, scheme=scheme)
    box = window.locator(at).first.bounding_box()
    assert box is not None
    clip = {"x": 0, "y": box["y"], "width": width, "height": height}
    shot = window.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
    window.context.close()
    return Image.open(io.BytesIO(shot))


def _side_by_side(pictures: Sequence[Image.Image]) -> bytes:
    width = sum(picture.width for picture in pictures) + _GAP * (len(pictures) - 1)
    sheet = Image.new("RGB", (width, max(picture.height for picture in pictures)), _GROUND)
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + _GAP
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


if __name__ == "__main__":
    main()
