"""Does what docs/brand.md says, file by file; `python -m tests.stories.house` draws its pictures.

A file's name stands above each piece: what is for newsletter.toml is added to it, all else is
written as it stands.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser

from tests.browser.chromium import Scheme, chromium, open_mail
from tests.browser.pictures import save_picture
from tests.conftest import REPOSITORY, Site

PAGE = REPOSITORY / "docs" / "brand.md"
_SECTION = re.compile(r"^## ", re.MULTILINE)
_PIECE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"^!\[[^\]]*\]\(images/(brand/\w+)\.png\)", re.MULTILINE)
_NAMES = {"logo": "Esimerkkisäätiö", "logo-sv": "Exempelstiftelsen"}
_WIDTH = 884  # pixels of a picture: a phone in light, and one in the dark
_FONT = "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A section of the page."""

    title: str
    files: tuple[tuple[str, str], ...]  # name and text
    pictures: tuple[str, ...]  # such as "brand/logo"


def steps() -> Iterator[Step]:
    """Yield what the page says to do."""
    for section in _SECTION.split(PAGE.read_text(encoding="utf-8"))[1:]:
        yield Step(
            title=section.partition("\n")[0],
            files=tuple(_PIECE.findall(section)),
            pictures=tuple(_PICTURE.findall(section)),
        )


def begin(root: Path) -> Site:
    """Make the newsletter that the page begins with, with an issue of the sample and the logos."""
    site = Site(root)
    Site(root.parent).run("--lang", "fi", "init", root.name)
    settings = root / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(f'title = "{root.name}"', 'title = "Kuukausikirje"'), "utf-8")
    sample = (REPOSITORY / "issues/2021-06.md").read_text(encoding="utf-8")
    site.write("issues/2021-06.md", sample)
    pictures = root / "issues/2021-06"
    pictures.mkdir()
    for picture in (REPOSITORY / "issues/2021-06").iterdir():
        (pictures / picture.name).write_bytes(picture.read_bytes())
    draw_logos(root / "brand")
    return site


def follow(site: Site, step: Step) -> None:
    """Write what a step says."""
    for name, text in step.files:
        path = site.root / name
        before = path.read_text(encoding="utf-8") if name == "newsletter.toml" else ""
        site.write(name, f"{before}\n{text}" if before else text)


def draw_logos(folder: Path) -> None:
    """Draw the logo in two languages, for light and for dark grounds."""
    folder.mkdir()
    for file, name in _NAMES.items():
        _logo(name, "#7a0f5c", "#2a2522").save(folder / f"{file}.png")
        _logo(name, "#f0a8d8", "#ffffff").save(folder / f"{file}-dark.png")


def _logo(name: str, mark: str, letters: str) -> Image.Image:
    picture = Image.new("RGBA", (760, 160), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((4, 8, 148, 152), fill=mark)
    draw.ellipse((60, 8, 204, 152), outline=letters, width=14)
    draw.text((236, 80), name, font=ImageFont.truetype(_FONT, 62), fill=letters, anchor="lm")
    return picture


def main() -> None:
    """Draw each picture of the page after the step that it is in."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        site = begin(Path(folder) / "kirje")
        for step in steps():
            follow(site, step)
            for picture in step.pictures:
                issue = "2026-12" if (site.root / "issues/2026-12.md").exists() else "2021-06"
                site.run("build", issue, "--out", str(site.root / "out"))
                page = site.root / "out" / f"{issue}.html"
                save_picture(_drawn(browser, page, picture), picture, width=_WIDTH)


def _drawn(browser: Browser, page: Path, picture: str) -> bytes:
    """Return the head or the foot of a mail on a phone, in light and in the dark."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    gap, height = 24, 600
    width = (_WIDTH - gap) // 2
    sheet = Image.new("RGB", (_WIDTH, height), "#8d8a86")
    for number, scheme in enumerate(schemes):
        mail = open_mail(browser, page, width=width, scheme=scheme)
        whole = mail.evaluate("document.documentElement.scrollHeight")
        top = max(0, whole - height) if picture.endswith("footer") else 0
        clip = {"x": 0, "y": top, "width": width, "height": height}
        shot = mail.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
        sheet.paste(Image.open(io.BytesIO(shot)), (number * (width + gap), 0))
        mail.context.close()
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


if __name__ == "__main__":
    main()
