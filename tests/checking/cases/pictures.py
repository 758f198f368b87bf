"""Cases of pictures: shape, sharpness, weight, motion, and where they come from."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from newsletter.model import Edition
from tests.checking.desk import (
    ERROR,
    NOTE,
    WARNING,
    Case,
    Prepare,
    Spoil,
    letter,
    with_footer_link,
)

WORDS = " ".join(["sana"] * 20)
SHOW = letter(f"{WORDS}\n\n![Kuva talvesta](p.png)")


def picture(width: int, height: int = 300) -> Prepare:
    """Lay down a drawing of so many pixels."""
    return lambda folder: Image.new("RGB", (width, height), "teal").save(folder / "p.png")


def noise(side: int) -> Prepare:
    """Lay down a photograph of the most various kind."""

    def lay(folder: Path) -> None:
        pixels = random.Random(1).randbytes(3 * side * side)
        Image.frombytes("RGB", (side, side), pixels).save(folder / "p.jpg", quality=95)

    return lay


def film(first: str, *, milliseconds: int, loop: int | None = None) -> Prepare:
    """Lay down a film of two pictures; without a loop it is shown once."""

    def lay(folder: Path) -> None:
        frames = [Image.new("RGB", (80, 80), colour) for colour in (first, "navy")]
        if first == "teal":
            frames[0].paste("white", (0, 0, 40, 40))
        frames[0].save(
            folder / "p.gif",
            save_all=True,
            append_images=frames[1:],
            duration=milliseconds,
            loop=loop,
        )

    return lay


def photo(*, with_place: bool) -> Prepare:
    """Lay down a photograph that says where it was taken, or not."""

    def lay(folder: Path) -> None:
        exif = Image.Exif()
        if with_place:
            exif.get_ifd(0x8825)[1] = "N"
        Image.new("RGB", (1200, 800), "teal").save(folder / "p.jpg", exif=exif)

    return lay


def shown(change: Callable[[str], str]) -> Spoil:
    """Change the tag of the picture."""

    def spoil(edition: Edition) -> Edition:
        html, count = re.subn(r"<img\b[^>]*>", lambda m: change(m[0]), edition.html, count=1)
        assert count == 1
        return replace(edition, html=html)

    return spoil


def as_picture(edition: Edition) -> Edition:
    """Show a picture in place of the words of the unsubscribe link."""
    return with_footer_link('<img src="https://example.org/x.png" alt="Peru" width="9">')(edition)


CASES = [
    # --- alternative texts
    # the name of a file, as a telephone gives it
    Case(
        id="image-alt", severity=WARNING, line=9,
        faulty=letter(f"{WORDS}\n\nHei\n![Kuva 12](p.png)"),
        fine=letter(f"{WORDS}\n\nHei\n![Kuvat 12 hengestä](p.png)"),
    ),
    # a picture that says it is one
    Case(
        id="image-alt", severity=WARNING, line=6,
        faulty=letter("![Kuva: talvi](p.png)"), fine=letter("![Kuvataide talvella](p.png)"),
    ),
    Case(
        id="image-alt", severity=WARNING, line=6,
        faulty=letter("![Bild på en båt](p.png)"), fine=letter("![Bildning: en båt](p.png)"),
    ),
    # a caption that says the same
    Case(
        id="image-alt", severity=WARNING, line=6,
        faulty=letter("::: figure p.png\nTalvi Oulussa\n\nTalvi Oulussa.\n:::"),
        fine=letter("::: figure p.png\nTalvi Oulussa\n\nKiitos, Oulu!\n:::"),
    ),
    # --- shape and sharpness
    # a template without widths
    Case(
        id="image-dimensions", severity=WARNING, line=8,
        faulty=SHOW, fine=SHOW, prepare=picture(1200),
        spoil=shown(lambda tag: re.sub(r' width="\d+"', "", tag)),
    ),
    # a template that presses pictures flat
    Case(
        id="image-dimensions", severity=WARNING, line=8,
        faulty=SHOW, fine=SHOW, prepare=picture(1200),
        spoil=shown(lambda tag: re.sub(r' height="\d+"', ' height="100"', tag)),
        fine_spoil=shown(lambda tag: re.sub(r' height="\d+"', ' height="135"', tag)),
    ),
    # fewer pixels than a dense screen has
    Case(
        id="image-retina", severity=NOTE, line=8,
        faulty=SHOW, fine=SHOW, prepare=picture(535), fine_prepare=picture(804),
    ),
    # fewer than any screen has
    Case(
        id="image-retina", severity=WARNING, line=8,
        faulty=SHOW, fine=SHOW, prepare=picture(300), fine_prepare=picture(60, 60),
        spoil=shown(lambda tag: re.sub(r' width="\d+"', ' width="310"', tag)),
    ),
    # --- weight
    Case(
        id="image-weight", severity=WARNING, line=6,
        faulty=letter("![Lunta](p.jpg)"), fine=letter("![Lunta](p.jpg)"),
        prepare=noise(700), fine_prepare=noise(250),
    ),
    Case(
        id="image-weight", severity=NOTE, line=6,
        faulty=letter("![Lunta](p.jpg)"), fine=letter("![Lunta](p.jpg)"),
        prepare=noise(450), fine_prepare=noise(250),
    ),
    # --- motion
    # begins with nothing
    Case(
        id="image-animated-first-frame", severity=WARNING, line=6,
        faulty=letter("![Tanssi](p.gif)"), fine=letter("![Tanssi](p.gif)"),
        prepare=film("white", milliseconds=100), fine_prepare=film("teal", milliseconds=100),
    ),
    # never ends
    Case(
        id="image-animated-first-frame", severity=NOTE, line=6,
        faulty=letter("![Tanssi](p.gif)"), fine=letter("![Tanssi](p.gif)"),
        prepare=film("teal", milliseconds=100, loop=0),
        fine_prepare=film("teal", milliseconds=2500),
    ),
    # takes long
    Case(
        id="image-animated-first-frame", severity=NOTE, line=6,
        faulty=letter("![Tanssi](p.gif)"), fine=letter("![Tanssi](p.gif)"),
        prepare=film("teal", milliseconds=2510), fine_prepare=film("teal", milliseconds=2500),
    ),
    # --- what a file tells
    Case(
        id="image-metadata", severity=NOTE, line=6,
        faulty=letter("![Lunta](p.jpg)"), fine=letter("![Lunta](p.jpg)"),
        prepare=photo(with_place=True), fine_prepare=photo(with_place=False),
    ),
    # --- pictures on the web
    # of a kind that is not shown
    Case(
        id="image-remote-format", severity=ERROR, line=6,
        faulty=letter("![Lunta](https://www.example.org/p.svg?v=1)"),
        fine=letter("![Lunta](https://www.example.org/svg.png)"),
    ),
    Case(
        id="image-remote-format", severity=WARNING, line=7,
        faulty=letter("Hei\n![Lunta](https://www.example.org/p.webp) hei"),
        fine=letter("Hei\n![Lunta](https://www.example.org/p.jpg) hei"),
    ),
    # an address with an end
    Case(
        id="image-expiring-url", severity=WARNING, line=6,
        faulty=letter("![Lunta](https://www.example.org/p.png?X-Amz-Expires=3600)"),
        fine=letter("![Lunta](https://www.example.org/p.png?expired=no)"),
    ),
    # somebody else's
    Case(
        id="image-hotlink", severity=NOTE, line=6,
        faulty=letter("![Lunta](https://www.example.com/p.png)"),
        fine=letter("![Lunta](https://kuvat.example.org/p.png)"),
    ),
    # nobody's
    Case(
        id="image-hotlink", severity=ERROR, line=6,
        faulty=letter("![Lunta](https:///p.png)"),
        fine=letter("![Lunta](https://kuvat.example.org/p.png)"),
    ),
    # --- without pictures
    # nothing else
    Case(
        id="image-blocked-view", severity=WARNING, line=8,
        faulty=letter(f"{WORDS[5:]}\n\n![Lunta](p.png)"),
        fine=letter(f"{WORDS}\n\n![Lunta](p.png)"),
    ),
    # no way to leave
    Case(
        id="image-blocked-view", severity=WARNING, line=None,
        faulty=SHOW, fine=SHOW, spoil=as_picture,
    ),
]  # fmt: skip
