"""Draws logos and pictures of the houses anew: `python -m tests.faces.drawing`; needs Chromium.

A logo's SVG lies beside its PNG, as a designer keeps it.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import chromium
from tests.faces import scenes

HERE = Path(__file__).parent
_MINISTRY = "ministry/issues/2026-12"
_YOUTH = "youth/issues/2026-12"
_MAGAZINE = "magazine/issues/2026-12"
_PICTURES = {
    f"{_MINISTRY}/majakka": scenes.sea("#5f7f9f", "#f2cfa6", "#4a6a86", "#22384c", sun=330),
    f"{_MINISTRY}/lautta": scenes.sea(
        "#9db8cc", "#eaf0ee", "#7d9db3", "#3d566b", sun=990, ferry=True
    ),
    f"{_MINISTRY}/talvi": scenes.sea("#c3d0d9", "#f1f3f2", "#aebfca", "#5a6b78", sun=620),
    f"{_MINISTRY}/ilta": scenes.sea("#3d3f66", "#eba27c", "#4b4668", "#1f2036", sun=520),
    f"{_MINISTRY}/helena": scenes.portrait("#d9e0e6", "#e6bd9d", "#8d8a86", "#16324f", long=True),
    f"{_YOUTH}/megafoni": scenes.noise(
        "#d6006c", "#e4237f", "#ffffff", "#ffd60a", kind="megaphone"
    ),
    f"{_YOUTH}/rumpu": scenes.noise("#ffd60a", "#ffe14d", "#d6006c", "#2b0a3d", kind="drum"),
    f"{_YOUTH}/kuplat": scenes.noise("#2b0a3d", "#3a1352", "#ff5fa8", "#ffd60a", kind="bubbles"),
    f"{_YOUTH}/megafoni2": scenes.noise(
        "#00b3a4", "#1fc2b4", "#2b0a3d", "#ffd60a", kind="megaphone"
    ),
    f"{_YOUTH}/samu": scenes.portrait("#ffd60a", "#9a6a4b", "#231815", "#d6006c", long=False),
    f"{_MAGAZINE}/maljakko": scenes.light("#e9dcc8", "#c9b59a", "#fff6e2", "#6b2430", kind="vase"),
    f"{_MAGAZINE}/kirjat": scenes.light("#d6d3c8", "#b3ab98", "#f8f3e4", "#4b3a2f", kind="books"),
    f"{_MAGAZINE}/tuoli": scenes.light("#cdbfb4", "#a48e80", "#fbeee0", "#2f2522", kind="chair"),
    f"{_MAGAZINE}/ilona": scenes.portrait("#e4d6c6", "#efcbb0", "#4a2a22", "#6b2430", long=True),
    "theatre/brand/lava": scenes.stage("#9f1f2d", "#6d0f1d", "#4a3128"),
    "theatre/issues/2026-12/lava2": scenes.stage("#24506b", "#12344a", "#3d3430"),
    "theatre/issues/2026-12/otso": scenes.portrait(
        "#f3ddcf", "#e9c0a0", "#5b3a24", "#221a1a", long=False
    ),
    "lakes-north/issues/2026-12/tunturi": scenes.sea(
        "#6f9a9c", "#f0e3c8", "#3f7a7c", "#1f4a4b", sun=420, ferry=True
    ),
    "lakes-south/issues/2026-12/strand": scenes.sea(
        "#8fb3c9", "#f7e8d2", "#4d8791", "#27525a", sun=300
    ),
}


def main() -> None:
    """Draw every logo as a PNG without a ground, and every picture as a JPEG."""
    with chromium() as browser:
        for source in sorted(HERE.rglob("*.svg")):
            logo = _drawn(browser, source.read_text(encoding="utf-8"))
            logo.save(source.with_suffix(".png"), optimize=True)
        for name, scene in _PICTURES.items():
            path = HERE / f"{name}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            _drawn(browser, scene).convert("RGB").save(path, quality=80, optimize=True)


def _drawn(browser: Browser, svg: str) -> Image.Image:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}")
    shot = page.locator("svg").screenshot(omit_background=True)
    page.close()
    return Image.open(io.BytesIO(shot))


if __name__ == "__main__":
    main()
