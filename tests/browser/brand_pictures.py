"""Draws the pictures of brands for the docs anew: `python -m tests.browser.brand_pictures`.

They show houses of tests/faces on phone and desk, in light and dark, as the real command builds
them.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import Scheme, chromium, open_mail
from tests.conftest import REPOSITORY
from tests.faces.houses import build_all

IMAGES = REPOSITORY / "docs" / "images" / "brands"

_GAP, _GROUND = 28, "#d9d6d1"
_LIMIT = 150_000  # bytes of a picture
_TOGETHER = ("ministry", "youth", "magazine")
_TO_SHOW = (*_TOGETHER, "theatre", "lakes-north")


def main() -> None:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        pages = build_all(Path(folder))
        phones = [_shot(browser, pages[name], 360, "light", 900) for name in _TOGETHER]
        dark = [_shot(browser, pages[name], 360, "dark", 900) for name in _TOGETHER]
        _save([*phones], "three", width=900)
        _save([*dark], "three-dark", width=900)
        for name in _TO_SHOW:
            desk = _shot(browser, pages[name], 660, "light", 1060)
            phone = _shot(browser, pages[name], 360, "dark", 1060)
            _save([desk, phone], f"{name}", width=900)
        shared = [
            _shot(browser, pages[f"lakes-{side}"], 360, "light", 900) for side in ("north", "south")
        ]
        _save(shared, "shared-look", width=640)


def _shot(browser: Browser, page: Path, width: int, scheme: Scheme, height: int) -> Image.Image:
    mail = open_mail(browser, page, width=width, scheme=scheme)
    shot = mail.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True)
    mail.context.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def _save(screens: list[Image.Image], name: str, *, width: int) -> None:
    """Write screens side by side on a quiet ground, as a JPEG, since skies need all colours."""
    whole = sum(screen.width + _GAP for screen in screens) + _GAP
    sheet = Image.new("RGB", (whole, screens[0].height + 2 * _GAP), _GROUND)
    left = _GAP
    for screen in screens:
        sheet.paste(screen, (left, _GAP))
        left += screen.width + _GAP
    size = (width, round(sheet.height * width / sheet.width))
    path = IMAGES / f"{name}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    small = sheet.resize(size, Image.Resampling.LANCZOS)
    small.save(path, quality=80, subsampling=1, optimize=True)
    assert path.stat().st_size < _LIMIT, path


if __name__ == "__main__":
    main()
