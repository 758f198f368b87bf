"""Draws the pictures of docs/blocks.md and of looks anew: `python -m tests.browser.pictures`.

Each picture of a block shows what stands in the Markdown above it, made by the real command.
"""

import io
import re
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect

from newsletter.render.looks import LOOKS
from tests.browser.chromium import chromium, open_mail
from tests.browser.drawings import draw_pictures
from tests.browser.every_block import build, make_site
from tests.conftest import REPOSITORY, Site

PAGES = (REPOSITORY / "docs" / "blocks.md", REPOSITORY / "docs" / "templates.md")
LIMIT = 60_000  # bytes of a picture
OWN = ("tip",)  # blocks of a newsletter's own, as “templates new” begins them
_EXAMPLE = re.compile(
    r"```markdown\n(?P<body>.*?)```\n\n!\[[^\]]*\]\(images/blocks/(?P<name>\w+)\.png\)", re.DOTALL
)
_ONLY_THE_BLOCK = """() => {
    for (const element of document.querySelectorAll('.head, .foot')) element.remove();
    const headline = document.querySelector('h1');
    headline.closest('td').style.paddingTop = '24px';
    headline.remove();
    document.querySelector('.card > table > tbody > tr > td').style.borderTop = '0';
}"""


def examples() -> dict[str, str]:
    """Return the Markdown of each picture of a block, as a whole issue."""
    front = "---\nsubject: Lohkot\ndate: 2026-12-01\n---\n"
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    found = {m["name"]: m["body"] for m in _EXAMPLE.finditer(text)}
    return {name: body if body.startswith("---") else front + body for name, body in found.items()}


def main() -> None:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        _blocks(browser, make_site(Path(folder) / "blocks", "default"))
        for look in LOOKS:
            page = open_mail(browser, build(make_site(Path(folder) / look, look)), width=640)
            save_picture(page.screenshot(clip=_area(1200)), f"looks/{look}", width=400)


def _area(height: int) -> FloatRect:
    return {"x": 0, "y": 0, "width": 640, "height": height}


def _blocks(browser: Browser, site: Site) -> None:
    draw_pictures(site.root / "issues" / "2026-12")
    for name in OWN:
        site.run("templates", "new", name)
    for name, issue in examples().items():
        id = f"of-{name}"  # some blocks are called like pages of the service
        site.write(f"issues/{id}.md", issue)
        site.run("build", id, "--out", str(site.root / "out"))
        page = open_mail(browser, site.root / "out" / f"{id}.html", width=600)
        page.evaluate(_ONLY_THE_BLOCK)
        save_picture(page.locator(".card").first.screenshot(), f"blocks/{name}", width=480)
        page.context.close()


def save_picture(shot: bytes, name: str, *, width: int) -> None:
    """Write a picture with as many colours as its limit allows."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    size = (width, round(image.height * width / image.width))
    image = image.resize(size, Image.Resampling.LANCZOS)
    path = REPOSITORY / "docs" / "images" / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in (128, 64, 32, 16):
        small = image.quantize(colours, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
        if path.stat().st_size <= LIMIT:
            return


if __name__ == "__main__":
    main()
