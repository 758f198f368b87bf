"""Draws pages in Chromium, with their pictures beside them, and counts pixels that differ."""

import io
import re
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser

from tests.browser.chromium import Scheme, open_mail
from tests.fidelity.pages import Page

_ONLY_OUTLOOK = re.compile(r"<!--\[if [^\]]*\b(?:mso|IE)\b[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_NOT_OUTLOOK = re.compile(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", re.DOTALL)


def draw(
    browser: Browser, folder: Path, page: Page, html: str, *, width: int, scheme: Scheme = "light"
) -> Image.Image:
    """Return the whole page as a picture."""
    for source, picture in page.pictures.items():
        (folder / picture.filename).write_bytes(picture.data)
        for name in (source, f"cid:{picture.digest}"):
            html = html.replace(f'src="{name}"', f'src="{picture.filename}"')
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    opened = open_mail(browser, file, width=width, scheme=scheme)
    broken = opened.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)")
    assert broken == []
    drawn = opened.screenshot(full_page=True)
    opened.context.close()
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def differing(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ at all; what only one has differs."""
    size = (max(one.width, other.width), max(one.height, other.height))
    bands = ImageChops.difference(_on_ground(one, size, 0), _on_ground(other, size, 255)).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return 1 - most.histogram()[0] / (size[0] * size[1])


def as_outlook_reads(html: str) -> str:
    """Return a page in which what only Outlook reads is open, and what it passes over is gone."""
    return _ONLY_OUTLOOK.sub(r"\1", _NOT_OUTLOOK.sub("", html))


def _on_ground(picture: Image.Image, size: tuple[int, int], grey: int) -> Image.Image:
    ground = Image.new("RGB", size, (grey, grey, grey))
    ground.paste(picture)
    return ground
